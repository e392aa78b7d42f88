import { SealedFault, sealObject, type SealIdentity } from '@corridor/sealed'
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import type { CarriedPartner } from '../model.ts'
import type { LeasedRow } from '../sender.ts'
import { tellError } from '../telling.ts'
import type { ObjectReference, References, SealedBytes, Sent, Way } from '../way.ts'
import { isFinal } from './carrier.ts'
import { carrierAt } from './hub.ts'

/** Media type of a sealed object (RFC 8551, 3.4). */
export const objectMediaType = 'application/pkcs7-mime; smime-type=authEnveloped-data'

/** Of a document for which nothing else is told. */
const usualMediaType = 'application/xml'

/** An object that ends so soon would not be taken any more. */
const leastLifeMs = 3_600_000
/** How long an object lies at a hub at most. */
export const hubLifeMs = 3 * 86_400_000

/** Leaves sealed objects for a partner at a third place. */
export function carriedWay(context: Context, partner: CarriedPartner): Way {
  return {
    sealedBy: sealedFor(context, partner),
    seal: (row, document) => sealMessage(context, partner, row, document),
    isUsable: (references) => lifeLeftMs(context, objectIn(references)) > leastLifeMs,
    send: (row, sealed) => put(context, partner, row, sealed),
  }
}

/** The certificates of an object that is made now. */
export function sealedFor({ identity }: Pick<Context, 'identity'>, { certificates: [theirs] }: CarriedPartner): string {
  return ['object', identity.certificate.fingerprint256, theirs?.fingerprint256 ?? ''].join(' ')
}

/** Whether it is the message itself that no object can be made of. A certificate that is at fault may be another tomorrow. */
export function cannotBeSealed(error: unknown): error is SealedFault {
  return error instanceof SealedFault && (error.code === 'sealed.bad-value' || error.code === 'sealed.too-large')
}

/** What this node signs sealed objects with. */
export const signerOf = ({ identity: { certificate, privateKey } }: Pick<Context, 'identity'>): SealIdentity => ({
  certificate,
  privateKey,
})

/** SHA-256 in hexadecimal. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** What of this node's keys may open an object, which its sender may have made for one of before. */
export function ownKeys({ identity }: Pick<Context, 'identity'>): SealIdentity[] {
  const { encryption, alsoDecrypts = [] } = identity
  return [signerOf({ identity }), ...(encryption === undefined ? [] : [encryption]), ...alsoDecrypts]
}

async function sealMessage(
  context: Context,
  { party, agreement, certificates, place }: CarriedPartner,
  row: LeasedRow,
  document: Uint8Array,
): Promise<SealedBytes> {
  const { clock, mediaTypes } = context
  const now = clock()
  const expiresAt = new Date(now.getTime() + lifeMs(context, place))
  const id = nextObjectId(row)
  const body = await sealObject(
    {
      id,
      kind: 'message',
      sender: context.party,
      addressee: party,
      purpose: agreement,
      issuedAt: now,
      expiresAt,
      messageId: row.message_id,
      conversation: row.conversation,
      documentType: row.document_type,
      ...(row.ref_to !== null && { refTo: row.ref_to }),
      mediaType: mediaTypes[row.document_type] ?? usualMediaType,
      document,
    },
    signerOf(context),
    certificates[0]!,
  )
  const reference = { objectId: id, digest: digestOf(body), expiresAt: expiresAt.toISOString() }
  return { contentType: objectMediaType, body, references: [reference] }
}

/**
 * How long an object lies. At a hub it is not for long: one that was set back may have lost the addressee's receipt, and knows the object that
 * it forwarded. Only another object makes the addressee give its receipt again.
 */
function lifeMs({ places, patience }: Context, place: string): number {
  const known = places.get(place)
  return known !== undefined && 'hub' in known ? Math.min(patience.objectLifeMs, hubLifeMs) : patience.objectLifeMs
}

/** The first object of a message has its id; one that is made anew has that and a number. */
function nextObjectId({ message_id: messageId, sealed_references: before }: LeasedRow): string {
  const last = before === null ? undefined : objectIn(before)?.objectId
  // What was sealed for another way has no object.
  if (last === undefined || !last.startsWith(messageId)) return messageId
  return `${messageId}~${Number(last.slice(messageId.length + 1) || '1') + 1}`
}

/** The message to which an object belongs. */
export const messageIdOf = (objectId: string): string => objectId.replace(/~\d{1,9}$/, '')

function objectIn(references: References): ObjectReference | undefined {
  const [first] = references
  return first !== undefined && 'objectId' in first ? first : undefined
}

function lifeLeftMs({ clock }: Context, object: ObjectReference | undefined): number {
  return object === undefined ? 0 : Date.parse(object.expiresAt) - clock().getTime()
}

async function put(context: Context, partner: CarriedPartner, row: LeasedRow, sealed: SealedBytes): Promise<Sent> {
  const object = objectIn(sealed.references)
  if (object === undefined) return { park: 'the stored bytes are no sealed object' }
  try {
    const carried = {
      id: object.objectId,
      sender: context.party,
      addressee: row.recipient,
      kind: 'message' as const,
      expiresAt: new Date(object.expiresAt),
      bytes: sealed.body,
    }
    const carrier = carrierAt(context, partner.place)
    // Not at the first time, when nothing can lie there yet.
    if (row.tries > 1 && (await carrier.lies?.(carried)) === true) return { left: partner.place }
    const outcome = await carrier.put(carried)
    // Of a time that this node does not remember, because its database was restored or the message went another way in between.
    if (outcome === 'conflict') {
      const retry = `at ${partner.place} lies another object under the id ${object.objectId}; the message goes as a new one`
      return { retry, wholePartner: false, anew: true }
    }
    return { left: partner.place }
  } catch (error) {
    if (isFinal(error)) return { park: `${partner.place} does not take it: ${tellError(error)}` }
    return { retry: `${partner.place} takes nothing: ${tellError(error)}`, wholePartner: true }
  }
}
