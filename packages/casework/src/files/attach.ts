import { isUniqueViolation, type Tx } from '@corridor/database'
import { cleanName, inspect } from '@corridor/files'
import {
  type Account,
  deskOf,
  files,
  findMovement,
  type IdempotentRequest,
  referenceOf,
  type StoredMovement,
} from '@corridor/registry'
import { onceFor } from '../acts.ts'
import { conversationOfRecord } from '../apply.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { ActRefusal, Done, FieldError } from '../view.ts'
import { digestOf, sealContent } from './content.ts'
import { announceFiles, hex, noteFile, settingsOf } from './notes.ts'
import { declaredDocuments, filesFor, recordFor } from './records.ts'
import { type FileRow, fileRow } from './view.ts'

/** A file that somebody attaches to a movement. */
export interface AttachRequest {
  content: Uint8Array
  /** As its sender says it. */
  mediaType: string
  name: string
  /** The document of the declaration that it shows. */
  document: { type: string; reference: string; item?: number }
  /** UUID of the file whose place it takes. */
  replaces?: string
  idempotency: IdempotentRequest
}

/** What came of attaching. */
export type AttachOutcome = Done<{ file: FileRow }> | ActRefusal

/**
 * Attaches a file to a movement: a trader to his own declaration, an officer of the office of departure for a trader who brought it on
 * paper. The file, its digest in the journal and the memory of the idempotency key are one transaction.
 */
export async function attachFile(
  ports: CaseworkPorts,
  account: Account,
  reference: string,
  request: AttachRequest,
): Promise<AttachOutcome> {
  const settings = settingsOf(ports)
  if (request.content.length > settings.fileBytes)
    return invalid('file', `A file has at most ${settings.fileBytes} bytes here.`, 'too-large')
  // Looking into a file costs time: not for who may not attach one.
  const barred = await ports.db.transaction(async (tx) => barredFrom(await recordFor(tx, account, reference)))
  if (barred !== undefined) return barred
  const inspected = inspect(request.content, request)
  if ('refused' in inspected) return invalid('file', inspected.refused.text, inspected.refused.code)
  const name = cleanName(request.name, inspected.kind)
  try {
    return await onceFor(ports, request.idempotency, (tx) =>
      attachOnce(ports, tx, { account, reference, request, name, mediaType: inspected.mediaType }),
    )
  } catch (error) {
    // Two replaced the same file at this moment.
    if (!isUniqueViolation(error)) throw error
    return { kind: 'conflict', detail: 'Another file has just taken the place of that one. Look at the list again.' }
  }
}

const invalid = (field: string, remedy: string, value?: string): { kind: 'invalid'; errors: FieldError[] } => ({
  kind: 'invalid',
  errors: [{ field, remedy, ...(value !== undefined && { value }) }],
})

interface Attaching {
  account: Account
  reference: string
  request: AttachRequest
  name: string
  mediaType: string
}

/** Why somebody may not attach a file to a record that he may see; undefined when he may. */
function barredFrom(record: StoredMovement | undefined): ActRefusal | undefined {
  if (record === undefined) return { kind: 'not-found' }
  return record.role === 'departure'
    ? undefined
    : { kind: 'forbidden', detail: 'Files are attached by the declarant, or by the office of departure for him.' }
}

async function attachOnce(ports: CaseworkPorts, tx: Tx, attaching: Attaching): Promise<AttachOutcome> {
  const { account, reference, request, name, mediaType } = attaching
  const record = await recordFor(tx, account, reference)
  const barred = barredFrom(record)
  if (record === undefined || barred !== undefined) return barred ?? { kind: 'not-found' }
  // What is there is counted under the lock of the record: two at once must not both find the last place free.
  await findMovement(tx, referenceOf(record), record.role, record.office)
  const existing = await filesFor(tx, record)
  const wrong = documentWrong(record, request) ?? roomWrong(ports, existing, request)
  if (wrong !== undefined) return wrong
  const { replaces } = request
  const old = replaces === undefined ? undefined : existing.find(({ file }) => file === replaces)
  if (replaces !== undefined && old === undefined)
    return invalid('replaces', 'The movement has no file of this name. Look at the list.', replaces)
  if (old?.superseded === true)
    return { kind: 'conflict', detail: 'Another file has taken the place of that one. Replace the latest.' }
  const digest = digestOf(request.content)
  const file: Omit<files.NewFile, 'content' | 'place'> = {
    origin: ports.directory.party,
    file: ports.newId(),
    documentType: request.document.type,
    documentReference: request.document.reference,
    item: request.document.item ?? null,
    version: (old?.version ?? 0) + 1,
    replaces: replaces ?? null,
    name,
    mediaType,
    size: request.content.length,
    digest,
    addedBy: account.id,
    addedAt: ports.clock(),
  }
  const content = sealContent(ports, file.origin, file.file, request.content)
  const id = await files.addFile(tx, { ...file, place: { movement: record.id }, content })
  if (id === undefined) throw new Error(`the id ${file.file} was given out twice`)
  await noteAttached(ports, tx, account, record, file)
  return { kind: 'done', file: fileRow(ports, { ...file, id, request: null, receivedAt: null, superseded: false }) }
}

async function noteAttached(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  record: StoredMovement,
  file: Omit<files.NewFile, 'content' | 'place'>,
): Promise<void> {
  await noteFile(ports, tx, {
    code: 'file-attached',
    conversation: conversationOfRecord(record) ?? '',
    actor: account.id,
    role: record.role,
    office: deskOf(account)?.office ?? record.office,
    note: `${file.name} · ${file.documentType} ${file.documentReference} · SHA-256 ${hex(file.digest)}`,
    facts: {
      file: file.file,
      digest: hex(file.digest),
      size: file.size,
      mediaType: file.mediaType,
      version: file.version,
      replaces: file.replaces,
    },
  })
  if (record.mrn !== '') await announceFiles(ports, tx, record.mrn)
}

function documentWrong(record: StoredMovement, { document }: AttachRequest): AttachOutcome | undefined {
  const declared = declaredDocuments(record)
  const { type, reference, item } = document
  const found = declared.find((each) => each.type === type && each.reference === reference)
  if (found === undefined) {
    const names = declared.map((each) => `${each.type} ${each.reference}`).join(', ')
    const remedy = `The declaration names no such document. It names: ${names || 'none'}.`
    return invalid('reference', remedy.slice(0, 1000), `${type} ${reference}`.slice(0, 100))
  }
  if (item !== undefined && !found.items.includes(item))
    return invalid('item', `The declaration does not name this document for goods item ${item}.`, String(item))
  return undefined
}

function roomWrong(
  ports: CaseworkPorts,
  existing: readonly files.StoredFile[],
  { content }: AttachRequest,
): AttachOutcome | undefined {
  const { movementFiles, movementBytes } = settingsOf(ports)
  if (existing.length >= movementFiles)
    return invalid('file', `A movement has at most ${movementFiles} files, earlier versions too.`, 'too-many')
  const bytes = existing.reduce((sum, file) => sum + file.size, 0)
  return bytes + content.length > movementBytes
    ? invalid('file', `The files of a movement have at most ${movementBytes} bytes together.`, 'movement-full')
    : undefined
}
