/** Documents of reference data, each handled in the exchange's transaction. Whatever a partner sends: none of it parks a worker. */
import type { Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import { reference } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { takeAcknowledgement, takeRequest } from './answer.ts'
import { mismatchOf, receptionOf } from './decide.ts'
import {
  type ReferenceData,
  type ReferenceDocument,
  referenceDocuments,
  readReferenceData,
  readVersionHead,
  type VersionHead,
} from './documents.ts'
import { acknowledge, ask, note, nothing, refuse } from './notes.ts'

/** Whether a message of a partner is about reference data. */
export function isAboutReference({ link, documentType }: InboxMessage): boolean {
  return link === 'partner' && (referenceDocuments as readonly string[]).includes(documentType)
}

/** Handles one message about reference data. */
export async function handleReference(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<Handled> {
  switch (message.documentType as ReferenceDocument) {
    case 'ReferenceData':
      return takeData(ports, tx, message)
    case 'ReferenceDataRequest':
      await takeRequest(ports, tx, message)
      return { done: true }
    case 'ReferenceDataAcknowledgement':
      await takeAcknowledgement(ports, tx, message)
      return { done: true }
  }
}

async function takeData(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<Handled> {
  const read = readReferenceData(message.payload)
  if (typeof read === 'string') {
    const { list, version } = readVersionHead(message.payload) ?? {
      list: { id: conversationList(message) },
      version: 0,
    }
    await refuse(ports, tx, message, { list: list.id, version, reason: read })
    return { done: true }
  }
  const { id } = read.list
  const [source, owner] = [await reference.sourceOf(tx, id), await reference.ownerOf(tx, id)]
  // What its sender owns and we do not take is as unknown as what nobody declared: it takes a subscription.
  const isKnown = owner !== undefined && (source !== undefined || owner !== message.sender)
  const held = source ?? nothing
  const known = isKnown ? { ...held, ...(owner !== null && { owner }) } : undefined
  const reception = receptionOf(read, message.sender, known, await reference.partsOf(tx, id))
  switch (reception.do) {
    case 'refuse':
      await refuseData(ports, tx, message, read, held, reception.reason)
      break
    case 'acknowledge-held':
      await note(ports, tx, message, { kind: 'reference.held', list: id, version: read.version })
      await acknowledge(ports, tx, message, {
        list: id,
        version: read.version,
        outcome: 'held',
        holds: holdingOf(held),
      })
      break
    case 'catch-up':
      await catchUp(ports, tx, message, read, source!, holdingOf(held))
      break
    case 'keep-part':
      if (reception.anew) await reference.forgetParts(tx, id)
      await reference.keepPart(tx, { ...read, list: id, payload: message.payload }, ports.clock())
      break
    case 'apply':
      return apply(ports, tx, message, read, source!)
  }
  return { done: true }
}

/** Applies a version of which every part is there. */
async function apply(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  data: ReferenceData,
  source: reference.Source,
): Promise<Handled> {
  const { id } = data.list
  const at = ports.clock()
  const version = { ...data, list: id, owner: source.owner }
  const country = ports.reference?.find((list) => list.id === id && list.kind === 'national')?.country
  const done = await reference.applyOwnersVersion(tx, version, piecesOf(tx, data), {
    held: source.version,
    at,
    country,
  })
  if (done.outcome === 'busy' && !message.lastTry) return { wait: { reason: done.reason } }
  await reference.forgetParts(tx, id)
  if (done.outcome === 'applied') {
    const holds = { version: data.version, digest: data.digest }
    await reference.noteTaken(tx, id, holds, at)
    await note(ports, tx, message, { kind: 'reference.taken', list: id, version: data.version })
    await acknowledge(ports, tx, message, { list: id, version: data.version, outcome: 'taken', holds })
    return { done: true }
  }
  const after =
    done.outcome === 'unlike' ? mismatchOf(data, done.found) : { do: 'refuse' as const, reason: done.reason }
  if (after.do === 'catch-up') await catchUp(ports, tx, message, data, source, nothing)
  else if (after.do === 'refuse') await refuseData(ports, tx, message, data, source, after.reason)
  return { done: true }
}

/** The parts in their order, each read when its turn comes. */
async function* piecesOf(tx: Tx, last: ReferenceData): AsyncGenerator<reference.VersionPiece> {
  for (let part = 1; part <= last.parts; part += 1) {
    const kept = part === last.part ? undefined : await reference.partPayload(tx, last.list.id, part)
    const read = kept === undefined ? last : readReferenceData(kept)
    if (typeof read === 'string')
      throw new Error(`part ${part} of ${last.list.id} was kept and cannot be read: ${read}`)
    const entries = read.entries.map((entry, at) => ({ line: read.removed.length + at + 2, entry }))
    yield { place: last.parts > 1 ? `part ${part}, ` : '', removed: read.removed, entries }
  }
}

/** Asks the owner for what is missing: once because of a version, so that two nodes do not ask and answer for ever. */
async function catchUp(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  head: VersionHead,
  source: reference.Source,
  holds: reference.Holding,
): Promise<void> {
  const { list, version, previous } = head
  await reference.forgetParts(tx, list.id)
  if (source.askedFor >= version) {
    const reason = `version ${version} goes on from ${previous}, which is not what is here (${source.version}), and you were asked for all of it`
    await refuseData(ports, tx, message, head, source, reason)
    return
  }
  await reference.noteAsked(tx, list.id, ports.clock(), version)
  await note(ports, tx, message, { kind: 'reference.missed', list: list.id, version })
  await ask(ports, tx, source.owner, { list: list.id, request: 'catch-up', holds })
}

function refuseData(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  { list, version }: VersionHead,
  held: reference.Holding,
  reason: string,
): Promise<void> {
  return refuse(ports, tx, message, { list: list.id, version, holds: holdingOf(held), reason })
}

const holdingOf = ({ version, digest }: reference.Holding): reference.Holding => ({ version, digest })

/** The list that a message is about when its document does not say so. */
const conversationList = ({ conversation }: InboxMessage): string =>
  /^reference ([!-~]{1,100})$/.exec(conversation)?.[1] ?? '?'
