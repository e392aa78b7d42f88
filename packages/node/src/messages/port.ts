import type { MessageDetailView, MessagesPort, MessageView } from '@corridor/api'
import { type Directory, isRefusalDocument, withoutAccessCodes } from '@corridor/casework'
import { type ConversationMessage, type Exchange, type MessageDetail, verdictOf, whyNot } from '@corridor/exchange'

/** The messages of the exchange as operators see them: with names, verdicts, and without access codes. */
export function messagesPort(exchange: Pick<Exchange, 'repair'>, directory: Pick<Directory, 'nameOf'>): MessagesPort {
  const { repair } = exchange
  const view = viewOf(directory)
  return {
    async list(filter, page) {
      const { messages, next } = await repair.find(filter, page)
      return { messages: messages.map((message) => view(message)), next }
    },
    count: (filter, upTo) => repair.count(filter, upTo),
    async detail(id) {
      const found = await repair.detail(id)
      return found && detailOf(view, found)
    },
    async bytes(id, kept) {
      const found = await repair.bytes(id, kept)
      if (found === undefined || kept !== 'document') return found
      return { ...found, body: withoutAccessCodes(found.body) }
    },
  }
}

type View = (message: ConversationMessage, refused?: boolean) => MessageView

function viewOf({ nameOf }: Pick<Directory, 'nameOf'>): View {
  const named = (id: string) => ({ id, name: nameOf(id) })
  return (message, refused) => {
    const { id, direction, sender, recipient, documentType, at, firstSentAt, receiptedAt, doneAt, ...same } = message
    return {
      ...same,
      id: `${direction}-${id}`,
      direction,
      type: documentType,
      from: named(sender),
      to: named(recipient),
      at: at.toISOString(),
      firstSentAt: firstSentAt?.toISOString() ?? null,
      receiptedAt: receiptedAt?.toISOString() ?? null,
      doneAt: doneAt?.toISOString() ?? null,
      verdict: verdictOf(message, refused),
    }
  }
}

function detailOf(view: View, found: MessageDetail): MessageDetailView {
  const { message, conversation, answers, refTo, journal, documentDigest, bytes, damaged, envelope, receipt } = found
  const refused = new Set(conversation.flatMap((each) => (isRefusalDocument(each.documentType) ? [each.refTo] : [])))
  const row = (each: ConversationMessage): MessageView => view(each, refused.has(each.messageId))
  return {
    ...row(message),
    documentDigest,
    bytes,
    damaged,
    envelope,
    receipt,
    journal: journal.map(({ at, kind, actor, office, detail }) => ({ at, kind, actor, office, detail })),
    answersTo: refTo && { id: refTo.id, type: refTo.documentType, state: refTo.state },
    answers: answers.map(row),
    batches: found.batches.map(batchOf),
    messages: conversation.map(row),
  }
}

function batchOf(batch: MessageDetail['batches'][number]): MessageDetailView['batches'][number] {
  const { id, act, reason, state, requestedBy, requestedName, requestedAt, decidedBy, decidedName, decidedAt } = batch
  return {
    id,
    act,
    reason,
    state,
    outcome: batch.outcome,
    requestedBy: { id: requestedBy, name: requestedName },
    requestedAt: requestedAt.toISOString(),
    decidedBy: decidedBy === null ? null : { id: decidedBy, name: decidedName ?? decidedBy },
    decidedAt: decidedAt?.toISOString() ?? null,
    words: batch.why && whyNot[batch.why],
  }
}
