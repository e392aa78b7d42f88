/**
 * New reference numbers that no one has yet. Where the bodies come from (a counter, chance) and which are taken (a register) is handed
 * in: there is neither chance nor storage here.
 */
import { CustomsFault } from '../faults.ts'
import { makeGrn } from './grn.ts'
import { isLrn } from './references.ts'
import { makeMrn } from './mrn.ts'

/** A number that was free, or that all the bodies tried were taken. `tried` counts the bodies looked at. */
export type Allocation =
  | { readonly ok: true; readonly number: string; readonly tried: number }
  | { readonly ok: false; readonly why: 'exhausted'; readonly tried: number }

const digitsAndCapitals = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * Bodies `prefix` + counter, filled with zeros to `length`, from `first` on until the digits are used up. Two callers with one counter
 * each get different bodies. Throws `bad-value` when the prefix leaves no room, or the counter is not a whole number.
 */
export function* countedBodies(prefix: string, first: number, length = 12): Generator<string> {
  const room = length - prefix.length
  if (room < 1 || !Number.isSafeInteger(first) || first < 0)
    throw new CustomsFault('bad-value', `no bodies of ${length} characters with ${prefix} and ${first}`)
  // counting beyond 2^53 would repeat numbers
  const end = Math.min(10 ** room, Number.MAX_SAFE_INTEGER)
  for (let count = first; count < end; count++) yield prefix + String(count).padStart(room, '0')
}

/**
 * Endless bodies `prefix` + digits and capital letters by chance. `random` gives numbers from 0 to below 1, as the caller's source of
 * chance does. Throws `bad-value` when the prefix leaves no room.
 */
export function* drawnBodies(prefix: string, random: () => number, length = 12): Generator<string> {
  const room = length - prefix.length
  if (room < 1) throw new CustomsFault('bad-value', `no room after ${prefix} in ${length} characters`)
  for (;;) {
    let body = prefix
    for (let at = 0; at < room; at++) body += digitsAndCapitals[Math.floor(random() * digitsAndCapitals.length)]
    yield body
  }
}

/** From where bodies come, and which numbers there are already. */
export interface Supply {
  readonly bodies: Iterable<string>
  /** True when a number with this beginning was allocated before; see each function for what the beginning is. */
  readonly taken: (beginning: string) => boolean
  /** how many bodies are tried at most, 1000 unless told */
  readonly most?: number
}

/**
 * Allocates an MRN. `taken` is asked with year, country and body (16 characters), without the procedure letter and the check digit: a
 * body is used once for a country and a year, whatever the procedure. Throws `bad-value` as `makeMrn` does.
 */
export function allocateMrn(year: string, country: string, procedure: string, supply: Supply): Allocation {
  return allocate(supply, (body) => ({
    beginning: year + country + body,
    number: makeMrn(year, country, body, procedure),
  }))
}

/** Allocates a GRN. `taken` is asked with year, country and body (16 characters). Throws `bad-value` as `makeGrn` does. */
export function allocateGrn(year: string, country: string, supply: Supply, voucher = ''): Allocation {
  return allocate(supply, (body) => ({
    beginning: year + country + body,
    number: makeGrn(year, country, body, voucher),
  }))
}

/** Allocates an LRN: the body itself, which must be free among the declarant's own. Throws `bad-value` when a body is no LRN. */
export function allocateLrn(supply: Supply): Allocation {
  return allocate(supply, (body) => {
    if (!isLrn(body)) throw new CustomsFault('bad-value', `${body} is no LRN`)
    return { beginning: body, number: body }
  })
}

function allocate(
  { bodies, taken, most = 1000 }: Supply,
  make: (body: string) => { beginning: string; number: string },
): Allocation {
  let tried = 0
  for (const body of bodies) {
    if (tried >= most) break
    tried += 1
    const { beginning, number } = make(body)
    if (!taken(beginning)) return { ok: true, number, tried }
  }
  return { ok: false, why: 'exhausted', tried }
}
