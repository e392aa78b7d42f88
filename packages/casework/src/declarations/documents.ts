/**
 * The documents by which declaration data go between administrations (docs/declarations.md). Each is one line of JSON in UTF-8; a block
 * follows it as canonical JSON. Whatever comes is hostile until it is read here.
 */
import { isDate, isStorable } from '@corridor/customs'
import { isUcr } from '@corridor/declarations'
import type { declared } from '@corridor/registry'

/** The namespace of the documents, with its version. */
export const declarationExtension = 'urn:corridor:declarations:1'

/** Names of the documents, which are the actions on the wire. */
export const declarationDocuments = ['UtilityBlock', 'UtilityBlockAnswer', 'DeclarationStatus'] as const
export type DeclarationDocument = (typeof declarationDocuments)[number]

/** Media type of each on the wire. */
export const declarationMediaTypes: Readonly<Record<DeclarationDocument, string>> = {
  UtilityBlock: 'application/vnd.corridor.utility-block',
  UtilityBlockAnswer: 'application/json',
  DeclarationStatus: 'application/vnd.corridor.utility-block',
}

/** What goes into mailboxes here, as JSON: a draft for its importer, that it is his no more; its part for another agency. */
export const declarationNotices = ['ImportDraft', 'ImportDraftEnded', 'DeclarationPart'] as const

/** A version of an export declaration; the block follows. */
export interface BlockHead {
  /** Number under which the administration of export registered it. */
  readonly declaration: string
  readonly ucr: string
  readonly version: number
  readonly event: 'released' | 'withdrawn'
}

/** What became of a version at its receiver. */
export interface BlockAnswer {
  readonly declaration: string
  readonly version: number
  readonly outcome: 'taken' | 'held' | 'refused'
  readonly findings: readonly declared.DeclarationFinding[]
}

/** What the side of import tells of an import declaration; its block follows where that was agreed. */
export interface ImportStatus {
  readonly ucr: string
  /** Number of the export declaration; '' where none is known. */
  readonly export: string
  /** The declarant's reference of the import. */
  readonly reference: string
  /** Number of the import; '' before it is registered. */
  readonly number: string
  readonly version: number
  readonly event: 'import-lodged' | 'import-withdrawn'
  readonly day: string
}

/** A document as its payload. */
export function writeDeclaration(head: BlockHead | BlockAnswer | ImportStatus, block?: Uint8Array): Uint8Array {
  const line = Buffer.from(`${JSON.stringify({ extension: declarationExtension, ...head })}\n`)
  return block === undefined ? line : Buffer.concat([line, block])
}

/** Longest line: an answer has findings. */
const longestLine = 200_000
/** Findings of one answer; whoever reads it mends these and sends again. */
export const mostFindings = 50

/** A block as it came; undefined for what is none. The block itself is not read yet. */
export function readBlock(payload: Uint8Array): { head: BlockHead; block: Uint8Array } | undefined {
  const line = lineOf(payload)
  if (line === undefined) return undefined
  const { declaration, ucr, version, event } = line.members
  if (!isText(declaration, 70) || !isUcrText(ucr) || !isVersion(version)) return undefined
  if (event !== 'released' && event !== 'withdrawn') return undefined
  return line.rest.length === 0 ? undefined : { head: { declaration, ucr, version, event }, block: line.rest }
}

/** An answer as it came; undefined for what is none. */
export function readBlockAnswer(payload: Uint8Array): BlockAnswer | undefined {
  const line = lineOf(payload)
  if (line === undefined || line.rest.length > 0) return undefined
  const { declaration, version, outcome, findings } = line.members
  if (!isText(declaration, 70) || !isVersion(version)) return undefined
  if (outcome !== 'taken' && outcome !== 'held' && outcome !== 'refused') return undefined
  if (!Array.isArray(findings) || findings.length > mostFindings) return undefined
  const read = findings.map(findingIn)
  return read.includes(undefined)
    ? undefined
    : { declaration, version, outcome, findings: read as declared.DeclarationFinding[] }
}

function findingIn(given: unknown): declared.DeclarationFinding | undefined {
  const { rule, path, value, text, remedy } = membersOf(given)
  if (!isText(rule, 40) || !isText(path, 500) || !isText(value, 200, 0)) return undefined
  return isText(text, 1000) && isText(remedy, 1000) ? { rule, path, value, text, remedy } : undefined
}

/** What was told of an import; undefined for what is none. `block` is empty where it does not come with it. */
export function readStatus(payload: Uint8Array): { status: ImportStatus; block: Uint8Array } | undefined {
  const line = lineOf(payload)
  if (line === undefined) return undefined
  const { ucr, export: exported, reference, number, version, event, day } = line.members
  if (!isUcrText(ucr) || !isText(exported, 70, 0) || !isText(reference, 70) || !isText(number, 70, 0)) return undefined
  if (!isVersion(version) || (event !== 'import-lodged' && event !== 'import-withdrawn')) return undefined
  if (typeof day !== 'string' || !isDate(day)) return undefined
  return { status: { ucr, export: exported, reference, number, version, event, day }, block: line.rest }
}

type Members = Record<string, unknown>

function lineOf(payload: Uint8Array): { members: Members; rest: Uint8Array } | undefined {
  const end = payload.indexOf(0x0a)
  if (end < 0 || end > longestLine) return undefined
  let members: unknown
  try {
    members = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload.subarray(0, end)))
    if (!isStorable(members)) return undefined
  } catch {
    // No JSON, or so deep that it cannot be walked through.
    return undefined
  }
  if (membersOf(members)['extension'] !== declarationExtension) return undefined
  return { members: membersOf(members), rest: payload.subarray(end + 1) }
}

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}

const isUcrText = (value: unknown): value is string => typeof value === 'string' && isUcr(value)
const isVersion = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 100_000
/** Plain text without control and direction characters. */
const isText = (value: unknown, most: number, least = 1): value is string =>
  typeof value === 'string' &&
  value.length >= least &&
  value.length <= most &&
  !/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Bidi_Control}/u.test(value)
