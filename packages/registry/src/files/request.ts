import type { Tx } from '@corridor/database'
import { sql } from './statements.ts'

/** A file of an answer: sent, had already, or not given, with the code of why. */
export interface AnsweredFile {
  file: string
  name: string
  size: number
  /** SHA-256, hexadecimal. */
  digest: string
  outcome: 'sent' | 'held' | 'too-large' | 'gone'
}

/** A request for files of a movement that goes out or came in. */
export interface NewRequest {
  direction: 'in' | 'out'
  /** The other administration. */
  party: string
  /** UUID. */
  request: string
  mrn: string
  /** The office that asks. */
  office: string
  /** Officer who asks. */
  askedBy: string
  askedAt: Date
  /** Both empty: of all documents. */
  documentType: string
  documentReference: string
  reason: string
  state: 'asked' | 'waiting'
}

/** A request as it stands. */
export interface FileRequest extends Omit<NewRequest, 'state'> {
  id: string
  /** `asked`: we wait for the answer · `waiting`: one of our officers decides. */
  state: 'asked' | 'waiting' | 'given' | 'refused'
  /** Why it was refused; '' otherwise. */
  code: string
  note: string
  files: AnsweredFile[]
  /** What became of files, by file: `held`, `taken`, or the code of why not. */
  fates: Record<string, string>
  settledBy: string | null
  settledAt: Date | null
}

interface RequestRow {
  id: string
  direction: 'in' | 'out'
  party: string
  request: string
  mrn: string
  office: string
  asked_by: string
  asked_at: Date
  document_type: string
  document_reference: string
  reason: string
  state: FileRequest['state']
  code: string
  note: string
  files: AnsweredFile[]
  fates: Record<string, string>
  settled_by: string | null
  settled_at: Date | null
}

/** Opens a request. @returns its id in this node; undefined when it is open or was answered already */
export async function openRequest(tx: Tx, request: NewRequest): Promise<string | undefined> {
  const { direction, party, request: uuid, mrn, office, askedBy, askedAt, state } = request
  const about = [request.documentType, request.documentReference, request.reason]
  const values = [direction, party, uuid, mrn, office, askedBy, askedAt, ...about, state]
  return (await tx.run<{ id: string }>(sql.ask, values))[0]?.id
}

/** Finds and locks a request by its UUID. */
export async function findRequest(
  tx: Tx,
  direction: 'in' | 'out',
  party: string,
  request: string,
): Promise<FileRequest | undefined> {
  return read((await tx.run<RequestRow>(sql.request, [direction, party, request]))[0])
}

/** Finds and locks a request of a movement by its id in this node. */
export async function requestById(tx: Tx, id: string, mrn: string): Promise<FileRequest | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined
  return read((await tx.run<RequestRow>(sql.requestById, [id, mrn]))[0])
}

/** The requests of a movement, the latest first. */
export async function requestsOf(tx: Tx, mrn: string): Promise<FileRequest[]> {
  return (await tx.run<RequestRow>(sql.requests, [mrn])).map((row) => read(row)!)
}

/**
 * How many requests of an office of another administration for files of a movement are open, or were answered after a moment. Those that
 * were refused for being too many are not counted; when they were asked is what their sender says, so it does not matter.
 */
export async function countAsked(
  tx: Tx,
  { party, mrn, office }: Pick<FileRequest, 'party' | 'mrn' | 'office'>,
  after: Date,
): Promise<number> {
  return (await tx.run<{ asked: number }>(sql.countAsked, [party, mrn, office, after]))[0]?.asked ?? 0
}

/** Notes what became of a request. @param by who decided: an officer, or an administration */
export async function settleRequest(
  tx: Tx,
  id: string,
  settled: Pick<FileRequest, 'code' | 'note' | 'files'> & { state: 'given' | 'refused'; by: string; at: Date },
): Promise<void> {
  const { state, code, note, files, by, at } = settled
  await tx.run(sql.settle, [id, state, code, note, JSON.stringify(files), by, at])
}

/** Notes what became of a file of a request. */
export async function noteFate(tx: Tx, id: string, file: string, fate: string): Promise<void> {
  await tx.run(sql.noteFate, [id, file, fate])
}

function read(row: RequestRow | undefined): FileRequest | undefined {
  if (row === undefined) return undefined
  const { asked_by, asked_at, document_type, document_reference, settled_by, settled_at, ...rest } = row
  return {
    ...rest,
    askedBy: asked_by,
    askedAt: asked_at,
    documentType: document_type,
    documentReference: document_reference,
    settledBy: settled_by,
    settledAt: settled_at,
  }
}
