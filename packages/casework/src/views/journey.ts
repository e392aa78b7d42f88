import type { ConversationMessage, JournalLine } from '@corridor/exchange'
import { isFor, type Movement, type Role, type Route, systemIn } from '@corridor/procedures'
import type { CaseworkPorts } from '../ports.ts'
import { guaranteeOfficeOf } from './offices.ts'
import type { JourneyEvent, JourneyMessage, Lane, LaneRole, MessageRow, MovementView, Named, Tone } from '../view.ts'

/** Tones of what happened; what is not here is information. */
const toneOfEvent: Record<string, Tone> = {
  controlled: 'warn',
  released: 'ok',
  'goods-released': 'ok',
  'written-off': 'ok',
  'guarantee-refused': 'bad',
  refused: 'bad',
  results: 'bad',
  crossed: 'ok',
  left: 'ok',
  incident: 'warn',
  'record-refused': 'bad',
  'export-confirmed': 'ok',
  'export-refused': 'bad',
  diverted: 'warn',
}

/** What casework writes about a movement into the journal. */
interface Note {
  role?: string
  at?: string
  code?: string
  state?: string
  note?: string
  type?: string
}

/** The note in a line of the journal; texts only, since the journal holds what others wrote too. */
export function noteOf(entry: JournalLine): Note {
  const detail = typeof entry.detail === 'object' && entry.detail !== null ? Object.entries(entry.detail) : []
  return Object.fromEntries(detail.filter(([, value]) => typeof value === 'string' && value !== '')) as Note
}

/** Inbox and outbox number their rows each for itself. */
const idOf = (message: ConversationMessage): string => `${message.direction}-${message.id}`

/** The role that stands in the name of an office group: CustomsOfficeOfTransitActual → transit. */
function roleOfGroup(group: string): LaneRole | undefined {
  return (['departure', 'transit', 'exit', 'destination'] as const).find((role) =>
    group.toLowerCase().includes(`of${role}`),
  )
}

/** Offices that a document may be from, whatever their role on the way: who asks, who registers an incident, who answers an enquiry. */
const anyOnTheWay: Record<string, LaneRole[]> = {
  CustomsOfficeOfRequest: ['destination', 'transit', 'exit'],
  CustomsOfficeOfIncidentRegistration: ['transit', 'exit', 'destination'],
}

/**
 * The roles in which an office may send a document, the likeliest first: those that its groups name, or any on the way; of a competent
 * authority departure, or destination when it writes to departure.
 */
function senderRoles({ sender, senderOffice, targets }: Route): Role[] {
  if (sender === 'guarantee') return ['guarantee']
  if (sender === 'mrn') return ['departure']
  if (sender !== 'office') return []
  const named = senderOffice.split('|').flatMap((group) => roleOfGroup(group) ?? anyOnTheWay[group] ?? [])
  if (named.length > 0) return named
  return targets.some(({ role }) => role === 'departure') ? ['destination'] : ['departure']
}

/** The role of those of a sender that is meant in a record: its own, if it is one of them. */
const senderIn = (known: Route, { role }: Movement): Role | undefined =>
  senderRoles(known).find((each) => each === role) ?? senderRoles(known)[0]

/** Where a document between offices goes: from lane to lane, undefined for documents to traders and to offices of guarantee. */
function lanesOf(
  ports: CaseworkPorts,
  movement: Movement,
  route: Lane[],
  message: ConversationMessage,
): { from: number; to: number } | undefined {
  const known = ports.law.routes.get(message.documentType)
  const fromRole = known && senderIn(known, movement)
  const toRole = known && toRoleOf(known, movement)
  if (fromRole === undefined || toRole === undefined || !isLane(toRole) || !isLane(fromRole)) return undefined
  const from = route.findIndex((lane) => lane === laneOf(ports, movement, route, fromRole, message.sender))
  const to = route.findIndex((lane) => lane === laneOf(ports, movement, route, toRole, message.recipient))
  return from < 0 || to < 0 || from === to ? undefined : { from, to }
}

/**
 * The lane of a role: our own where the role is ours. Where goods pass offices of transit in several countries, the one of the
 * administration that the message is from or for.
 */
function laneOf(
  { directory }: CaseworkPorts,
  movement: Movement,
  route: Lane[],
  role: LaneRole,
  party: string,
): Lane | undefined {
  const lanes = route.filter((lane) => lane.role === role)
  const isTheirs = ({ office, own }: Lane): boolean =>
    role === movement.role ? own : directory.office(office.ref)?.party === party
  return lanes.find(isTheirs) ?? lanes[0]
}

/** The role that a document goes to: our own where it is for several. */
function toRoleOf({ targets }: Route, { role }: Movement): Role | undefined {
  return (targets.find((target) => target.role === role) ?? targets[0])?.role
}

const isLane = (role: Role): role is LaneRole => role !== 'guarantee'

/** The picture of a movement: what happened in which lane, and which messages went between lanes. */
export function journeyOf(
  ports: CaseworkPorts,
  movement: Movement,
  route: Lane[],
  messages: ConversationMessage[],
  journal: JournalLine[],
): MovementView['journey'] {
  const events = journal.flatMap((entry): JourneyEvent[] => {
    const lane = laneOfEntry(movement, route, entry)
    if (entry.kind !== 'movement' || lane === undefined) return []
    const code = noteOf(entry).code ?? ''
    return [{ id: entry.id, lane, at: entry.at.toISOString(), code, tone: toneOfEvent[code] ?? 'info' }]
  })
  const arrows = messages.flatMap((message): JourneyMessage[] => {
    const lanes = lanesOf(ports, movement, route, message)
    if (
      lanes === undefined ||
      !concerns(ports, movement, message) ||
      message.link === 'api' ||
      message.link === 'mailbox'
    )
      return []
    // What came in is receipted by the commit that took it in.
    const receiptedAt = message.direction === 'in' ? message.at : message.receiptedAt
    return [
      {
        id: idOf(message),
        type: message.documentType,
        fromLane: lanes.from,
        toLane: lanes.to,
        sentAt: (message.firstSentAt ?? message.at).toISOString(),
        receiptedAt: receiptedAt?.toISOString() ?? null,
        state: message.state,
      },
    ]
  })
  const times = [...events.map((event) => event.at), ...arrows.map((arrow) => arrow.sentAt)].sort()
  const now = ports.clock().toISOString()
  return { from: times[0] ?? now, to: times.at(-1) ?? now, events, messages: arrows }
}

/** Entries of this record only: another of our offices keeps its own. What a partner's document told is drawn in the partner's lane. */
function laneOfEntry(movement: Movement, route: Lane[], entry: JournalLine): number | undefined {
  const { role, at, note, code } = noteOf(entry)
  if (role !== movement.role || at !== movement.office || code === 'refused-document') return undefined
  const told = route.findIndex((lane) => lane.office.ref === note)
  if (told >= 0) return told
  const own = route.findIndex((lane) => lane.own)
  return own < 0 ? undefined : own
}

/** The table of messages, oldest first. */
export function messageRows(
  ports: CaseworkPorts,
  movement: Movement,
  route: Lane[],
  messages: ConversationMessage[],
): MessageRow[] {
  return messages
    .filter((message) => concerns(ports, movement, message))
    .map((message) => {
      const sent = message.firstSentAt
      return {
        id: idOf(message),
        messageId: message.messageId,
        at: message.at.toISOString(),
        type: message.documentType,
        from: named(ports, officeIn(ports, movement, route, senderRole(ports, movement, message), message.sender)),
        to: named(ports, officeIn(ports, movement, route, recipientRole(ports, movement, message), message.recipient)),
        direction: message.direction,
        receiptMs:
          sent === null || message.receiptedAt === null ? null : message.receiptedAt.getTime() - sent.getTime(),
        tries: message.tries,
        state: message.state,
        refTo: message.refTo,
      }
    })
}

/** The role of the office that a document comes from; traders have none. What we send to a trader comes from the office that decided. */
function senderRole(ports: CaseworkPorts, movement: Movement, message: ConversationMessage): Role | 'own' | undefined {
  const known = ports.law.routes.get(message.documentType)
  const role = known && senderIn(known, movement)
  if (role !== undefined) return role
  return message.link === 'mailbox' ? 'own' : undefined
}

function recipientRole(
  ports: CaseworkPorts,
  movement: Movement,
  message: ConversationMessage,
): Role | 'own' | undefined {
  const known = ports.law.routes.get(message.documentType)
  return message.link === 'mailbox' || known === undefined ? undefined : toRoleOf(known, movement)
}

/** The office of a party that has a role in this movement; `own` is the office of the record. The party itself when there is none. */
function officeIn(
  ports: CaseworkPorts,
  movement: Movement,
  route: Lane[],
  role: Role | 'own' | undefined,
  party: string,
): string {
  if (role === undefined) return party
  if (role === 'own' || role === movement.role) return movement.office
  if (role === 'guarantee') return guaranteeOfficeOf(ports, movement) ?? party
  return laneOf(ports, movement, route, role, party)?.office.ref ?? party
}

const named = (ports: CaseworkPorts, id: string): Named => ({ id, name: ports.directory.nameOf(id) })

/**
 * Two of our offices may share a conversation: each sees the documents that its own role sends or gets. The inbox copy of what one of our
 * offices sent to another is not a second message.
 */
function concerns(ports: CaseworkPorts, movement: Movement, message: ConversationMessage): boolean {
  if (message.link === 'local' && message.direction === 'in') return false
  // A stranger's document may name this MRN; it was refused, and says nothing about the movement.
  const known = ports.law.routes.get(message.documentType)
  const isOfSystem = known?.sender === 'system' && systemIn(message.sender) === known.senderOffice
  if (message.link === 'api' && message.sender !== movement.data.trader && !isOfSystem) return false
  // Outside systems are told by departure.
  if (systemIn(message.recipient) !== undefined) return movement.role === 'departure'
  if (known === undefined) return message.recipient === movement.data.trader || message.documentType.startsWith('CD9')
  return isFor(ports.law, message.documentType, movement.role) || senderRoles(known).includes(movement.role)
}

/** A message of ours that came back from its addressee after this node had lost it (reconciliation). */
export const isReturned = ({ kind }: JournalLine): boolean => kind === 'message.returned'

/** What is wrong, since when: a message that was given up, that a partner refused, that the central services warn of, with a code that the
 * partner does not have, or that this node did not remember and a partner gave back. */
export function troubleOf(
  ports: CaseworkPorts,
  messages: ConversationMessage[],
  journal: JournalLine[],
): MovementView['trouble'] {
  const parked = messages
    .filter((message) => message.state === 'parked')
    .map((message) => ({
      code: message.direction === 'out' ? 'not-delivered' : 'not-handled',
      since: message.at.toISOString(),
      detail: `${message.documentType} → ${ports.directory.nameOf(message.recipient)}: ${message.reason ?? ''}`,
    }))
  const refused = journal
    .filter((entry) => noteOf(entry).code === 'partner-refused')
    .map((entry) => ({ code: 'partner-refused', since: entry.at.toISOString(), detail: noteOf(entry).note ?? '' }))
  const untranslated = journal
    .filter((entry) => noteOf(entry).code === 'no-counterpart')
    .map((entry) => ({ code: 'no-counterpart', since: entry.at.toISOString(), detail: noteOf(entry).note ?? '' }))
  const warned = journal
    .filter((entry) => noteOf(entry).code === 'central-warning')
    .map((entry) => ({ code: 'central-warning', since: entry.at.toISOString(), detail: noteOf(entry).note ?? '' }))
  const returned = journal.filter(isReturned).map((entry) => ({
    code: 'message-returned',
    since: entry.at.toISOString(),
    detail: `${noteOf(entry).type ?? ''} ${entry.messageId ?? ''}`,
  }))
  return [...parked, ...refused, ...untranslated, ...warned, ...returned]
}
