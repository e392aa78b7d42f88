import { type Account, deskOf, files, findMovement, type IdempotentRequest, readMovement } from '@corridor/registry'
import { onceFor } from '../acts.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { ActRefusal, Done, FieldError } from '../view.ts'
import { writeNote } from './documents.ts'
import { announceFiles, noteFile, sendTo } from './notes.ts'
import { filesFor } from './records.ts'
import { keeperOf, type MovementFiles, movementFiles } from './view.ts'

/** What an officer asks the administration of departure for. */
export interface AskRequest {
  /** Null: every document. */
  document: { type: string; reference: string } | null
  /** Why: both journals keep it. */
  reason: string
  idempotency: IdempotentRequest
}

/** What came of asking, or of deciding on what was asked. */
export type FilesOutcome = Done<{ files: MovementFiles }> | ActRefusal

/** Asks the administration of departure for the files of a movement that the officer's office has. */
export async function askForFiles(
  ports: CaseworkPorts,
  account: Account,
  reference: string,
  request: AskRequest,
): Promise<FilesOutcome> {
  const errors = wrongsOf(request)
  if (errors.length > 0) return { kind: 'invalid', errors }
  return onceFor(ports, request.idempotency, async (tx): Promise<FilesOutcome> => {
    const desk = deskOf(account)
    const record = desk && (await readMovement(tx, reference, desk.role, desk.office))
    if (record === undefined) return { kind: 'not-found' }
    const party = keeperOf(ports, record)
    if (party === undefined)
      return {
        kind: 'forbidden',
        detail: 'Only an office on the way, of another country than that of departure, asks for files.',
      }
    // Two at once must not both find that nobody has asked.
    await findMovement(tx, reference, record.role, record.office)
    const { type = '', reference: number = '' } = request.document ?? {}
    const open = (await files.requestsOf(tx, record.mrn)).find(
      (each) =>
        each.direction === 'out' &&
        each.state === 'asked' &&
        each.office === record.office &&
        each.documentType === type &&
        each.documentReference === number,
    )
    if (open !== undefined)
      return { kind: 'conflict', detail: `This was asked at ${open.askedAt.toISOString()} and is not answered yet.` }
    const asked = { request: ports.newId(), askedAt: ports.clock(), reason: request.reason.trim() }
    const about = { party, mrn: record.mrn, office: record.office, documentType: type, documentReference: number }
    await files.openRequest(tx, { direction: 'out', ...about, ...asked, askedBy: account.id, state: 'asked' })
    const have = (await filesFor(tx, record)).filter(({ origin }) => origin === party).map(({ file }) => file)
    const payload = writeNote({
      request: asked.request,
      mrn: record.mrn,
      office: record.office,
      officer: account.name,
      askedAt: asked.askedAt.toISOString(),
      reason: asked.reason,
      document: request.document,
      have,
    })
    await sendTo(ports, tx, party, { type: 'SupportingDocumentsRequest', mrn: record.mrn, payload })
    await noteFile(ports, tx, {
      code: 'files-asked',
      conversation: record.mrn,
      actor: account.id,
      role: record.role,
      office: record.office,
      note: `${type === '' ? '' : `${type} ${number} · `}${asked.reason}`,
      facts: { request: asked.request, party, documentType: type, documentReference: number },
    })
    await announceFiles(ports, tx, record.mrn)
    return { kind: 'done', files: await movementFiles(ports, tx, account, record) }
  })
}

const unfit = /\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Bidi_Control}/u

function wrongsOf({ document, reason }: AskRequest): FieldError[] {
  const errors: FieldError[] = []
  if (reason.trim() === '') errors.push({ field: 'reason', remedy: 'Say why: the journals of both sides keep it.' })
  else if (reason.trim().length > 500) errors.push({ field: 'reason', remedy: 'Shorten this to 500 characters.' })
  else if (unfit.test(reason))
    errors.push({
      field: 'reason',
      remedy: 'Use letters, digits and punctuation only; no line breaks or hidden characters.',
    })
  if (document !== null && !/^[A-Z0-9]{1,10}$/.test(document.type))
    errors.push({
      field: 'type',
      value: document.type.slice(0, 100),
      remedy: 'Give the type code of the document: N380.',
    })
  const { reference = '-' } = document ?? {}
  if (reference.length < 1 || reference.length > 70 || unfit.test(reference))
    errors.push({ field: 'reference', remedy: 'Give the reference number of the document as the declaration has it.' })
  return errors
}
