/** What the operations desk does: it announces that our own system is unavailable, and asks partners whether theirs is there. */
import { dateTimeOf, isMrn, momentOf } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import {
  availabilityRequest,
  type NoticeOperation,
  noticeDocument,
  type Unavailability,
  unavailableAt,
} from '@corridor/procedures'
import { type Account, type IdempotentRequest, services } from '@corridor/registry'
import { onceFor } from '../acts.ts'
import { sendAll } from '../outgoing.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { ActRefusal, Done, FieldError } from '../view.ts'
import { availabilityTopic, servicesConversation } from './handle.ts'
import type { AvailabilityView, UnavailabilityView } from './view.ts'

/** An unavailability of our own system as the desk gives it: everything but the country. */
export interface Announcement {
  operation: NoticeOperation
  unavailability: Omit<Unavailability, 'country'>
  idempotency: IdempotentRequest
}

export type AvailabilityOutcome = Done<{ availability: AvailabilityView }> | ActRefusal

/** Keeps what the desk says of our own system, and tells the central services where there is an account of theirs (CD070C). */
export async function announceUnavailability(
  ports: CaseworkPorts,
  account: Account,
  { operation, unavailability, idempotency }: Announcement,
): Promise<AvailabilityOutcome> {
  if (account.role !== 'operations')
    return { kind: 'forbidden', detail: 'Only the operations desk announces that the system is unavailable.' }
  const { directory } = ports
  const own: Unavailability = { country: directory.country, ...unavailability }
  const errors = wrongsOf(ports, operation, own)
  if (errors.length > 0) return { kind: 'invalid', errors }
  return onceFor(ports, idempotency, async (tx): Promise<AvailabilityOutcome> => {
    await services.lockUnavailabilities(tx)
    const isKnown = (await services.unavailabilities(tx)).some((each) => each.isOwn && isSame(each, own))
    if (isKnown !== (operation !== 'C')) {
      const detail = isKnown
        ? 'This is announced already: change it or take it back.'
        : 'Nothing of this type, functionality and beginning is announced.'
      return { kind: 'conflict', detail }
    }
    const send = directory.hasSystem('central')
      ? [
          {
            type: 'CD070C',
            to: { system: 'central' as const },
            doc: noticeDocument({ operation, unavailability: own }),
            answers: false,
          },
        ]
      : []
    const [messageId = ''] = await sendAll(ports, tx, servicesConversation, send, {
      conversation: servicesConversation,
    })
    if (operation === 'D') await services.dropUnavailability(tx, own)
    else await services.keepUnavailability(tx, own, { isOwn: true, at: ports.clock(), messageId })
    await noteOf(ports, tx, account, { code: 'unavailability-announced', operation, ...own }, servicesConversation)
    return { kind: 'done', availability: await availabilityView(ports, tx) }
  })
}

const isSame = (one: Unavailability, other: Unavailability): boolean =>
  one.type === other.type && one.functionality === other.functionality && one.startsAt === other.startsAt

/** Days ahead for which an unavailability can be announced, and days back from which one can be told of. */
const [mostDaysAhead, mostDaysBack] = [730, 31]

function wrongsOf(ports: CaseworkPorts, operation: NoticeOperation, own: Unavailability): FieldError[] {
  const errors: FieldError[] = []
  const wrong = (field: string, remedy: string): void => void errors.push({ field, remedy })
  const choose = (field: 'type' | 'functionality' | 'explanation'): void => {
    const codes = (ports.law.choices.get(`unavailability-${field}`) ?? []).map(({ code }) => code)
    if (!codes.includes(own[field])) wrong(field, `Choose one of ${codes.join(', ')}.`)
  }
  choose('type')
  choose('functionality')
  choose('explanation')
  const now = ports.clock().getTime()
  const [startsAt, endsAt] = [momentIn(own.startsAt), own.endsAt === null ? null : momentIn(own.endsAt)]
  if (startsAt === undefined) wrong('startsAt', 'Give a moment as yyyy-mm-ddThh:mm:ss, in UTC.')
  else if (operation === 'C' && startsAt > now + mostDaysAhead * dayMs)
    wrong('startsAt', `Give a moment in ${mostDaysAhead} days at most.`)
  else if (operation === 'C' && startsAt < now - mostDaysBack * dayMs)
    wrong('startsAt', `Give a moment ${mostDaysBack} days ago at most.`)
  if (endsAt === undefined) wrong('endsAt', 'Give a moment as yyyy-mm-ddThh:mm:ss, in UTC.')
  else if (endsAt === null && own.type === 'S') wrong('endsAt', 'What is planned has an end: give it.')
  else if (endsAt !== null && startsAt !== undefined && endsAt <= startsAt) wrong('endsAt', 'It ends after it begins.')
  for (const field of ['text', 'fallbackText'] as const) {
    const value = own[field] ?? ''
    // As in documents: 512 characters, none of them hidden.
    if (value.length > 512) wrong(field, 'Shorten this to 512 characters.')
    else if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\uFFFE\uFFFF]/u.test(value))
      wrong(field, 'Use letters, digits and punctuation only; no line breaks or hidden characters.')
  }
  if (own.fallback === null && own.fallbackText !== null)
    wrong('fallbackText', 'Say whether the fallback procedure is used, or leave this empty.')
  return errors
}

const dayMs = 86_400_000

function momentIn(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined
  const moment = new Date(`${text}Z`)
  return Number.isNaN(moment.getTime()) || dateTimeOf(moment) !== text ? undefined : momentOf(text).getTime()
}

/** Asks the administration of a country whether its system is available for a movement (CD974C); its node answers by itself. */
export async function askAvailability(
  ports: CaseworkPorts,
  account: Account,
  asked: { country: string; mrn: string; idempotency: IdempotentRequest },
): Promise<AvailabilityOutcome> {
  const { directory } = ports
  const { country, mrn } = asked
  const party = directory.administration(country)
  const errors: FieldError[] = []
  if (party === undefined || party === directory.party)
    errors.push({ field: 'country', value: country, remedy: 'Choose the country of a partner.' })
  if (!isMrn(mrn)) errors.push({ field: 'mrn', value: mrn.slice(0, 40), remedy: 'Give an MRN: 18 characters.' })
  if (errors.length > 0 || party === undefined) return { kind: 'invalid', errors }
  return onceFor(ports, asked.idempotency, async (tx): Promise<AvailabilityOutcome> => {
    const doc = availabilityRequest(mrn)
    await sendAll(ports, tx, mrn, [{ type: 'CD974C', to: { party }, doc, answers: false }], { conversation: mrn })
    await services.askAvailability(tx, { party, mrn, at: ports.clock(), by: account.id })
    await noteOf(ports, tx, account, { code: 'availability-asked', party }, mrn)
    return { kind: 'done', availability: await availabilityView(ports, tx) }
  })
}

async function noteOf(
  ports: CaseworkPorts,
  tx: Tx,
  { id: actor }: Account,
  detail: object,
  conversation: string,
): Promise<void> {
  await ports.exchange.journal(tx, [{ kind: 'service', conversation, actor, detail }])
  await ports.exchange.announce(tx, availabilityTopic, '')
}

/** Days for which what is over is still shown. */
const daysShown = 31

/** What is known of the systems of this corridor. */
export async function availabilityView(ports: CaseworkPorts, db: Tx): Promise<AvailabilityView> {
  const { directory } = ports
  const known = await services.unavailabilities(db)
  const now = dateTimeOf(ports.clock())
  const oldest = dateTimeOf(new Date(ports.clock().getTime() - daysShown * dayMs))
  const current = new Set(unavailableAt(known, now))
  const shown = known
    .filter(({ endsAt }) => endsAt === null || endsAt >= oldest)
    .map((each): UnavailabilityView => {
      const { toldAt, ...rest } = each
      const party = directory.administration(each.country)
      return {
        ...rest,
        name: party === undefined ? each.country : directory.nameOf(party),
        isNow: current.has(each),
        toldAt: toldAt.toISOString(),
      }
    })
  const asked = (await services.availabilities(db)).map(({ party, askedAt, askedBy, mrn, answeredAt, status }) => ({
    party,
    name: directory.nameOf(party),
    mrn,
    askedAt: askedAt.toISOString(),
    askedBy: { id: askedBy, name: directory.nameOf(askedBy) },
    answeredAt: answeredAt?.toISOString() ?? null,
    status,
  }))
  const partners = directory.partners().map(({ country, party }) => ({ country, name: directory.nameOf(party) }))
  return { unavailabilities: shown, asked, partners, isTold: directory.hasSystem('central') }
}
