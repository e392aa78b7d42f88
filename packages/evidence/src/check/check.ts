import type { X509Certificate } from 'node:crypto'
import { decryptObject, type SealIdentity } from '@corridor/sealed'
import { type Found, readContainer, subjectOf } from '../container/asic.ts'
import { readZip } from '../container/zip.ts'
import { type EvidenceIndex, files, type MessageFacts, messageFiles } from '../facts.ts'
import { sha256 } from '../hash.ts'
import { certificateKey, readIndex } from './index-read.ts'
import { checkJournal } from './journal.ts'
import { checkMessage } from './message.ts'

/** With what evidence is checked. */
export interface CheckOptions {
  /** Certificates that are known to be of the parties, or of authorities that issue theirs; without them fingerprints are only told. */
  trusted?: readonly X509Certificate[]
  /** Keys of the holder: open what is withheld from others. */
  own?: readonly SealIdentity[]
}

/** Whose signature something has, for who compares fingerprints. */
export interface Signer {
  party: string
  sha256: string
  subject: string
  /** Undefined without certificates to compare with. */
  trusted: boolean | undefined
}

/** What came of a check. Without a failure everything holds that could be looked at; notes say what could not. */
export interface EvidenceReport {
  sound: boolean
  movement: string | undefined
  /** How many messages it has. */
  messages: number
  taken: EvidenceIndex['taken'] | undefined
  signers: Signer[]
  found: Found[]
}

/** Checks evidence that anybody may have made or changed. Needs nothing but its bytes, and never rejects for what is in them. */
export async function checkEvidence(bytes: Uint8Array, options: CheckOptions = {}): Promise<EvidenceReport> {
  const container = await readContainer(bytes)
  const found = [...container.found]
  if (container.files === undefined)
    return { sound: false, movement: undefined, messages: 0, taken: undefined, signers: [], found }
  const contents = container.files
  const { index, certificates, found: inIndex } = readIndex(contents)
  found.push(...inIndex)
  if (index === undefined)
    return { sound: false, movement: undefined, messages: 0, taken: undefined, signers: [], found }
  found.push(takerOf(index, container.signer))
  for (const facts of index.messages)
    found.push(...(await checkFolder({ contents, certificates, facts, own: options.own ?? [] })))
  found.push(...strangers(index, contents), ...checkJournal(contents, index.journal))
  const signers = signersOf(index, certificates, options.trusted)
  for (const { party, sha256: digest, trusted } of signers)
    if (trusted === false)
      found.push({
        place: 'certificates',
        what: `${party} is who is trusted`,
        result: 'fails',
        reason: `${digest} is none of the trusted certificates and issued by none of them`,
      })
  return {
    sound: found.every(({ result }) => result !== 'fails'),
    movement: index.movement,
    messages: index.messages.length,
    taken: index.taken,
    signers,
    found,
  }
}

/** The signature of the container is of the party that says it took the evidence. */
function takerOf({ certificates, taken: { party } }: EvidenceIndex, signer: X509Certificate | undefined): Found {
  const what = `${party} took the evidence and signed the container`
  const digest = signer && sha256(signer.raw)
  const isTheirs = certificates.some((each) => each.party === party && each.use === 'signing' && each.sha256 === digest)
  if (isTheirs) return { place: files.index, what, result: 'holds' }
  return { place: files.index, what, result: 'fails', reason: 'the signature is of another certificate, or of none' }
}

async function checkFolder({
  contents,
  certificates,
  facts,
  own,
}: {
  contents: ReadonlyMap<string, Uint8Array>
  certificates: ReadonlyMap<string, X509Certificate>
  facts: MessageFacts
  own: readonly SealIdentity[]
}): Promise<Found[]> {
  const where = facts.folder
  const inFolder = new Map(
    [...contents].flatMap(([name, bytes]): [string, Uint8Array][] =>
      name.startsWith(`${where}/`) ? [[name.slice(where.length + 1), bytes]] : [],
    ),
  )
  if (!facts.withheld) {
    const found = await checkMessage({ facts, contents: inFolder, certificates, own, where })
    if (facts.document !== null && !inFolder.has(facts.document))
      found.push({
        place: `${where}/${facts.document}`,
        what: 'it is there',
        result: 'fails',
        reason: 'there is no such file',
      })
    return found
  }
  const place = `${where}/${messageFiles.withheld}`
  const sealed = inFolder.get(messageFiles.withheld)
  if (sealed === undefined) return [{ place, what: 'it is there', result: 'fails', reason: 'there is no such file' }]
  if (own.length === 0)
    return [
      {
        place,
        what: 'its document has an access code: bytes and signatures are encrypted for the holder of the evidence, and were not checked',
        result: 'note',
      },
    ]
  const opened = decryptObject(sealed, own)
  if (opened.kind === 'refused')
    return [{ place, what: 'it opens with the key that was given', result: 'fails', reason: opened.detail }]
  const inside = readZip(opened.inside)
  if (inside.kind === 'broken')
    return [
      {
        place: `${place}, ${inside.place}`,
        what: 'it holds the files of the message',
        result: 'fails',
        reason: inside.reason,
      },
    ]
  const within = new Map(inside.entries.map((entry) => [entry.name, entry.bytes]))
  return [
    { place, what: 'it opens with the key that was given', result: 'holds' },
    ...(await checkMessage({ facts, contents: within, certificates, own, where: place })),
  ]
}

/** Files that belong to nothing: whoever signs could put anything beside the evidence. */
function strangers({ certificates, messages }: EvidenceIndex, contents: ReadonlyMap<string, Uint8Array>): Found[] {
  const known = new Set<string>([...Object.values(files), ...certificates.map(({ file }) => file)])
  const folders = new Map(messages.map((message) => [`${message.folder}/`, message]))
  return [...contents.keys()].flatMap((name): Found[] => {
    const end = name.lastIndexOf('/') + 1
    const message = folders.get(name.slice(0, end))
    if (known.has(name) || (message !== undefined && isOfMessage(name.slice(end), message))) return []
    const reason = `${files.index} does not speak of it`
    return [{ place: name, what: 'it belongs to the evidence', result: 'fails', reason }]
  })
}

function isOfMessage(name: string, { document, withheld }: MessageFacts): boolean {
  const { as4, as4Receipt, object, objectReceipt, withheld: sealed, redacted, attachment, ...signed } = messageFiles
  if (withheld) return name === sealed || name === document?.replace('document', redacted)
  const plain = name.startsWith('receipt-') ? name.slice('receipt-'.length) : name
  return (
    [document, as4, as4Receipt, object, objectReceipt].includes(name) ||
    Object.values<string>(signed).includes(plain) ||
    /^\d+\.[a-z]*$/.test(plain.startsWith(attachment) ? plain.slice(attachment.length) : '')
  )
}

/** Each certificate that a signature here is of, with the party that it is said to be of. */
function signersOf(
  { certificates: listed, messages, taken }: EvidenceIndex,
  certificates: ReadonlyMap<string, X509Certificate>,
  trusted: readonly X509Certificate[] | undefined,
): Signer[] {
  const used = new Set(messages.flatMap(({ signer, receiptSigner }) => [signer, receiptSigner]))
  const signers = new Map<string, Signer>()
  for (const { party, use, sha256: digest } of listed) {
    const certificate = certificates.get(certificateKey(party, digest))
    if (certificate === undefined || !(used.has(digest) || (party === taken.party && use === 'signing'))) continue
    signers.set(`${party} ${digest}`, {
      party,
      sha256: digest,
      subject: subjectOf(certificate),
      trusted: trusted && trusted.some((each) => each.raw.equals(certificate.raw) || isIssuedBy(certificate, each)),
    })
  }
  return [...signers.values()]
}

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
