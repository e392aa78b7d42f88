import { createHash } from 'node:crypto'
import type { UtilityBlocks } from '@corridor/declarations'
import { leavesOf, missingFor } from './elements.ts'
import { refused, type Refused } from './refusals.ts'

/** What an owner and a reader of data agree on. Its canonical bytes are what the reader accepts. */
export interface ShareContract {
  /** Given by the owner; with the owner it names the contract through all its versions. */
  id: string
  /** From 1; a higher one takes the place of the one before when it is accepted. */
  version: number
  /** Party id: whose data they are. */
  owner: string
  /** Party id. */
  reader: string
  purpose: string
  legalBasis: string
  /** Edition of the utility block. */
  edition: string
  /** Elements with a value, by their paths, in order: what is not named does not leave the owner. */
  elements: string[]
  /** The period, ISO 8601 in UTC; nothing goes before or after it, and what was shared goes with its end. */
  from: string
  to: string
  /** How long the reader keeps one object. */
  retentionDays: number
}

const dayMs = 86_400_000
const longestDays = 3_660
const isId = /^[!-~]{1,100}$/
const isParty = /^[A-Za-z0-9._-]{1,35}$/
const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/

/** A text that a person wrote: not empty, no controls, no marks that turn the direction. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.trim() !== '' &&
  value.length <= 500 &&
  !/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Bidi_Control}/u.test(value)

/** What is wrong with a contract, whoever made it; undefined when nothing is. The same for both sides, so that one does not accept what the other would not make. */
export function wrongIn(contract: ShareContract, blocks: UtilityBlocks, now: Date): Refused | undefined {
  const { purpose, legalBasis, edition, elements, from, to, retentionDays } = contract
  if (!isText(purpose)) return refused('text-missing', ['purpose'])
  if (!isText(legalBasis)) return refused('text-missing', ['legalBasis'])
  if (!blocks.editions.some((known) => known.edition === edition)) return refused('elements-unknown', [edition])
  const [begin, end] = [from, to].map((each) => (isInstant.test(each) ? Date.parse(each) : NaN)) as [number, number]
  if (!(begin < end) || end <= now.getTime() || end - begin > longestDays * dayMs) return refused('period-wrong')
  if (!Number.isInteger(retentionDays) || retentionDays < 1 || retentionDays > longestDays)
    return refused('retention-wrong')
  const known = new Set(leavesOf(blocks, edition))
  const unknown = elements.filter((element) => !known.has(element))
  if (unknown.length > 0) return refused('elements-unknown', unknown)
  const missing = missingFor(blocks, edition, elements)
  return missing.length > 0 ? refused('elements-missing', missing) : undefined
}

/** The bytes that are agreed on: members in one order, elements sorted, each once. */
export function contractBytes(contract: ShareContract): Uint8Array {
  const { id, version, owner, reader, purpose, legalBasis, edition, elements, from, to, retentionDays } = contract
  const sorted = [...new Set(elements)].toSorted()
  return Buffer.from(
    JSON.stringify({
      edition,
      elements: sorted,
      from,
      id,
      legalBasis,
      owner,
      purpose,
      reader,
      retentionDays,
      to,
      version,
    }),
  )
}

/** SHA-256 of them in hexadecimal. */
export const contractDigest = (contract: ShareContract): string =>
  createHash('sha256').update(contractBytes(contract)).digest('hex')

/** Reads a contract that came; undefined when it is none. What it says is judged by `wrongIn`. */
export function readContract(given: unknown): ShareContract | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  const { id, version, owner, reader, purpose, legalBasis, edition, elements, from, to, retentionDays } =
    given as Partial<Record<keyof ShareContract, unknown>>
  const texts = [id, owner, reader, purpose, legalBasis, edition, from, to]
  if (!texts.every((each): each is string => typeof each === 'string' && each.length <= 500)) return undefined
  const [theId = '', theOwner = '', theReader = ''] = texts
  if (!isId.test(theId) || !isParty.test(theOwner) || !isParty.test(theReader)) return undefined
  if (!Number.isInteger(version) || (version as number) < 1 || (version as number) > 100_000) return undefined
  if (!Array.isArray(elements) || elements.length > 2_000) return undefined
  if (!elements.every((each): each is string => typeof each === 'string' && each.length <= 500)) return undefined
  return {
    id: theId,
    version: version as number,
    owner: theOwner,
    reader: theReader,
    purpose: purpose as string,
    legalBasis: legalBasis as string,
    edition: edition as string,
    elements,
    from: from as string,
    to: to as string,
    retentionDays: retentionDays as number,
  }
}

/** Until when the reader may keep what was shared at this time. */
export function untilOf({ to, retentionDays }: Pick<ShareContract, 'to' | 'retentionDays'>, sharedAt: Date): Date {
  return new Date(Math.min(Date.parse(to), sharedAt.getTime() + retentionDays * dayMs))
}
