import { createHash } from 'node:crypto'

/** Documents that partners exchange to reconcile; the exchange takes them itself, no handler sees them. */
export const reconciliationTypes = {
  /** What the asking side has of a day: how many messages each way, and digests over them. */
  statement: 'ReconciliationStatement',
  /** What the other side has, and its messages where the digests differ. */
  lists: 'ReconciliationLists',
  /** Messages of those that the other side did not list: does it have them? */
  question: 'ReconciliationQuestion',
  answer: 'ReconciliationAnswer',
  /** What is to be sent again, and what is to be given back. */
  request: 'ReconciliationRequest',
  /** What of that is not done, and why. */
  done: 'ReconciliationDone',
  /** A message that the other side has of the asking one. */
  returned: 'ReconciliationReturned',
  refused: 'ReconciliationRefused',
} as const

export type ReconciliationType = (typeof reconciliationTypes)[keyof typeof reconciliationTypes]

/** Documents by their media types. */
export const reconciliationMediaTypes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(reconciliationTypes).map((type) => [
    type,
    type === reconciliationTypes.returned ? 'application/octet-stream' : 'application/json',
  ]),
)

/** Messages are put into so many parts by their ids: only parts that differ are listed. */
export const bucketCount = 1_024
/** Messages on one page of lists, of a question or of a request. */
export const mostItems = 2_000
/** Pages that one answer may have: a larger difference is mended in several comparisons. */
export const mostPages = 50
/** A page of ids of the usual length has a tenth of it. */
const mostBytes = 2_000_000
const version = 1

/** Number and digest of the messages of a day one way. */
export interface Total {
  count: number
  /** SHA-256 over the digests of the parts, in hexadecimal. */
  digest: string
}

/** What one side has of a day: what it sent to the other and what it had from it. */
export interface Sides<Said> {
  sent: Said
  received: Said
}

/** A message: its id, the SHA-256 of its document in base64url, and whether its sender has the receipt, or whether it is there. */
export type Item = [id: string, digest: string, receipted: boolean]

/** What the author of an answer has of a message that it did not list. */
export type Known = 'absent' | 'same' | 'other'

export interface Statement {
  run: string
  day: string
  /** Digests of the parts in base64url, '' of an empty one. */
  totals: Sides<Total>
  buckets: Sides<string[]>
}

/** One page. The parts of which the lists are complete stand on the first one. */
export interface Lists {
  run: string
  page: number
  pages: number
  items: Sides<Item[]>
  head?: {
    totals: Sides<Total>
    opened: Sides<number[]>
    /** How many parts differ in all. */
    differing: number
  }
}

export interface Question {
  run: string
  items: Sides<Item[]>
}

export interface Answer {
  run: string
  known: Sides<[id: string, known: Known][]>
}

export interface Request {
  run: string
  /** Messages of the addressee that are to be sent again. */
  again: string[]
  /** Messages of the author that are to be given back. */
  back: string[]
}

/** What was asked for and is not done. */
export interface Done {
  run: string
  refused: [id: string, why: string][]
}

export interface Refused {
  run: string
  reason: string
}

/** As it goes to a partner. */
export function writeDocument(document: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version, ...document }))
}

/** The part into which a message belongs. */
export function bucketOf(messageId: string): number {
  const hash = createHash('sha256').update(messageId).digest()
  return ((hash[0] ?? 0) << 2) | ((hash[1] ?? 0) >> 6)
}

/** Why a document of a partner is not taken; it is told. */
export class UnreadableReconciliation extends Error {}

const refuse = (reason: string): never => {
  throw new UnreadableReconciliation(reason)
}
const demand: (holds: boolean, reason: string) => asserts holds = (holds, reason) => {
  if (!holds) refuse(reason)
}

const isRun = (value: unknown): value is string => typeof value === 'string' && /^[!-~]{1,255}$/.test(value)
const isDigest = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{43}$/.test(value)
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 500
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export function readStatement(bytes: Uint8Array): Statement {
  const { run, day, totals, buckets } = membersOf(bytes)
  demand(typeof day === 'string' && isDay(day), 'it names no day')
  return {
    run,
    day,
    totals: sides(totals, readTotal),
    buckets: sides(buckets, (value) => {
      demand(Array.isArray(value) && value.length === bucketCount, `there are not ${bucketCount} digests`)
      demand(
        value.every((each) => each === '' || isDigest(each)),
        'what should be a digest is none',
      )
      return value
    }),
  }
}

export function readLists(bytes: Uint8Array): Lists {
  const { run, page, pages, items, head } = membersOf(bytes)
  demand(isCount(pages) && pages >= 1 && pages <= mostPages, `an answer has up to ${mostPages} pages`)
  demand(isCount(page) && page >= 1 && page <= pages, 'the page has no place among its pages')
  demand((page === 1) === (head !== undefined), 'what was counted stands on the first page, and only there')
  const lists = { run, page, pages, items: readItems(items) }
  if (head === undefined) return lists
  const { totals, opened, differing } = objectOf(head)
  demand(isCount(differing) && differing <= 2 * bucketCount, 'it does not say how many parts differ')
  const readOpened = (value: unknown): number[] => {
    demand(Array.isArray(value) && value.length <= bucketCount, 'more parts are listed than there are')
    demand(
      value.every((each) => isCount(each) && each < bucketCount),
      'a part is listed that there is not',
    )
    return value
  }
  return { ...lists, head: { totals: sides(totals, readTotal), opened: sides(opened, readOpened), differing } }
}

export function readQuestion(bytes: Uint8Array): Question {
  const { run, items } = membersOf(bytes)
  return { run, items: readItems(items) }
}

export function readAnswer(bytes: Uint8Array): Answer {
  const { run, known } = membersOf(bytes)
  const read = sides(known, (value) =>
    pairs(value, (second): second is Known => second === 'absent' || second === 'same' || second === 'other'),
  )
  demand(read.sent.length + read.received.length <= mostItems, `there are more than ${mostItems} messages on a page`)
  return { run, known: read }
}

export function readRequest(bytes: Uint8Array): Request {
  const { run, again, back } = membersOf(bytes)
  const read = [again, back].map((value) => {
    demand(Array.isArray(value) && value.every(isRun), 'what should be ids of messages are none')
    return value
  }) as [string[], string[]]
  demand(read[0].length + read[1].length <= mostItems, `more than ${mostItems} messages are asked for at once`)
  return { run, again: read[0], back: read[1] }
}

export function readDone(bytes: Uint8Array): Done {
  const { run, refused } = membersOf(bytes)
  return { run, refused: pairs(refused, isText) }
}

export function readRefused(bytes: Uint8Array): Refused {
  const { run, reason } = membersOf(bytes)
  demand(isText(reason), 'there is no reason')
  return { run, reason }
}

/** The run that a document speaks of, where that much can be read: so that its author is told which one is not taken. */
export function peekRun(bytes: Uint8Array): string | undefined {
  try {
    const { run } = parsed(bytes)
    return isRun(run) ? run : undefined
  } catch {
    return undefined
  }
}

/** A day of the calendar, `yyyy-mm-dd`. */
export function isDay(text: string): boolean {
  return (
    /^20\d\d-\d\d-\d\d$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text).toISOString().slice(0, 10) === text
  )
}

function readItems(value: unknown): Sides<Item[]> {
  const items = sides(value, (side) => {
    demand(
      Array.isArray(side) && side.every((each) => Array.isArray(each) && each.length === 3),
      'what should be messages are none',
    )
    for (const [id, digest, receipted] of side as unknown[][])
      demand(isRun(id) && isDigest(digest) && typeof receipted === 'boolean', 'what should be a message is none')
    demand(new Set(side.map(([id]) => id as string)).size === side.length, 'a message is named twice')
    return side as Item[]
  })
  demand(items.sent.length + items.received.length <= mostItems, `there are more than ${mostItems} messages on a page`)
  return items
}

function pairs<Second>(value: unknown, isSecond: (second: unknown) => second is Second): [string, Second][] {
  demand(Array.isArray(value) && value.length <= mostItems, `it has no list of up to ${mostItems} messages`)
  for (const each of value)
    demand(
      Array.isArray(each) && each.length === 2 && isRun(each[0]) && isSecond(each[1]),
      'what is said of a message cannot be read',
    )
  return value as [string, Second][]
}

function readTotal(value: unknown): Total {
  const { count, digest } = objectOf(value)
  demand(
    isCount(count) && typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest),
    'it does not say how many messages there are',
  )
  return { count, digest }
}

function sides<Said>(value: unknown, read: (side: unknown) => Said): Sides<Said> {
  const { sent, received } = objectOf(value)
  return { sent: read(sent), received: read(received) }
}

function objectOf(value: unknown): Record<string, unknown> {
  demand(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    'something is missing, or is not what it should be',
  )
  return value as Record<string, unknown>
}

function membersOf(bytes: Uint8Array): Record<string, unknown> & { run: string } {
  const members = parsed(bytes)
  const { run } = members
  demand(members['version'] === version, `it is not of version ${version}`)
  demand(isRun(run), 'it does not say which reconciliation it belongs to')
  return { ...members, run }
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
  demand(bytes.length <= mostBytes, `it has ${bytes.length} bytes; ${mostBytes} at most`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    refuse('it is no JSON')
  }
  return objectOf(value)
}
