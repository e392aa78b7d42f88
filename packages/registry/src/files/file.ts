import type { Tx } from '@corridor/database'
import type { Role } from '@corridor/procedures'
import { sql } from './statements.ts'

/** What is said of a file beside its content. */
export interface FileHead {
  /** Party id of the administration where it was attached. */
  origin: string
  /** UUID by which all who have it know it. */
  file: string
  documentType: string
  documentReference: string
  item: number | null
  version: number
  /** UUID of the file whose place it takes. */
  replaces: string | null
  name: string
  mediaType: string
  /** In bytes. */
  size: number
  /** SHA-256. */
  digest: Uint8Array
  addedBy: string
  addedAt: Date
}

/** A file to keep: attached here to a record at departure, or come from elsewhere because of a request. */
export interface NewFile extends FileHead {
  place: { movement: string } | { mrn: string; request: string; receivedAt: Date }
  /** Sealed. */
  content: Uint8Array
}

/** A file as it is listed. */
export interface StoredFile extends FileHead {
  /** In this node. */
  id: string
  request: string | null
  receivedAt: Date | null
  /** A later version is here. */
  superseded: boolean
}

/** The sealed content of a file, and what it must have when it is opened. */
export interface StoredContent {
  origin: string
  file: string
  content: Uint8Array
  digest: Uint8Array
  size: number
}

interface FileRow {
  id: string
  origin: string
  file: string
  document_type: string
  document_reference: string
  item: number | null
  version: number
  replaces: string | null
  name: string
  media_type: string
  size: number
  digest: Buffer
  added_by: string
  added_at: Date
  request: string | null
  received_at: Date | null
  superseded: boolean
}

/**
 * Keeps a file. A file whose place another one has taken already is PostgreSQL's unique violation (23505).
 * @returns its id in this node; undefined when a file of this name from there is here
 */
export async function addFile(tx: Tx, file: NewFile): Promise<string | undefined> {
  const { place } = file
  const here = 'movement' in place
  const rows = await tx.run<{ id: string }>(sql.add, [
    file.origin,
    file.file,
    here ? place.movement : null,
    here ? '' : place.mrn,
    file.documentType,
    file.documentReference,
    file.item,
    file.version,
    file.replaces,
    file.name,
    file.mediaType,
    file.size,
    file.digest,
    file.content,
    file.addedBy,
    file.addedAt,
    here ? null : place.request,
    here ? null : place.receivedAt,
  ])
  return rows[0]?.id
}

/** The files of a movement, attached here or come from elsewhere; all versions. */
export async function filesOfMovement(tx: Tx, mrn: string): Promise<StoredFile[]> {
  return (await tx.run<FileRow>(sql.ofMrn, [mrn])).map(stored)
}

/** The files that were attached to a record at departure, also while it has no MRN. */
export async function filesOfRecord(tx: Tx, movement: string): Promise<StoredFile[]> {
  return (await tx.run<FileRow>(sql.ofRecord, [movement])).map(stored)
}

/** The sealed content of a file. */
export async function contentOf(tx: Tx, id: string): Promise<StoredContent | undefined> {
  return (await tx.run<StoredContent>(sql.content, [id]))[0]
}

/** What is here of a file from elsewhere. */
export async function findFile(
  tx: Tx,
  origin: string,
  file: string,
): Promise<{ id: string; digest: Buffer; mrn: string } | undefined> {
  return (await tx.run<{ id: string; digest: Buffer; mrn: string }>(sql.find, [origin, file]))[0]
}

/** The offices of ours that have a record of a movement, with its version. */
export function officesOf(tx: Tx, mrn: string): Promise<{ role: Role; office: string; version: number }[]> {
  return tx.run(sql.offices, [mrn])
}

function stored(row: FileRow): StoredFile {
  const { document_type, document_reference, media_type, added_by, added_at, received_at, ...rest } = row
  return {
    ...rest,
    documentType: document_type,
    documentReference: document_reference,
    mediaType: media_type,
    addedBy: added_by,
    addedAt: added_at,
    receivedAt: received_at,
  }
}
