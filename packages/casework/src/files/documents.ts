/**
 * The documents by which files of supporting documents are asked for and given between administrations (docs/supporting-documents.md).
 * NCTS P5 has none for it: they are an extension in a namespace of its own. Each is one line of JSON in UTF-8; that of a file is followed
 * by its bytes as they are. Whatever comes is hostile until it is read here.
 */
import { isMrn, isOfficeReference, isStorable } from '@corridor/customs'
import type { files } from '@corridor/registry'

/** The namespace of the extension, with its version. */
export const fileExtension = 'urn:corridor:supporting-documents:1'

/** Names of the documents, which are the actions on the wire. */
export const fileDocuments = [
  'SupportingDocumentsRequest',
  'SupportingDocumentsAnswer',
  'SupportingDocument',
  'SupportingDocumentReceipt',
] as const
export type FileDocument = (typeof fileDocuments)[number]

/** Media type of each on the wire. */
export const fileMediaTypes: Readonly<Record<FileDocument, string>> = {
  SupportingDocumentsRequest: 'application/json',
  SupportingDocumentsAnswer: 'application/json',
  SupportingDocument: 'application/vnd.corridor.supporting-document',
  SupportingDocumentReceipt: 'application/json',
}

/** Why files are not given, or one of them is not taken. */
export type FileCode =
  | 'no-movement'
  | 'not-released'
  | 'not-your-office'
  | 'not-on-the-way'
  | 'too-many'
  | 'no-file'
  | 'not-allowed'
  | 'gone'
  | 'too-large'
  | 'unreadable'
  | 'not-asked'
  | 'digest'
  | 'content'
  | 'clash'
  | 'full'

/** What every document has: because of which request, for which movement. */
interface About {
  /** UUID that the asking side chose. */
  readonly request: string
  readonly mrn: string
}

/** An office on the way asks for files. */
export interface FilesRequest extends About {
  /** Office that asks, by reference. */
  readonly office: string
  /** Name of the officer who asks: the other side's journal has it. */
  readonly officer: string
  /** ISO 8601. */
  readonly askedAt: string
  readonly reason: string
  /** Null: of all documents. */
  readonly document: { readonly type: string; readonly reference: string } | null
  /** Files that are there already and need not come again. */
  readonly have: readonly string[]
}

/** What the office of departure answers. */
export interface FilesAnswer extends About {
  readonly outcome: 'given' | 'refused'
  /** Of a refusal. */
  readonly code: string
  readonly note: string
  readonly files: readonly files.AnsweredFile[]
}

/** What is said of a file that comes. */
export interface FileHead extends About {
  readonly file: string
  readonly document: { readonly type: string; readonly reference: string; readonly item: number | null }
  readonly version: number
  readonly replaces: string | null
  readonly name: string
  readonly mediaType: string
  readonly size: number
  /** SHA-256, hexadecimal. */
  readonly digest: string
  /** Who attached it, by name. */
  readonly addedBy: string
  readonly addedAt: string
}

/** What became of a file at who asked for it. */
export interface FileReceipt extends About {
  readonly file: string
  readonly outcome: 'taken' | 'held' | 'refused'
  readonly code: string
}

type Body = FilesRequest | FilesAnswer | FileReceipt

/** A document without a file. */
export const writeNote = (body: Body): Uint8Array =>
  Buffer.from(`${JSON.stringify({ extension: fileExtension, ...body })}\n`)

/** A document with its file. */
export const writeFile = (head: FileHead, content: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${JSON.stringify({ extension: fileExtension, ...head })}\n`), content])

/** Longest line; an answer names many files. */
const longestLine = 200_000
const mostFiles = 500

/** A request as it came; undefined for what is none. */
export function readRequest(payload: Uint8Array): FilesRequest | undefined {
  const members = lineOf(payload, true)?.members
  if (members === undefined || !isAbout(members)) return undefined
  const { office, officer, askedAt, reason, document, have } = members
  if (!isText(office, 8) || !isOfficeReference(office) || !isText(officer, 200) || !isMoment(askedAt)) return undefined
  if (!isText(reason, 500) || !Array.isArray(have) || have.length > mostFiles || !have.every(isUuid)) return undefined
  const { request, mrn } = members
  const common = { request, mrn, office, officer, askedAt, reason, have }
  if (document === null) return { ...common, document }
  const { type, reference } = membersOf(document)
  return isText(type, 10) && isText(reference, 70) ? { ...common, document: { type, reference } } : undefined
}

/** An answer as it came; undefined for what is none. */
export function readAnswer(payload: Uint8Array): FilesAnswer | undefined {
  const members = lineOf(payload, true)?.members
  if (members === undefined || !isAbout(members)) return undefined
  const { request, mrn, outcome, code, note, files: listed } = members
  if ((outcome !== 'given' && outcome !== 'refused') || !isCode(code) || !isText(note, 500, 0)) return undefined
  if (!Array.isArray(listed) || listed.length > mostFiles) return undefined
  const read = listed.map(answeredFile)
  return read.includes(undefined)
    ? undefined
    : { request, mrn, outcome, code, note, files: read as files.AnsweredFile[] }
}

function answeredFile(given: unknown): files.AnsweredFile | undefined {
  const { file, name, size, digest, outcome } = membersOf(given)
  if (!isUuid(file) || !isText(name, 200) || !isCount(size) || !isDigest(digest)) return undefined
  if (outcome !== 'sent' && outcome !== 'held' && outcome !== 'too-large' && outcome !== 'gone') return undefined
  return { file, name, size, digest, outcome }
}

/** A file as it came, with what is said of it; undefined for what is none. Nothing is said yet of whether that is true. */
export function readFile(payload: Uint8Array): { head: FileHead; content: Uint8Array } | undefined {
  const line = lineOf(payload, false)
  if (line === undefined || !isAbout(line.members)) return undefined
  const { request, mrn, file, document, version, replaces, name, mediaType, size, digest, addedBy, addedAt } =
    line.members
  const { type, reference, item } = membersOf(document)
  const isDocument = isText(type, 10) && isText(reference, 70) && (item === null || isCount(item))
  if (!isDocument || !isUuid(file) || !isCount(version) || version < 1 || version > 10_000) return undefined
  if ((replaces !== null && !isUuid(replaces)) || !isText(name, 200) || !isText(mediaType, 100)) return undefined
  if (!isCount(size) || !isDigest(digest) || !isText(addedBy, 200) || !isMoment(addedAt)) return undefined
  const head: FileHead = {
    request,
    mrn,
    file,
    document: { type, reference, item },
    version,
    replaces,
    name,
    mediaType,
    size,
    digest,
    addedBy,
    addedAt,
  }
  return { head, content: line.rest }
}

/** A receipt as it came; undefined for what is none. */
export function readReceipt(payload: Uint8Array): FileReceipt | undefined {
  const members = lineOf(payload, true)?.members
  if (members === undefined || !isAbout(members)) return undefined
  const { request, mrn, file, outcome, code } = members
  if (outcome !== 'taken' && outcome !== 'held' && outcome !== 'refused') return undefined
  return isUuid(file) && isCode(code) ? { request, mrn, file, outcome, code } : undefined
}

type Members = Record<string, unknown>

function lineOf(payload: Uint8Array, alone: boolean): { members: Members; rest: Uint8Array } | undefined {
  const end = payload.indexOf(0x0a)
  if (end < 0 || end > longestLine || (alone && end !== payload.length - 1)) return undefined
  let members: unknown
  try {
    members = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload.subarray(0, end)))
    if (!isStorable(members)) return undefined
  } catch {
    // No JSON, or so deep that it cannot be walked through.
    return undefined
  }
  if (membersOf(members)['extension'] !== fileExtension) return undefined
  return { members: membersOf(members), rest: payload.subarray(end + 1) }
}

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}

const isAbout = (members: Members): members is Members & About =>
  isUuid(members['request']) && typeof members['mrn'] === 'string' && isMrn(members['mrn'])

const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
const isDigest = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isCode = (value: unknown): value is string => typeof value === 'string' && /^[a-z-]{0,40}$/.test(value)
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31
const isMoment = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))
/** Plain text without control and direction characters. */
const isText = (value: unknown, most: number, least = 1): value is string =>
  typeof value === 'string' &&
  value.length >= least &&
  value.length <= most &&
  !/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Bidi_Control}/u.test(value)
