/** The side that asked: what was answered, and the files that come. Whatever a partner sends, nothing of it parks a worker. */
import type { Tx } from '@corridor/database'
import type { InboxMessage } from '@corridor/exchange'
import { cleanName, inspect, type Kind } from '@corridor/files'
import { files } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { digestOf, sealContent } from './content.ts'
import { type FileCode, type FileHead, readAnswer, readFile, writeNote } from './documents.ts'
import { announceFiles, noteFile, sendTo, settingsOf } from './notes.ts'

/** A message that is none of what was agreed, or belongs to nothing that was asked, is noted and not answered. */
export function noteUnreadable(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const { conversation, sender: actor, messageId, documentType: note } = message
  return noteFile(ports, tx, { code: 'file-document-refused', conversation, actor, messageId, note, facts: {} })
}

/** The administration of departure says what it gives, or why it gives nothing. */
export async function takeAnswer(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const said = readAnswer(message.payload)
  const request = said && (await files.findRequest(tx, 'out', message.sender, said.request))
  if (said === undefined || request === undefined || request.mrn !== said.mrn) return noteUnreadable(ports, tx, message)
  // Said again: the first answer counts.
  if (request.state !== 'asked') return
  const { outcome, code, note } = said
  const settled = { state: outcome, code, note, files: [...said.files], by: message.sender, at: ports.clock() }
  await files.settleRequest(tx, request.id, settled)
  const isGiven = outcome === 'given'
  await noteFile(ports, tx, {
    code: isGiven ? 'files-answered' : 'files-not-given',
    conversation: said.mrn,
    actor: message.sender,
    messageId: message.messageId,
    ...(await laneOf(tx, request)),
    note: isGiven ? said.files.map((file) => `${file.name} (${file.outcome})`).join(', ') : `${code} ${note}`.trim(),
    facts: { request: said.request, reason: code, digests: said.files.map(({ digest }) => digest).join(' ') },
  })
  await announceFiles(ports, tx, said.mrn)
}

/** A file comes. It is looked at as if a stranger had sent it, and its sender is told what became of it. */
export async function takeFile(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const read = readFile(message.payload)
  if (read === undefined) return noteUnreadable(ports, tx, message)
  const { head, content } = read
  const request = await files.findRequest(tx, 'out', message.sender, head.request)
  const judged = notAsked(head, request) ?? (await judge(ports, tx, message.sender, head, content))
  const code = typeof judged === 'string' ? judged : undefined
  if (typeof judged !== 'string') await keep(ports, tx, message.sender, head, { content, kind: judged.kind })
  const { mrn, file, digest } = head
  const outcome = code === undefined ? 'taken' : code === 'held' ? 'held' : 'refused'
  const receipt = { request: head.request, mrn, file, outcome, code: outcome === 'refused' ? code! : '' } as const
  await sendTo(ports, tx, message.sender, {
    type: 'SupportingDocumentReceipt',
    mrn,
    payload: writeNote(receipt),
    answers: message,
  })
  await noteFile(ports, tx, {
    code: outcome === 'refused' ? 'file-not-taken' : 'file-received',
    conversation: mrn,
    actor: message.sender,
    messageId: message.messageId,
    ...(request && request.mrn === mrn ? await laneOf(tx, request) : {}),
    note: `${head.name} · ${outcome === 'refused' ? code : `SHA-256 ${digest}`}`,
    facts: { request: head.request, file, digest, size: content.length, outcome, reason: receipt.code },
  })
  if (request === undefined || request.mrn !== mrn) return
  await files.noteFate(tx, request.id, file, outcome === 'refused' ? code! : 'taken')
  await announceFiles(ports, tx, mrn)
}

/** Only what was asked for is taken. */
function notAsked(head: FileHead, request: files.FileRequest | undefined): FileCode | undefined {
  if (request === undefined || request.mrn !== head.mrn || request.state === 'refused') return 'not-asked'
  const { documentType: type, documentReference: reference } = request
  const isOf = type === '' || (type === head.document.type && reference === head.document.reference)
  return isOf ? undefined : 'not-asked'
}

/** What a file is that is to be kept, or why it is not. */
async function judge(
  ports: CaseworkPorts,
  tx: Tx,
  sender: string,
  head: FileHead,
  content: Uint8Array,
): Promise<FileCode | 'held' | { kind: Kind }> {
  const { fileBytes, movementBytes, movementFiles } = settingsOf(ports)
  const digest = digestOf(content)
  if (content.length > fileBytes) return 'too-large'
  if (content.length !== head.size || digest.toString('hex') !== head.digest) return 'digest'
  const inspected = inspect(content, head)
  if ('refused' in inspected || inspected.mediaType !== head.mediaType) return 'content'
  const known = await files.findFile(tx, sender, head.file)
  if (known !== undefined) return known.mrn === head.mrn && digest.equals(known.digest) ? 'held' : 'clash'
  const kept = await files.filesOfMovement(tx, head.mrn)
  const replaced = kept.some(
    ({ origin, replaces }) => origin === sender && replaces !== null && replaces === head.replaces,
  )
  if (replaced) return 'clash'
  const bytes = kept.reduce((sum, file) => sum + file.size, content.length)
  return kept.length >= movementFiles || bytes > movementBytes ? 'full' : { kind: inspected.kind }
}

async function keep(
  ports: CaseworkPorts,
  tx: Tx,
  origin: string,
  head: FileHead,
  { content, kind }: { content: Uint8Array; kind: Kind },
): Promise<void> {
  const { type: documentType, reference: documentReference, item } = head.document
  const { file, version, replaces, mediaType, size, addedBy, mrn, request } = head
  const name = cleanName(head.name, kind)
  await files.addFile(tx, {
    origin,
    file,
    documentType,
    documentReference,
    item,
    version,
    replaces,
    name,
    mediaType,
    size,
    digest: digestOf(content),
    addedBy,
    addedAt: new Date(head.addedAt),
    place: { mrn, request, receivedAt: ports.clock() },
    content: sealContent(ports, origin, file, content),
  })
}

/** The record in whose lane a request is drawn. */
async function laneOf(
  tx: Tx,
  { mrn, office }: files.FileRequest,
): Promise<{ role: string; office: string } | undefined> {
  const found = (await files.officesOf(tx, mrn)).find((each) => each.office === office)
  return found && { role: found.role, office }
}
