/** The side of departure: who asks for files, whether he may have them, and what is given. */
import type { Tx } from '@corridor/database'
import type { InboxMessage } from '@corridor/exchange'
import {
  type Account,
  deskOf,
  files,
  type IdempotentRequest,
  readMovement,
  type StoredMovement,
} from '@corridor/registry'
import { onceFor } from '../acts.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { FilesOutcome } from './ask.ts'
import { openContent } from './content.ts'
import { type FileCode, type FilesRequest, readReceipt, readRequest, writeFile, writeNote } from './documents.ts'
import { announceFiles, hex, noteFile, sendTo, settingsOf } from './notes.ts'
import { noteUnreadable } from './receive.ts'
import { departureOf, filesFor, officesOnTheWay } from './records.ts'
import { movementFiles } from './view.ts'

/** An office of another administration asks for files of a movement. */
export async function takeRequest(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const asked = readRequest(message.payload)
  if (asked === undefined) return noteUnreadable(ports, tx, message)
  const { request, mrn, office, officer, reason, document } = asked
  const { type = '', reference = '' } = document ?? {}
  const about = { mrn, office, documentType: type, documentReference: reference, reason }
  const opened = { direction: 'in', party: message.sender, request, askedBy: officer, state: 'waiting' } as const
  const id = await files.openRequest(tx, { ...about, ...opened, askedAt: new Date(asked.askedAt) })
  // The same request again: it is answered, or an officer is about to.
  if (id === undefined) return
  for (const file of asked.have) await files.noteFate(tx, id, file, 'held')
  const record = await departureOf(tx, mrn)
  await noteFile(ports, tx, {
    code: 'files-asked-of-us',
    conversation: mrn,
    actor: message.sender,
    messageId: message.messageId,
    ...(record && { role: record.role, office: record.office }),
    note: `${office} ${officer} · ${document === null ? '' : `${type} ${reference} · `}${reason}`,
    facts: { request, asking: office, documentType: type, documentReference: reference },
  })
  const found = (await files.findRequest(tx, 'in', message.sender, request))!
  const code =
    refusalOf(ports, asked, message.sender, record) ??
    (await tooMany(ports, tx, found)) ??
    (await missing(tx, found, record!))
  const by = ports.directory.party
  if (code !== undefined) await refuse(ports, tx, found, { code, note: '', by, files: [] }, record, message)
  else if (settingsOf(ports).answer === 'automatically') await give(ports, tx, found, record!, by, message)
  await announceFiles(ports, tx, mrn)
}

/** Why an office may not have the files of a movement; undefined when it may. */
function refusalOf(
  { directory }: CaseworkPorts,
  { office }: FilesRequest,
  sender: string,
  record: StoredMovement | undefined,
): FileCode | undefined {
  if (directory.office(office)?.party !== sender) return 'not-your-office'
  if (record === undefined) return 'no-movement'
  if (record.data.releaseDate === undefined) return 'not-released'
  return officesOnTheWay(record.data).has(office) ? undefined : 'not-on-the-way'
}

/** Requests of one office for files of one movement that are dealt with within a day: each may be answered with all of them. */
const mostAsked = 10
const dayMs = 24 * 60 * 60 * 1000

async function tooMany(ports: CaseworkPorts, tx: Tx, request: files.FileRequest): Promise<FileCode | undefined> {
  const asked = await files.countAsked(tx, request, new Date(ports.clock().getTime() - dayMs))
  return asked > mostAsked ? 'too-many' : undefined
}

/** The latest versions of what was asked for. */
async function wanted(tx: Tx, request: files.FileRequest, record: StoredMovement): Promise<files.StoredFile[]> {
  const { documentType: type, documentReference: reference } = request
  return (await filesFor(tx, record)).filter(
    (file) => !file.superseded && (type === '' || (file.documentType === type && file.documentReference === reference)),
  )
}

const missing = async (tx: Tx, request: files.FileRequest, record: StoredMovement): Promise<FileCode | undefined> =>
  (await wanted(tx, request, record)).length === 0 ? 'no-file' : undefined

/** Gives what was asked for: the answer says which files there are, and each goes in a message of its own. */
async function give(
  ports: CaseworkPorts,
  tx: Tx,
  request: files.FileRequest,
  record: StoredMovement,
  by: string,
  answers?: InboxMessage,
): Promise<void> {
  const { mrn, party } = request
  const listed: files.AnsweredFile[] = []
  const payloads: Uint8Array[] = []
  for (const file of await wanted(tx, request, record)) {
    const content = await toSend(ports, tx, request, file)
    const { name, size } = file
    const outcome = typeof content === 'string' ? content : 'sent'
    listed.push({ file: file.file, name, size, digest: hex(file.digest), outcome })
    if (typeof content !== 'string') payloads.push(writeFile(headOf(ports, request, file), content))
  }
  const [first] = listed
  if (first === undefined)
    return refuse(ports, tx, request, { code: 'no-file', note: '', by, files: [] }, record, answers)
  if (first.outcome !== 'sent' && first.outcome !== 'held' && listed.every(({ outcome }) => outcome === first.outcome))
    return refuse(ports, tx, request, { code: first.outcome, note: '', by, files: listed }, record, answers)
  const answer = { request: request.request, mrn, outcome: 'given', code: '', note: '', files: listed } as const
  await sendTo(ports, tx, party, {
    type: 'SupportingDocumentsAnswer',
    mrn,
    payload: writeNote(answer),
    ...(answers && { answers }),
  })
  for (const payload of payloads) await sendTo(ports, tx, party, { type: 'SupportingDocument', mrn, payload })
  await files.settleRequest(tx, request.id, {
    state: 'given',
    code: '',
    note: '',
    files: listed,
    by,
    at: ports.clock(),
  })
  await noteFile(ports, tx, {
    code: 'files-given',
    conversation: mrn,
    actor: by,
    role: record.role,
    office: record.office,
    note: `${request.office} · ${listed.map(({ name, outcome }) => `${name} (${outcome})`).join(', ')}`,
    facts: { request: request.request, party, digests: listed.map(({ digest }) => digest).join(' ') },
  })
}

async function toSend(
  ports: CaseworkPorts,
  tx: Tx,
  request: files.FileRequest,
  file: files.StoredFile,
): Promise<Uint8Array | 'held' | 'too-large' | 'gone'> {
  if (request.fates[file.file] === 'held') return 'held'
  if (file.size > settingsOf(ports).fileBytes) return 'too-large'
  const content = await openContent(ports, tx, file.id)
  if (content !== 'damaged') return content
  await noteDamaged(ports, tx, request.mrn, file, ports.directory.party)
  return 'gone'
}

/** The journal says that a stored file is not what was attached. */
export function noteDamaged(
  ports: CaseworkPorts,
  tx: Tx,
  mrn: string,
  file: files.StoredFile,
  actor: string,
): Promise<void> {
  return noteFile(ports, tx, {
    code: 'file-damaged',
    conversation: mrn,
    actor,
    note: `${file.name} · SHA-256 ${hex(file.digest)}`,
    facts: { file: file.file, digest: hex(file.digest) },
  })
}

function headOf({ directory }: CaseworkPorts, request: files.FileRequest, file: files.StoredFile) {
  const { documentType: type, documentReference: reference, item, version, replaces, name, mediaType, size } = file
  return {
    request: request.request,
    mrn: request.mrn,
    file: file.file,
    document: { type, reference, item },
    version,
    replaces,
    name,
    mediaType,
    size,
    digest: hex(file.digest),
    addedBy: directory.nameOf(file.addedBy),
    addedAt: file.addedAt.toISOString(),
  }
}

async function refuse(
  ports: CaseworkPorts,
  tx: Tx,
  request: files.FileRequest,
  refusal: { code: FileCode; note: string; by: string; files: files.AnsweredFile[] },
  record: StoredMovement | undefined,
  answers?: InboxMessage,
): Promise<void> {
  const { mrn, party } = request
  const { code, note, by, files: listed } = refusal
  const answer = { request: request.request, mrn, outcome: 'refused', code, note, files: listed } as const
  await sendTo(ports, tx, party, {
    type: 'SupportingDocumentsAnswer',
    mrn,
    payload: writeNote(answer),
    ...(answers && { answers }),
  })
  await files.settleRequest(tx, request.id, { state: 'refused', code, note, files: listed, by, at: ports.clock() })
  await noteFile(ports, tx, {
    code: 'files-refused',
    conversation: mrn,
    actor: by,
    ...(record && { role: record.role, office: record.office }),
    note: `${request.office} · ${code}${note === '' ? '' : ` · ${note}`}`,
    facts: { request: request.request, party, reason: code },
  })
}

/** What an officer at departure decides on a request that waits for him. */
export interface FilesDecision {
  decision: 'give' | 'refuse'
  /** Why not; of a refusal. */
  note: string
  idempotency: IdempotentRequest
}

/** Gives or refuses the files that another administration asked for. */
export async function decideOnRequest(
  ports: CaseworkPorts,
  account: Account,
  reference: string,
  id: string,
  { decision, note, idempotency }: FilesDecision,
): Promise<FilesOutcome> {
  const why = note.trim()
  if (decision === 'refuse' && (why === '' || why.length > 500 || /\p{Cc}|\p{Bidi_Control}/u.test(why)))
    return {
      kind: 'invalid',
      errors: [{ field: 'note', remedy: 'Say why, in 500 characters at most: who asked reads it.' }],
    }
  return onceFor(ports, idempotency, async (tx): Promise<FilesOutcome> => {
    const desk = deskOf(account)
    const record = desk && (await readMovement(tx, reference, desk.role, desk.office))
    if (record === undefined) return { kind: 'not-found' }
    if (record.role !== 'departure')
      return { kind: 'forbidden', detail: 'Only the office of departure gives the files of a movement.' }
    const request = await files.requestById(tx, id, record.mrn)
    if (request === undefined || request.direction !== 'in') return { kind: 'not-found' }
    if (request.state !== 'waiting') return { kind: 'conflict', detail: `The request is ${request.state} already.` }
    if (decision === 'give') await give(ports, tx, request, record, account.id)
    else await refuse(ports, tx, request, { code: 'not-allowed', note: why, by: account.id, files: [] }, record)
    await announceFiles(ports, tx, record.mrn)
    return { kind: 'done', files: await movementFiles(ports, tx, account, record) }
  })
}

/** What became of a file at who asked for it. */
export async function takeReceipt(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const said = readReceipt(message.payload)
  const request = said && (await files.findRequest(tx, 'in', message.sender, said.request))
  if (said === undefined || request === undefined || request.mrn !== said.mrn) return noteUnreadable(ports, tx, message)
  const listed = request.files.find(({ file }) => file === said.file)
  if (listed === undefined) return noteUnreadable(ports, tx, message)
  const isTaken = said.outcome !== 'refused'
  await files.noteFate(tx, request.id, said.file, isTaken ? 'taken' : said.code)
  const record = await departureOf(tx, said.mrn)
  await noteFile(ports, tx, {
    code: isTaken ? 'file-delivered' : 'file-not-taken-there',
    conversation: said.mrn,
    actor: message.sender,
    messageId: message.messageId,
    ...(record && { role: record.role, office: record.office }),
    note: `${listed.name}${isTaken ? '' : ` · ${said.code}`}`,
    facts: { request: said.request, file: said.file, digest: listed.digest },
  })
  await announceFiles(ports, tx, said.mrn)
}
