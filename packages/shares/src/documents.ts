/** The documents by which shares go between administrations: a line of JSON in UTF-8, after which a block follows where there is one. */
import { isText, readContract, type ShareContract } from './contract.ts'
import { refusals, type RefusalCode } from './refusals.ts'

/** The namespace of the documents, with its version. */
export const shareExtension = 'urn:corridor:shares:1'

/** Names of the documents, which are the actions on the wire, with their media types. */
export const shareMediaTypes = {
  ShareContract: 'application/json',
  ShareAnswer: 'application/json',
  ShareWithdrawal: 'application/json',
  SharedBlock: 'application/vnd.corridor.utility-block',
  ShareReading: 'application/json',
  ShareRefusal: 'application/json',
} as const
export type ShareDocument = keyof typeof shareMediaTypes

/** Which contract: the owner is one of the two ends. */
export interface ContractName {
  owner: string
  id: string
  version: number
}

/** Which version of which declaration an object is, where it is one. */
export interface Revision {
  /** Number under which the owner's administration registered it. */
  declaration: string
  version: number
  event: 'released' | 'withdrawn'
}

/** What each document says. */
export interface ShareWords {
  ShareContract: { contract: ShareContract }
  ShareAnswer: ContractName & { digest: string; answer: 'accepted' | 'declined'; reason: string }
  ShareWithdrawal: ContractName & { reason: string }
  SharedBlock: ContractName & { item: string; subject: string; sharedAt: string; revision: Revision | null }
  ShareReading: ContractName & { item: string; reading: string; who: string; readAt: string }
  ShareRefusal: ContractName & { of: ShareDocument; item: string; code: RefusalCode }
}

const longestLine = 200_000

export function writeShare<Name extends ShareDocument>(
  _: Name,
  said: ShareWords[Name],
  block?: Uint8Array,
): Uint8Array {
  const line = Buffer.from(`${JSON.stringify({ extension: shareExtension, ...said })}\n`)
  return block === undefined ? line : Buffer.concat([line, block])
}

/** A document as it came; undefined for what is none. The block after the line is not read yet. */
export function readShare<Name extends ShareDocument>(
  name: Name,
  payload: Uint8Array,
): { said: ShareWords[Name]; rest: Uint8Array } | undefined {
  const end = payload.indexOf(0x0a)
  if (end < 0 || end > longestLine) return undefined
  const members = membersIn(payload.subarray(0, end))
  const rest = payload.subarray(end + 1)
  if (members?.['extension'] !== shareExtension || rest.length > 0 !== (name === 'SharedBlock')) return undefined
  const said = readers[name](members)
  return said && { said, rest }
}

function membersIn(line: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

type Members = Record<string, unknown>
const isParty = /^[A-Za-z0-9._-]{1,35}$/
const isWord = (value: unknown): value is string => typeof value === 'string' && /^[!-~]{1,255}$/.test(value)
const isInstant = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))

function nameIn({ owner, id, version }: Members): ContractName | undefined {
  if (typeof owner !== 'string' || !isParty.test(owner) || !isWord(id) || id.length > 100) return undefined
  if (!Number.isInteger(version) || (version as number) < 1 || (version as number) > 100_000) return undefined
  return { owner, id, version: version as number }
}

function revisionIn(given: unknown): Revision | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const { declaration, version, event } = given as Members
  if (!isText(declaration) || declaration.length > 70 || (event !== 'released' && event !== 'withdrawn'))
    return undefined
  if (!Number.isInteger(version) || (version as number) < 1 || (version as number) > 100_000) return undefined
  return { declaration, version: version as number, event }
}

const readers: { [Name in ShareDocument]: (members: Members) => ShareWords[Name] | undefined } = {
  ShareContract({ contract }) {
    const read = readContract(contract)
    return read && { contract: read }
  },
  ShareAnswer(members) {
    const name = nameIn(members)
    const { digest, answer, reason } = members
    if (name === undefined || typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return undefined
    if ((answer !== 'accepted' && answer !== 'declined') || (reason !== '' && !isText(reason))) return undefined
    return { ...name, digest, answer, reason }
  },
  ShareWithdrawal(members) {
    const name = nameIn(members)
    const { reason } = members
    return name !== undefined && isText(reason) ? { ...name, reason } : undefined
  },
  SharedBlock(members) {
    const name = nameIn(members)
    const { item, subject, sharedAt } = members
    if (name === undefined || !isWord(item) || !isText(subject) || !isInstant(sharedAt)) return undefined
    const revision = members['revision'] == null ? null : revisionIn(members['revision'])
    return revision === undefined ? undefined : { ...name, item, subject, sharedAt, revision }
  },
  ShareReading(members) {
    const name = nameIn(members)
    const { item, reading, who, readAt } = members
    if (name === undefined || !isWord(item) || !isWord(reading) || !isText(who) || !isInstant(readAt)) return undefined
    return { ...name, item, reading, who, readAt }
  },
  ShareRefusal(members) {
    const name = nameIn(members)
    const { of, item, code } = members
    if (name === undefined || typeof of !== 'string' || !Object.hasOwn(shareMediaTypes, of)) return undefined
    if (item !== '' && !isWord(item)) return undefined
    if (typeof code !== 'string' || !Object.hasOwn(refusals, code)) return undefined
    return { ...name, of: of as ShareDocument, item, code: code as RefusalCode }
  },
}
