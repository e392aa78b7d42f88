import { type MessageObject, openObject, type ReceiptObject, sealObject } from '@corridor/sealed'
import { sql } from '../context.ts'
import { longestConversation } from '../limits.ts'
import { writeJournal } from '../journal.ts'
import type { CarriedPartner } from '../model.ts'
import type { ReceiveContext } from '../receive.ts'
import { redacted } from '../telling.ts'
import type { CarriedObject } from './carrier.ts'
import { digestOf, messageIdOf, ownKeys, objectMediaType, sealedFor, signerOf } from './way.ts'

/**
 * What became of an object. `taken`: it is on disk, or settled what it is a receipt for · `refused`: journalled, and answered where its
 * sender is known · `later`: it is too early for it, or its signer is not known here yet. `answer` is to be put for its sender before the object is marked.
 */
export interface Taken {
  as: 'taken' | 'refused' | 'later'
  answer?: CarriedObject
  /** Which of this node's queues may have something new. */
  wakes?: 'inbox' | 'outbox'
}

/** What is known of an object beside itself. */
export interface Look {
  /** It was looked at before, and left for later. */
  again: boolean
  /** Its place believes that its time is not over. */
  lasts: boolean
}

/**
 * Takes on what lies at a third place for this node. Everything about it is hostile until its signature is verified: what stands beside
 * the bytes only says whose certificate is to be tried. Rejects only when this node cannot store.
 */
export async function takeObject(
  context: ReceiveContext,
  place: string,
  object: CarriedObject,
  look: Look,
): Promise<Taken> {
  const began = context.clock().getTime()
  const { outcome, party, ...taken } = await judge(context, place, object, look)
  if (outcome !== undefined)
    context.meter({ what: 'reception', outcome, party, seconds: (context.clock().getTime() - began) / 1000 })
  return taken
}

type Judged = Taken & { outcome?: 'taken' | 'repeated' | 'conflicting' | 'refused' | 'signal'; party?: string }

async function judge(
  context: ReceiveContext,
  place: string,
  object: CarriedObject,
  { again, lasts }: Look,
): Promise<Judged> {
  const partner = context.carried.get(object.sender)
  if (partner === undefined || partner.place !== place)
    return refuse(context, place, object, {
      code: 'unknown-sender',
      detail: 'no partner that is reached by this place',
    })
  // Whether it is of the one in whose name it lies here; no certificate that comes would help otherwise.
  let isTheirs = true
  const opened = await openObject(object.bytes, {
    own: ownKeys(context),
    party: context.party,
    purpose: partner.agreement,
    senderCertificates: (party) => {
      isTheirs = party === partner.party
      return isTheirs ? partner.certificates : []
    },
    now: context.clock(),
  })
  if (opened.kind === 'refused') {
    // One of a clock that is ahead.
    if (opened.code === 'not-yet-valid') return { as: 'later' }
    // Signed with a certificate that is missing here, and may come: its sender, who has it, makes no other object. A person has to know.
    if (opened.code === 'unknown-sender' && isTheirs) {
      if (!again) await noteRefused(context, place, object, opened)
      return { as: 'later' }
    }
    // By one clock its time is over and by another it is not. Were ours the wrong one, all that comes would be thrown away unread.
    if (opened.code === 'expired' && lasts) {
      if (!again) await noteClocks(context, place, object, partner)
      return { as: 'later' }
    }
    // Of an expired one its sender makes another by itself.
    const answered = opened.code === 'expired' ? undefined : partner
    return refuse(context, place, object, opened, answered)
  }
  if (again) measureClock(context, object, partner)
  const { content, digest } = opened
  // The signature says who sent what; the place may have filed it otherwise.
  if (content.id !== object.id || content.kind !== object.kind)
    return refuse(
      context,
      place,
      object,
      { code: 'misfiled', detail: `it is the ${content.kind} ${content.id}` },
      partner,
    )
  return content.kind === 'message'
    ? await takeMessage(context, partner, object, content, digest)
    : await takeReceipt(context, partner, object, content)
}

async function takeMessage(
  context: ReceiveContext,
  partner: CarriedPartner,
  object: CarriedObject,
  content: MessageObject,
  digest: string,
): Promise<Judged> {
  const { party } = partner
  if (Buffer.byteLength(content.conversation) > longestConversation)
    return refuse(
      context,
      partner.place,
      object,
      { code: 'malformed-head', detail: 'a conversation id that is too long' },
      partner,
    )
  const receipt = await receiptFor(context, partner, { objectId: object.id, objectDigest: digest, outcome: 'accepted' })
  const incoming = {
    sender: party,
    messageId: content.messageId,
    link: 'carried' as const,
    recipient: content.addressee,
    conversation: content.conversation,
    documentType: content.documentType,
    refTo: content.refTo ?? null,
    madeAt: content.issuedAt,
    payload: content.document,
  }
  const evidence = {
    raw: { contentType: objectMediaType, body: object.bytes },
    receipt: { contentType: storedType(receipt, digest), body: receipt.bytes },
  }
  const accepted = await context.arrivals.add({ incoming, at: context.clock(), evidence })
  if (accepted.outcome === 'taken') return { as: 'taken', answer: receipt, wakes: 'inbox', outcome: 'taken', party }
  if (accepted.outcome === 'conflicting') {
    const reason = 'another document came under this message id before'
    const refusal = await receiptFor(context, partner, {
      objectId: object.id,
      objectDigest: digest,
      outcome: 'refused',
      reason,
    })
    return { as: 'refused', answer: refusal, outcome: 'conflicting', party }
  }
  const before = accepted.receipt && storedReceipt(receipt, accepted.receipt, digest)
  if (before === undefined)
    await writeJournal(context.db, context.clock(), [
      { kind: 'receipt.renewed', conversation: content.conversation, messageId: content.messageId, actor: party },
    ])
  return { as: 'taken', answer: before ?? receipt, outcome: 'repeated', party }
}

/** A receipt of the addressee: it has the message, or refuses it. One for what this node did not send, or sent anew, is only noted. */
async function takeReceipt(
  context: ReceiveContext,
  partner: CarriedPartner,
  object: CarriedObject,
  { objectId, objectDigest, outcome, reason }: ReceiptObject,
): Promise<Judged> {
  const { db, vault, clock } = context
  const { party } = partner
  const messageId = messageIdOf(objectId)
  const refusal = outcome === 'refused' ? redacted(`refused by the partner: ${reason ?? 'without a reason'}`) : null
  const settled = await db.run<{ state: 'sent' | 'receipted' | 'parked' }>(sql.settleCarried, [
    messageId,
    party,
    objectId,
    objectDigest,
    vault.seal('receipt', messageId, object.bytes),
    objectMediaType,
    clock(),
    refusal,
    sealedFor(context, partner),
  ])
  const [became] = settled
  if (became !== undefined) {
    const outcome = became.state === 'sent' ? 'unanswered' : became.state
    context.meter({ what: 'sending', outcome, party, again: false })
    return { as: 'taken', wakes: 'outbox', party }
  }
  const detail = { signal: 'receipt', objectId, objectDigest, outcome, from: party }
  await writeJournal(db, clock(), [{ kind: 'signal.unexpected', detail }])
  return { as: 'taken', outcome: 'signal' }
}

/** @param partner whom to answer; nobody where who sent it is not known */
async function refuse(
  context: ReceiveContext,
  place: string,
  object: CarriedObject,
  { code, detail }: { code: string; detail: string },
  partner?: CarriedPartner,
): Promise<Judged> {
  const { digest, refusalId } = await noteRefused(context, place, object, { code, detail })
  if (partner === undefined || object.kind === 'receipt') return { as: 'refused', outcome: 'refused' }
  // The same for all that is wrong: who tries keys or signatures learns nothing by it.
  const reason = `the object could not be verified; our journal tells why under ${refusalId}`
  const answer = await receiptFor(context, partner, {
    objectId: object.id,
    objectDigest: digest,
    outcome: 'refused',
    reason,
  })
  return { as: 'refused', answer, outcome: 'refused' }
}

/** A person has to know: until one of the clocks is set right, nothing of this place is taken. */
async function noteClocks(
  context: ReceiveContext,
  place: string,
  object: CarriedObject,
  partner: CarriedPartner,
): Promise<void> {
  const [now, end] = [context.clock().toISOString(), object.expiresAt.toISOString()]
  const there = object.shownAt === undefined ? '' : ` (${object.shownAt.toISOString()})`
  const detail = `it lasts until ${end}; by our clock (${now}) that is over, and by that of ${place}${there} it is not: one of them is wrong. The object is kept`
  await noteRefused(context, place, object, { code: 'clocks-differ', detail })
  measureClock(context, object, partner)
  context.log(
    'error',
    'an object is over by our clock and not by that of its place: one of them is wrong, and it is kept',
    {
      place,
      party: partner.party,
      now,
      there: object.shownAt?.toISOString(),
      expires: end,
    },
  )
}

/** Where a place tells its time: that of a partner that is reached by it is not known otherwise. */
function measureClock({ meter, clock }: ReceiveContext, { shownAt }: CarriedObject, { party }: CarriedPartner): void {
  if (shownAt !== undefined) meter({ what: 'partner-clock', party, aheadMs: shownAt.getTime() - clock().getTime() })
}

/** @returns under which id the journal tells why, and of which bytes */
async function noteRefused(
  context: ReceiveContext,
  place: string,
  { bytes, sender, id, kind }: CarriedObject,
  { code, detail }: { code: string; detail: string },
): Promise<{ digest: string; refusalId: string }> {
  const digest = digestOf(bytes)
  const refusalId = context.newId()
  // What stands beside the object was not verified: it is told as a claim.
  const claimed = { sender, id, kind }
  await writeJournal(context.db, context.clock(), [
    { kind: 'message.refused', messageId: refusalId, detail: { code, detail, place, digest, claimed } },
  ])
  return { digest, refusalId }
}

async function receiptFor(
  context: ReceiveContext,
  { party, agreement, certificates }: CarriedPartner,
  said: Pick<ReceiptObject, 'objectId' | 'objectDigest' | 'outcome' | 'reason'>,
): Promise<CarriedObject> {
  const issuedAt = context.clock()
  const expiresAt = new Date(issuedAt.getTime() + context.patience.objectLifeMs)
  const head = { id: context.newId(), kind: 'receipt' as const, sender: context.party, addressee: party, expiresAt }
  const bytes = await sealObject(
    { ...head, purpose: agreement, issuedAt, ...said },
    signerOf(context),
    certificates[0]!,
  )
  return { ...head, bytes }
}

/** How a receipt is kept with its message: with what is needed to put it again, and for which object it is. */
function storedType({ id, expiresAt }: CarriedObject, digest: string): string {
  return `${objectMediaType}; id="${id}"; expires="${expiresAt.toISOString()}"; of="${digest}"`
}

/** The receipt that was given before, where it is for this very object; otherwise its sender could not tell what it is for. */
function storedReceipt(
  fresh: CarriedObject,
  { contentType, body }: { contentType: string; body: Uint8Array },
  digest: string,
): CarriedObject | undefined {
  const [, id, expires, of] = /; id="([^"]+)"; expires="([^"]+)"; of="([0-9a-f]+)"$/.exec(contentType) ?? []
  if (id === undefined || expires === undefined || of !== digest) return undefined
  return { ...fresh, id, expiresAt: new Date(expires), bytes: body }
}
