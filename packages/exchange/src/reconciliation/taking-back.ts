import { openDisclosed } from '@corridor/as4'
import type { Tx } from '@corridor/database'
import { openDisclosed as openDisclosedObject, openObject } from '@corridor/sealed'
import { createHash, type X509Certificate } from 'node:crypto'
import { ownKeys } from '../carried/way.ts'
import type { Context } from '../context.ts'
import { longestConversation } from '../limits.ts'
import { writeJournal } from '../journal.ts'
import type { InboxMessage } from '../model.ts'
import { ourRun } from './asking.ts'
import { UnreadableReconciliation } from './documents.ts'
import { readReturned, type Returned } from './returned.ts'
import { sql } from './statements.ts'

/** What our own signature says of a message that came back. */
interface Proven {
  conversation: string
  documentType: string
  refTo: string | null
  madeAt: Date
  document: Uint8Array
  /** Whether the receipt beside it is the partner's, for just this message. */
  isReceipted: boolean
}

/**
 * Takes a message of ours back that this node does not remember. It is kept only when our own signature is over it, and when it is the one
 * that the partner has listed: as evidence, and so that the day is whole again. What follows from it is for a person to say.
 */
export async function takeReturned(context: Context, tx: Tx, message: InboxMessage): Promise<void> {
  const returned = readReturned(message.payload)
  if (returned === undefined) throw new UnreadableReconciliation('what was given back cannot be read')
  const { messageId } = returned
  const run = await ourRun(tx, message, returned.run)
  const [awaited] = await tx.run<{ digest: Buffer }>(sql.awaitedReturn, [run.number, messageId])
  if (awaited === undefined || run.repair === null) throw new UnreadableReconciliation(`${messageId} was not asked for`)
  const proven = await provenBy(context, message.sender, returned)
  const wrong =
    typeof proven === 'string'
      ? proven
      : createHash('sha256').update(proven.document).digest().equals(awaited.digest)
        ? undefined
        : 'it is another document than the one that was listed'
  const now = context.clock()
  if (wrong !== undefined || typeof proven === 'string') {
    await tx.run(sql.tellDifferences, [run.number, [messageId], [`it came back, and is not ours: ${wrong}`]])
    const detail = { run: run.run, reason: wrong }
    await writeJournal(tx, now, [{ kind: 'message.return-refused', messageId, actor: message.sender, detail }])
    return
  }
  const { vault } = context
  const { conversation, documentType, refTo, madeAt, document, isReceipted } = proven
  const { signed, receipt } = returned
  await tx.run(sql.addReturned, [
    run.partner,
    messageId,
    conversation,
    documentType,
    refTo,
    madeAt,
    vault.seal('payload', messageId, document),
    awaited.digest,
    vault.seal('sealed', messageId, signed.body),
    signed.contentType,
    vault.seal('receipt', messageId, receipt.body),
    receipt.contentType,
    isReceipted,
    run.number,
    now,
  ])
  const detail = { run: run.run, type: documentType, receipted: isReceipted }
  await writeJournal(tx, now, [{ kind: 'message.returned', conversation, messageId, actor: message.sender, detail }])
}

/** Verifies what came back with our own certificate; a text says why it does not hold. */
async function provenBy(context: Context, party: string, returned: Returned): Promise<Proven | string> {
  const proven =
    returned.link === 'as4' ? provenMessage(context, party, returned) : await provenObject(context, party, returned)
  if (typeof proven === 'string') return proven
  return Buffer.byteLength(proven.conversation) > longestConversation ? 'its conversation id is too long' : proven
}

/** The certificates by which this node may have signed: that of now first, then what it changes over from or to. */
const ownCertificates = ({ certificate, alsoDecrypts = [] }: Context['identity']): X509Certificate[] => [
  certificate,
  ...alsoDecrypts.map((pair) => pair.certificate),
]

function provenMessage(context: Context, party: string, { messageId, signed, receipt }: Returned): Proven | string {
  const { identity, sealing, clock } = context
  const partner = context.partners.get(party)
  if (partner === undefined) return `${party} is not reached by AS4 any more`
  const tried = ownCertificates(identity).map((signer) => openDisclosed(signed, { pmode: partner.sending, signer }))
  const opened = tried.find(({ kind }) => kind === 'user') ?? tried[0]!
  if (opened.kind === 'refused') return opened.detail
  const { message, references } = opened
  const [part, ...more] = message.parts
  if (message.messageId !== messageId || message.to.id !== party || message.from.id !== context.party)
    return 'it is another message than it is said to be'
  if (part === undefined || more.length > 0) return 'it has not one document'
  const seen = sealing.readResponse(receipt, {
    sent: { messageId, references },
    pmode: partner.sending,
    now: clock(),
  })
  return {
    conversation: message.conversationId,
    documentType: message.action,
    refTo: message.refToMessageId ?? null,
    madeAt: message.timestamp,
    document: part.bytes,
    isReceipted: seen.kind === 'receipt',
  }
}

async function provenObject(
  context: Context,
  party: string,
  { messageId, signed, receipt }: Returned,
): Promise<Proven | string> {
  const { identity, clock } = context
  const tried = await Promise.all(ownCertificates(identity).map((signer) => openDisclosedObject(signed.body, signer)))
  const opened = tried.find(({ kind }) => kind === 'opened') ?? tried[0]!
  if (opened.kind === 'refused') return opened.detail
  const { content } = opened
  if (content.kind !== 'message' || content.messageId !== messageId)
    return 'it is another message than it is said to be'
  if (content.addressee !== party || content.sender !== context.party) return 'it is of other parties'
  const partner = context.carried.get(party)
  const seen =
    partner &&
    (await openObject(receipt.body, {
      own: ownKeys(context),
      party: context.party,
      purpose: partner.agreement,
      senderCertificates: (sender) => (sender === party ? partner.certificates : []),
      now: clock(),
    }))
  const isReceipted =
    seen?.kind === 'opened' &&
    seen.content.kind === 'receipt' &&
    seen.content.objectId === content.id &&
    seen.content.outcome === 'accepted'
  return {
    conversation: content.conversation,
    documentType: content.documentType,
    refTo: content.refTo ?? null,
    madeAt: content.issuedAt,
    document: content.document,
    isReceipted,
  }
}
