/** The files of a movement as screens and traders' software see them. */
import type { Tx } from '@corridor/database'
import { type Account, deskOf, files, type StoredMovement } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import type { Named, OfficeView } from '../view.ts'
import { officeView } from '../views/offices.ts'
import { hex, settingsOf } from './notes.ts'
import { type DeclaredDocument, declaredDocuments, filesFor } from './records.ts'

/** A file as it is listed. */
export interface FileRow {
  /** In this node: its address. */
  id: string
  /** UUID: the same at all who have it. */
  file: string
  document: { type: string; name: string; reference: string; item: number | null }
  version: number
  /** UUID of the file whose place it took. */
  replaces: string | null
  /** A later version is here. */
  superseded: boolean
  name: string
  mediaType: string
  size: number
  /** SHA-256, hexadecimal. */
  digest: string
  /** Administration where it was attached. */
  origin: Named
  addedBy: string
  addedAt: string
  /** When it came; null for one that was attached here. */
  receivedAt: string | null
}

/** A request for files, from here or from another administration. */
export interface FileRequestRow {
  id: string
  direction: 'in' | 'out'
  /** The other administration. */
  party: Named
  /** The office that asks. */
  office: OfficeView
  officer: string
  askedAt: string
  /** Null: of all documents. */
  document: { type: string; reference: string } | null
  reason: string
  state: 'asked' | 'waiting' | 'given' | 'refused'
  /** Why it was refused: words are `fileCode.<code>`. */
  code: string
  note: string
  settledAt: string | null
  /** Of the answer. `outcome`: `taken` when it is here or the other side has it, else what is known: words are `fileOutcome.<outcome>`. */
  files: { name: string; size: number; outcome: string }[]
  /** This officer may give or refuse. */
  mayDecide: boolean
}

/** Everything about the files of a movement that this user may see and do. */
export interface MovementFiles {
  files: FileRow[]
  requests: FileRequestRow[]
  mayAttach: boolean
  /** The administration that may be asked; null when this user may not ask. */
  mayAsk: Named | null
  /** Documents that the declaration names: files belong to one of them. */
  documents: DeclaredDocument[]
  limits: { fileBytes: number; movementBytes: number; movementFiles: number }
}

/** The files of a movement as an account sees them. @param record the one that this account may see */
export async function movementFiles(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  record: Pick<StoredMovement, 'id' | 'mrn' | 'role' | 'data'>,
): Promise<MovementFiles> {
  const isOfficer = deskOf(account) !== undefined
  const kept = await filesFor(tx, record)
  const requests = isOfficer && record.mrn !== '' ? await files.requestsOf(tx, record.mrn) : []
  const { fileBytes, movementBytes, movementFiles: count } = settingsOf(ports)
  const keeper = isOfficer ? keeperOf(ports, record) : undefined
  return {
    files: kept.map((file) => fileRow(ports, file)),
    requests: requests.map((request) => requestRow(ports, request, kept, record.role === 'departure')),
    mayAttach: record.role === 'departure',
    mayAsk: keeper === undefined ? null : { id: keeper, name: ports.directory.nameOf(keeper) },
    documents: declaredDocuments(record),
    limits: { fileBytes, movementBytes, movementFiles: count },
  }
}

/** The administration that has the files of a movement, where that is another one and an office on the way may ask it. */
export function keeperOf(
  { directory }: CaseworkPorts,
  { role, mrn }: Pick<StoredMovement, 'role' | 'mrn'>,
): string | undefined {
  if (role !== 'transit' && role !== 'exit' && role !== 'destination') return undefined
  const party = directory.administration(mrn.slice(2, 4))
  return party === directory.party ? undefined : party
}

/** One file for a list. */
export function fileRow(ports: CaseworkPorts, file: files.StoredFile): FileRow {
  const { directory, law } = ports
  const { id, version, replaces, superseded, name, mediaType, size, item } = file
  const title = ['CL213', 'CL754', 'CL214', 'CL380']
    .map((list) => law.codeLists.text(list, file.documentType))
    .find((text) => text !== undefined && text !== '')
  return {
    id,
    file: file.file,
    document: { type: file.documentType, name: title ?? file.documentType, reference: file.documentReference, item },
    version,
    replaces,
    superseded,
    name,
    mediaType,
    size,
    digest: hex(file.digest),
    origin: { id: file.origin, name: directory.nameOf(file.origin) },
    addedBy: file.origin === directory.party ? directory.nameOf(file.addedBy) : file.addedBy,
    addedAt: file.addedAt.toISOString(),
    receivedAt: file.receivedAt?.toISOString() ?? null,
  }
}

function requestRow(
  { directory }: CaseworkPorts,
  request: files.FileRequest,
  kept: readonly files.StoredFile[],
  isDeparture: boolean,
): FileRequestRow {
  const { id, direction, party, state, code, note, reason, documentType: type, documentReference: reference } = request
  const isHere = (file: string) => kept.some((each) => each.origin === party && each.file === file)
  return {
    id,
    direction,
    party: { id: party, name: directory.nameOf(party) },
    office: officeView(directory, request.office),
    officer: direction === 'out' ? directory.nameOf(request.askedBy) : request.askedBy,
    askedAt: request.askedAt.toISOString(),
    document: type === '' ? null : { type, reference },
    reason,
    state,
    code,
    note,
    settledAt: request.settledAt?.toISOString() ?? null,
    files: request.files.map(({ file, name, size, outcome }) => ({
      name,
      size,
      outcome: request.fates[file] ?? (direction === 'out' && isHere(file) ? 'taken' : outcome),
    })),
    mayDecide: direction === 'in' && state === 'waiting' && isDeparture,
  }
}
