/** What comes from the central services, and what partners ask about systems: documents about no one movement. */
import { dateTimeOf, type Doc, type Finding } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import { type InboxMessage, sentMessage } from '@corridor/exchange'
import {
  afterNotices,
  availabilityAnswer,
  noticesIn,
  reason,
  type Service,
  systemIn,
  text,
  type Unavailability,
  warningIn,
} from '@corridor/procedures'
import { services } from '@corridor/registry'
import { type Answered, messageIdOf, sendAll } from '../outgoing.ts'
import type { CaseworkPorts } from '../ports.ts'
import { shortNote } from '../short-note.ts'

/** What such documents belong to where they name no movement: they are handled one after the other, as they came. */
export const servicesConversation = 'services'

/** What changes screens of every officer. */
export const availabilityTopic = 'availability'

/** Who may send it: the central services' own account, or a partner over its link. */
export function serviceSender({ law }: CaseworkPorts, message: InboxMessage, { from }: Service, doc: Doc): Finding[] {
  if (from === 'central')
    return message.link === 'api' && systemIn(message.sender) === 'central' ? [] : [reason(law, 'N0090', doc)]
  return message.link === 'partner' ? [] : [reason(law, 'N0008', doc)]
}

/** Takes a right one in, in the exchange's transaction. @returns what it belongs to */
export async function takeService(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  { type, doc }: { type: string; doc: Doc },
  answered: Answered,
): Promise<string> {
  switch (type) {
    case 'CD071C':
    case 'CD971C':
      return takeNotices(ports, tx, message, { type, doc })
    case 'CD903D':
      return takeWarning(ports, tx, message, doc)
    case 'CD974C':
      return answerPartner(ports, tx, message, doc, answered)
    default:
      return takeAnswer(ports, tx, message, doc)
  }
}

/** A notice says what is new; the schedule is all that is known of others. What is said of our own system we know better. */
async function takeNotices(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  { type, doc }: { type: string; doc: Doc },
): Promise<string> {
  await services.lockUnavailabilities(tx)
  const { country } = ports.directory
  const known = (await services.unavailabilities(tx)).filter((each) => !each.isOwn)
  const notices = noticesIn(doc).filter(({ unavailability }) => unavailability.country !== country)
  const before = type === 'CD971C' ? [] : known
  const after = afterNotices(before, notices)
  for (const each of known) await services.dropUnavailability(tx, each)
  const toldAt = new Map(known.map((each) => [JSON.stringify(plain(each)), each.toldAt]))
  for (const each of after) {
    const at = toldAt.get(JSON.stringify(plain(each))) ?? ports.clock()
    await services.keepUnavailability(tx, each, { isOwn: false, at, messageId: message.messageId })
  }
  await note(ports, tx, message, type === 'CD971C' ? 'schedule-taken' : 'notice-taken', {
    document: type,
    notices: notices.map(({ operation, unavailability }) => ({ operation, ...unavailability })),
  })
  await ports.exchange.announce(tx, availabilityTopic, '')
  return servicesConversation
}

/** What is said of an unavailability, without who said it and when. */
function plain(each: Unavailability): Unavailability {
  const { country, type, functionality, startsAt, endsAt, explanation, text: words, fallback, fallbackText } = each
  return { country, type, functionality, startsAt, endsAt, explanation, text: words, fallback, fallbackText }
}

/** A warning is kept with the statistics that it is about, or noted at the movement whose document it names; else in the journal alone. */
async function takeWarning(ports: CaseworkPorts, tx: Tx, message: InboxMessage, doc: Doc): Promise<string> {
  const { document, month, about, points } = warningIn(doc)
  const messageId = about === null ? '' : messageIdOf(ports, about)
  const at = ports.clock().toISOString()
  const warned = points.map((point) => ({ at, ...point }))
  if (await services.warnReport(tx, { messageId, month: month ?? '' }, warned)) {
    await note(ports, tx, message, 'statistics-warned', { document, month, points })
    return servicesConversation
  }
  const sent = messageId === '' ? undefined : await sentMessage(tx, messageId)
  const words = points.map(({ code, pointer, value }) => [code, pointer, value ?? ''].join(' ').trim()).join('; ')
  if (sent === undefined) {
    await note(ports, tx, message, 'warned', { document, month, points })
    return servicesConversation
  }
  await ports.exchange.journal(tx, [
    {
      kind: 'movement',
      conversation: sent.conversation,
      messageId: message.messageId,
      actor: message.sender,
      detail: { code: 'central-warning', document, note: shortNote(`${document}: ${words}`) },
    },
  ])
  return sent.conversation
}

/** A partner asks: the node answers by itself, whatever it knows of the movement. */
async function answerPartner(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  doc: Doc,
  answered: Answered,
): Promise<string> {
  const known = await services.unavailabilities(tx)
  const { country } = ports.directory
  const answer = availabilityAnswer(doc, { country, known, now: dateTimeOf(ports.clock()) })
  const mrn = text(doc, 'Header.MRN') ?? ''
  await sendAll(
    ports,
    tx,
    mrn,
    [{ type: 'CD975C', to: { party: message.sender }, doc: answer, answers: true }],
    answered,
  )
  await note(ports, tx, message, 'availability-answered', { status: text(answer, 'Header.status') }, mrn)
  return mrn
}

async function takeAnswer(ports: CaseworkPorts, tx: Tx, message: InboxMessage, doc: Doc): Promise<string> {
  const [mrn, status] = [text(doc, 'Header.MRN') ?? '', text(doc, 'Header.status') ?? '']
  const party = message.sender
  const wasAsked = await services.answerAvailability(tx, { party, mrn, status, at: ports.clock() })
  await note(ports, tx, message, wasAsked ? 'availability-told' : 'availability-not-asked', { status }, mrn)
  await ports.exchange.announce(tx, availabilityTopic, '')
  return mrn
}

async function note(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  code: string,
  detail: object,
  conversation = servicesConversation,
): Promise<void> {
  await ports.exchange.journal(tx, [
    {
      kind: 'service',
      conversation,
      messageId: message.messageId,
      actor: message.sender,
      detail: { code, ...detail },
    },
  ])
}
