import { X509Certificate } from 'node:crypto'
import { type EvidenceIndex, files, indexFormat } from '../facts.ts'
import { sha256 } from '../hash.ts'
import type { Found } from '../container/asic.ts'

/** Under which a certificate is found: whose it is said to be counts, so that nobody's signature passes for another's. */
export const certificateKey = (party: string, digest: string): string => `${party} ${digest}`

/** The index of a container, and its certificates by {@link certificateKey}; undefined when it cannot be read, with the reason in `found`. */
export interface ReadIndex {
  index: EvidenceIndex | undefined
  certificates: Map<string, X509Certificate>
  found: Found[]
}

/** Reads what the container says of itself. Anybody may have written it: it is looked at member by member before anything uses it. */
export function readIndex(contents: ReadonlyMap<string, Uint8Array>): ReadIndex {
  const certificates = new Map<string, X509Certificate>()
  const refused = (place: string, reason: string): ReadIndex => ({
    index: undefined,
    certificates,
    found: [{ place, what: 'it can be read', result: 'fails', reason }],
  })
  const bytes = contents.get(files.index)
  if (bytes === undefined) return refused(files.index, 'there is no such file')
  let index: unknown
  try {
    index = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    return refused(files.index, `it is not JSON: ${(error as Error).message}`)
  }
  const wrong = wrongIn(index, shape, 'evidence')
  if (wrong !== undefined) return refused(files.index, wrong)
  const read = index as EvidenceIndex
  const found: Found[] = []
  for (const { file, sha256: digest, party } of read.certificates) {
    const pem = contents.get(file)
    const certificate = pem === undefined ? undefined : certificateIn(pem)
    if (certificate === undefined || sha256(certificate.raw) !== digest)
      found.push({
        place: file,
        what: `it is the certificate of ${party} that ${files.index} names`,
        result: 'fails',
        reason: pem === undefined ? 'there is no such file' : 'it is another, or none',
      })
    else certificates.set(certificateKey(party, digest), certificate)
  }
  return { index: read, certificates, found }
}

function certificateIn(pem: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(pem))
  } catch {
    return undefined
  }
}

/**
 * What a value must be: a kind of JSON, a line without control characters, which a terminal or a log might obey, a text out of some, a list, an object with just these members; `?` allows null.
 * Remarks and content types are texts: they quote what a partner has sent.
 */
type Shape =
  | 'line'
  | 'line?'
  | 'text'
  | 'text?'
  | 'number'
  | 'number?'
  | 'yesNo'
  | readonly string[]
  | { list: Shape }
  | { members: Record<string, Shape> }
  | { orNull: Shape }

const lines = (...names: string[]): Record<string, Shape> => Object.fromEntries(names.map((name) => [name, 'line']))
const linesOrNull = (...names: string[]): Record<string, Shape> =>
  Object.fromEntries(names.map((name) => [name, 'line?']))

const shape: Shape = {
  members: {
    format: [indexFormat],
    movement: 'line',
    taken: { members: lines('party', 'at') },
    certificates: {
      list: { members: { ...lines('file', 'party', 'sha256'), use: ['signing', 'tls', 'authority', 'carried'] } },
    },
    messages: {
      list: {
        members: {
          ...lines('folder', 'messageId', 'sender', 'recipient', 'conversation', 'documentType', 'state', 'at'),
          ...linesOrNull('refTo', 'firstSentAt', 'receiptedAt', 'document', 'signer', 'receiptSigner'),
          wireType: 'text?',
          receiptType: 'text?',
          direction: ['in', 'out'],
          link: ['as4', 'carried', 'local', 'mailbox', 'api'],
          withheld: 'yesNo',
          remarks: { list: 'text' },
        },
      },
    },
    journal: {
      members: {
        lines: 'number',
        withheld: 'number',
        whole: 'yesNo',
        head: { orNull: { members: { number: 'number', hash: 'line' } } },
      },
    },
  },
}

/** The first place where a value has not its shape, in words. */
function wrongIn(value: unknown, due: Shape, at: string): string | undefined {
  if (due === 'text' || due === 'text?')
    return typeof value === 'string' || (value === null && due === 'text?') ? undefined : `${at} is not text`
  if (due === 'line' || due === 'line?')
    return (
      wrongIn(value, due === 'line' ? 'text' : 'text?', at) ??
      (/\p{Cc}/u.test(String(value)) ? `${at} has a control character` : undefined)
    )
  if (due === 'number' || due === 'number?')
    return Number.isSafeInteger(value) || (value === null && due === 'number?')
      ? undefined
      : `${at} is not a whole number`
  if (due === 'yesNo') return typeof value === 'boolean' ? undefined : `${at} is neither true nor false`
  if (Array.isArray(due)) return due.includes(value) ? undefined : `${at} is not ${due.join(' or ')}`
  if ('orNull' in due) return value === null ? undefined : wrongIn(value, due.orNull, at)
  if ('list' in due) {
    if (!Array.isArray(value)) return `${at} is no list`
    return firstOf(value, (each, n) => wrongIn(each, due.list, `${at}[${n}]`))
  }
  if (!('members' in due)) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} is no object`
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(due.members, name))
  if (unknown !== undefined)
    return `${at} has a member ${JSON.stringify(unknown.slice(0, 40))} that evidence does not have`
  return firstOf(Object.entries(due.members), ([name, member]) =>
    wrongIn((value as Record<string, unknown>)[name], member, `${at}.${name}`),
  )
}

function firstOf<Item>(
  items: readonly Item[],
  wrong: (item: Item, n: number) => string | undefined,
): string | undefined {
  for (const [n, item] of items.entries()) {
    const found = wrong(item, n)
    if (found !== undefined) return found
  }
  return undefined
}
