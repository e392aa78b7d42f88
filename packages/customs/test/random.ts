/** Chance that can be repeated, for property tests: a fixed seed and a fresh one, each named in the test's output. */
import type { TestContext } from 'node:test'

/** Draws from one seed. */
export interface Chance {
  /** a number from 0 to below 1 */
  next(): number
  /** a whole number from `low` to `high`, both included */
  whole(low: number, high: number): number
  /** one of these */
  pick<T>(from: ArrayLike<T>): T
  /** `length` characters (code points) of the alphabet */
  text(alphabet: string, length: number): string
}

export const digits = '0123456789'
export const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
export const printable = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).join('')

/** A sequence that the seed determines (Steele and Vigna's splitmix, 32 bits). */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296
  }
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    whole,
    pick: <T>(from: ArrayLike<T>): T => from[whole(0, from.length - 1)] as T,
    text: (alphabet, length) => {
      const characters = [...alphabet]
      return Array.from({ length }, () => characters[whole(0, characters.length - 1)]).join('')
    },
  }
}

/** Runs a property `times` times with a fixed seed and with a fresh one; what fails is told with its seed. */
export function forAll(t: TestContext, times: number, property: (drawn: Chance) => void): void {
  for (const seed of [20_261_124, Date.now() % 4_294_967_296]) {
    t.diagnostic(`seed ${seed}`)
    const drawn = chance(seed)
    for (let time = 1; time <= times; time++) {
      try {
        property(drawn)
      } catch (error) {
        throw new Error(`seed ${seed}, time ${time}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        })
      }
    }
  }
}
