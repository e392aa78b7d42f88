/** The documents by which reference data goes from its owner to others: a head line, lines of JSON, and a last line with their number. */
import { isDate, type ReferenceEntry, referenceEntryIn, type ReferenceList } from '@corridor/customs'

/** Names of the documents, which are the actions on the wire. */
export const referenceDocuments = ['ReferenceData', 'ReferenceDataAcknowledgement', 'ReferenceDataRequest'] as const
export type ReferenceDocument = (typeof referenceDocuments)[number]

/** Each is lines of JSON in UTF-8 (https://github.com/ndjson/ndjson-spec). */
export const referenceMediaType = 'application/x-ndjson'

/** What somebody has of a list: number of the version and digest of all its entries; 0 and '' of none. */
export interface Holding {
  readonly version: number
  readonly digest: string
}

/** An entry that a version has no more. */
export interface RemovedEntry {
  readonly code: string
  readonly validFrom: string
}

/** Head of a published version, in each of its parts. */
export interface VersionHead {
  readonly list: Pick<ReferenceList, 'id' | 'owner'>
  readonly version: number
  /** version that an incremental one begins from; none of a full one, which takes the place of all that was there */
  readonly previous?: number
  /** first day, `yyyy-mm-dd` */
  readonly effective: string
  /** digest of the whole list as it is after it, hexadecimal */
  readonly digest: string
  /** from 1 to `parts` */
  readonly part: number
  readonly parts: number
}

/** A part of a published version. */
export interface ReferenceData extends VersionHead {
  readonly entries: readonly ReferenceEntry[]
  readonly removed: readonly RemovedEntry[]
}

/** What became of a version, and what its receiver holds now. */
export interface ReferenceDataAcknowledgement {
  readonly list: string
  /** 0 when it answers a request, or something of which the version cannot be read */
  readonly version: number
  /** `held`: it was there already, or a later one was */
  readonly outcome: 'taken' | 'held' | 'refused'
  readonly reason?: string
  readonly holds: Holding
}

/** What a receiver asks of the owner of a list. */
export interface ReferenceDataRequest {
  readonly list: string
  readonly request: 'subscribe' | 'unsubscribe' | 'catch-up'
  readonly holds: Holding
}

/** The conversation of a list: messages of one conversation keep their order. */
export const referenceConversation = (list: string): string => `reference ${list}`

/** More parts than any list has: they are kept until they are all there. */
const mostParts = 1000

/** Bytes of the lines of one part; a message with its signature stays far below what a partner takes. */
const longestPart = 2_000_000

/** A version as the payloads of its parts, in order; one part when nothing is in it. */
export function writeReferenceData(
  head: Omit<VersionHead, 'part' | 'parts'>,
  entries: readonly ReferenceEntry[],
  removed: readonly RemovedEntry[],
  mostBytes = longestPart,
): Uint8Array[] {
  const lines = [
    ...removed.map((each) => JSON.stringify({ removed: each })),
    ...entries.map((each) => JSON.stringify(each)),
  ]
  const chunks: string[][] = [[]]
  let size = 0
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + 1
    if (size > 0 && size + bytes > mostBytes) {
      chunks.push([])
      size = 0
    }
    chunks.at(-1)?.push(line)
    size += bytes
  }
  return chunks.map((own, at) =>
    Buffer.from(
      [
        JSON.stringify({ ...head, part: at + 1, parts: chunks.length }),
        ...own,
        JSON.stringify({ entries: own.length }),
        '',
      ].join('\n'),
    ),
  )
}

/** An acknowledgement or a request as its payload. */
export function writeReferenceNote(note: ReferenceDataAcknowledgement | ReferenceDataRequest): Uint8Array {
  return Buffer.from(`${JSON.stringify(note)}\n`)
}

/** The head of a part, also of one that cannot be read any further; undefined when there is none. */
export function readVersionHead(payload: Uint8Array): VersionHead | undefined {
  return headIn(objectIn(textOf(payload)?.split('\n', 1)[0]))
}

/** Reads a part of a version; a sentence with the line when it is none, or was cut. Entry n stands in line `removed.length + n + 2`. */
export function readReferenceData(payload: Uint8Array): ReferenceData | string {
  const text = textOf(payload)
  if (text === undefined) return 'no UTF-8'
  const lines = text.replace(/\n$/, '').split('\n')
  const head = headIn(objectIn(lines[0]))
  if (head === undefined) return 'line 1: no head of a version of a list'
  const end = objectIn(lines.at(-1))?.['entries']
  if (lines.length < 2 || typeof end !== 'number') return 'no last line {"entries": n}: the message was cut'
  const own = lines.slice(1, -1)
  if (own.length !== end) return `${own.length} entries, and the last line says ${end}: the message was cut`
  const entries: ReferenceEntry[] = []
  const removed: RemovedEntry[] = []
  for (const [at, line] of own.entries()) {
    const read = lineIn(line, head.list.id)
    if (typeof read === 'string') return `line ${at + 2}: ${read}`
    if (!('removed' in read)) entries.push(read)
    else if (head.previous === undefined) return `line ${at + 2}: a whole list removes nothing`
    else if (entries.length > 0) return `line ${at + 2}: what is removed comes before all that is added`
    else removed.push(read.removed)
  }
  return { ...head, entries, removed }
}

function lineIn(line: string, list: string): ReferenceEntry | { removed: RemovedEntry } | string {
  const fields = objectIn(line)
  if (fields === undefined) return 'no JSON object'
  const gone = fields['removed']
  if (gone !== undefined) {
    const { code, validFrom } = isObject(gone) ? gone : {}
    if (!isText(code) || typeof validFrom !== 'string' || !(validFrom === '' || isDate(validFrom)))
      return 'removed is {code, validFrom}'
    return { removed: { code, validFrom } }
  }
  const entry = referenceEntryIn(fields, (word) => word, list)
  if (typeof entry !== 'string' && entry.list !== list)
    return `${entry.code} is of the list ${entry.list}, not of ${list}`
  return entry
}

function headIn(fields: Fields | undefined): VersionHead | undefined {
  if (fields === undefined) return undefined
  const { list, version, previous, effective, digest, part, parts } = fields
  if (!isObject(list) || !isName(list['id']) || (list['owner'] !== undefined && !isName(list['owner'])))
    return undefined
  if (!isCount(version) || (previous !== undefined && !isCount(previous)) || !isCount(part) || !isCount(parts))
    return undefined
  if (parts > mostParts || part > parts || (previous !== undefined && previous >= version)) return undefined
  if (typeof effective !== 'string' || !isDate(effective) || !isDigest(digest)) return undefined
  return {
    list: { id: list['id'], ...(list['owner'] !== undefined && { owner: list['owner'] }) },
    version,
    ...(previous !== undefined && { previous }),
    effective,
    digest,
    part,
    parts,
  }
}

/** Reads an acknowledgement; undefined when it is none. */
export function readAcknowledgement(payload: Uint8Array): ReferenceDataAcknowledgement | undefined {
  const fields = objectIn(textOf(payload))
  const holds = holdingIn(fields?.['holds'])
  if (fields === undefined || holds === undefined) return undefined
  const { list, version, outcome, reason } = fields
  if (!isName(list) || !(version === 0 || isCount(version)) || (reason !== undefined && typeof reason !== 'string'))
    return undefined
  if (outcome !== 'taken' && outcome !== 'held' && outcome !== 'refused') return undefined
  return { list, version, outcome, ...(reason !== undefined && { reason }), holds }
}

/** Reads a request; undefined when it is none. */
export function readRequest(payload: Uint8Array): ReferenceDataRequest | undefined {
  const fields = objectIn(textOf(payload))
  const holds = holdingIn(fields?.['holds'])
  if (fields === undefined || holds === undefined) return undefined
  const { list, request } = fields
  if (!isName(list) || (request !== 'subscribe' && request !== 'unsubscribe' && request !== 'catch-up'))
    return undefined
  return { list, request, holds }
}

function holdingIn(value: unknown): Holding | undefined {
  if (!isObject(value)) return undefined
  const { version, digest } = value
  return isDigest(digest) && (version === 0 || isCount(version)) ? { version, digest } : undefined
}

type Fields = Record<string, unknown>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Of a list or a party: what names a conversation must be short. */
const isName = (value: unknown): value is string => isText(value) && /^[!-~]{1,100}$/.test(value)

/** '' of a list without an entry. */
const isDigest = (value: unknown): value is string => typeof value === 'string' && /^[!-~]{0,100}$/.test(value)

/** A number that PostgreSQL has as int. */
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31

function textOf(payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload)
  } catch {
    return undefined
  }
}

function objectIn(text: string | undefined): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isObject(value) && (text?.includes('\\u') !== true || isStorable(value)) ? value : undefined
  } catch {
    return undefined
  }
}

/** False of a text with U+0000 or half a character: JSON knows both, and no database takes them. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, own]) => isStorable(name) && isStorable(own))
}
