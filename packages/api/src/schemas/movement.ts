import { type ActName, movementPapers } from '@corridor/casework'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const tone = oneOf('info', 'ok', 'warn', 'bad', 'neutral')
const messageState = oneOf('received', 'done', 'waiting', 'parked', 'queued', 'sent', 'receipted', 'discarded')
/** Every act, held complete by the compiler. */
const acts: Record<ActName, true> = {
  control: true,
  release: true,
  refuse: true,
  'ask-for-amendment': true,
  'ask-export': true,
  'confirm-export': true,
  invalidate: true,
  cross: true,
  leave: true,
  'request-record': true,
  'register-incident': true,
  'register-seals': true,
  'register-transhipment': true,
  'record-control': true,
  query: true,
  'ask-status': true,
  'permit-unloading': true,
  'record-results': true,
  'refuse-invalidation': true,
  'resolve-discrepancies': true,
  'ask-holder': true,
  enquire: true,
  'give-information': true,
  'accept-proof': true,
  'start-recovery': true,
  'request-recovery': true,
  'record-payment': true,
  'release-goods': true,
  'answer-enquiry': true,
  'ask-information': true,
  'accept-recovery': true,
  'refuse-recovery': true,
  claim: true,
  settle: true,
}
const actName = oneOf(...Object.keys(acts))
const laneRole = oneOf('departure', 'transit', 'exit', 'destination')

/** One thing to fill in for an act. */
export const actFieldsSchema = object(
  {
    name: text,
    kind: oneOf('code', 'text', 'date', 'time', 'number', 'amount'),
    required: yesNo,
    codes: list(object({ code: text, text })),
    value: text,
    maxLength: count,
  },
  ['codes', 'value', 'maxLength'],
)

const act = object({
  act: actName,
  primary: { ...yesNo, description: 'The one next act: it is the turn of this office, or another asked it something' },
  undoable: yesNo,
  fields: list(actFieldsSchema),
  effect: object({ code: text, values: { type: 'object', additionalProperties: { type: ['string', 'number'] } } }),
})

const journey = object({
  from: text,
  to: text,
  events: list(object({ id: text, lane: count, at: time, code: text, tone })),
  messages: list(
    object({
      id: text,
      type: text,
      fromLane: count,
      toLane: count,
      sentAt: time,
      receiptedAt: nullable(time),
      state: messageState,
    }),
  ),
})

const message = object({
  id: text,
  messageId: text,
  at: time,
  type: { ...text, examples: ['CD001C'] },
  from: ref('Named'),
  to: ref('Named'),
  direction: oneOf('in', 'out'),
  receiptMs: nullable({ type: 'number', minimum: 0 }),
  tries: count,
  state: messageState,
  refTo: nullable(text),
})

const goods = object({
  item: count,
  hs: text,
  description: text,
  packages: count,
  packageType: text,
  grossMassKg: nullable({ type: 'number' }),
})

const guarantee = object({
  grn: text,
  type: text,
  typeName: text,
  amount: { ...text, examples: ['5000.00'] },
  currency: text,
  state: oneOf('checked', 'held', 'released', 'none'),
  reference: nullable(ref('GuaranteeReference')),
})

const view = object({
  mrn: text,
  lrn: text,
  role: oneOf('departure', 'transit', 'exit', 'destination', 'guarantee'),
  office: ref('Office'),
  status: ref('Status'),
  version: { ...count, description: 'An act names the version it was decided on' },
  holder: ref('Named'),
  vehicle: nullable(ref('Vehicle')),
  route: list(object({ role: laneRole, office: ref('Office'), own: yesNo })),
  acts: list(ref('Act')),
  waitingFor: nullable(ref('WaitingFor')),
  trouble: list(object({ code: text, since: time, detail: text })),
  journey: ref('Journey'),
  messages: list(ref('Message')),
  papers: { ...list(oneOf(...movementPapers)), description: '`/movements/{mrn}/paper/{kind}`' },
  goods: list(goods),
  documents: list(object({ type: text, name: text, reference: text })),
  seals: { ...list(text), description: 'As they are now' },
  incidents: list(
    object({
      code: { ...text, description: 'CL019' },
      text,
      at: text,
      office: text,
      place: text,
      seals: list(text),
      vehicle: nullable(ref('Vehicle')),
    }),
  ),
  guarantees: list(ref('Guarantee')),
  controls: list(object({ code: text, text, at: time, office: text })),
  files: ref('MovementFiles'),
  timers: list(
    object({
      timer: { ...text, description: '`timer.<timer>`' },
      due: time,
      pausedAt: nullable(time),
      pausedBy: nullable(text),
      note: text,
    }),
  ),
  audit: list(object({ at: time, who: text, office: nullable(text), code: text, detail: nullable(text) })),
})

/** Named schemas of this file. */
export const movementSchemas: Record<string, Schema> = {
  Act: act,
  Journey: journey,
  Message: message,
  Guarantee: guarantee,
  GuaranteeReference: object({ limit: text, used: text, currency: text }),
  WaitingFor: object({ party: text, code: text }),
  MovementView: { ...view, description: 'Everything this user may see of one movement' },
}

/** Path parameters of one movement. */
export const movementParams = object({ mrn: { ...text, pattern: '^[A-Za-z0-9]{1,35}$', description: 'MRN' } })

/** Path parameters of one message of a movement. */
export const movementMessageParams = object({
  mrn: { ...text, pattern: '^[A-Za-z0-9]{1,35}$' },
  id: { ...text, pattern: '^[A-Za-z0-9._@:-]{1,200}$' },
})

/** Path parameters of one timer of a movement. */
export const movementTimerParams = object({
  mrn: { ...text, pattern: '^[A-Za-z0-9]{1,35}$', description: 'MRN' },
  timer: { ...text, pattern: '^[a-z-]{1,40}$' },
})

/** Body of `POST /movements/:mrn/timers/:timer`. */
export const timerBody = object(
  {
    do: {
      ...oneOf('pause', 'resume', 'reschedule'),
      description: 'Stop its clock, let it go on, give it another moment',
    },
    due: { ...time, description: 'Of `reschedule`' },
    reason: { ...text, maxLength: 500, description: 'The journal keeps it' },
  },
  ['due'],
)

/** Body of `POST /movements/:mrn/acts`. */
export const actBody = object({
  act: actName,
  version: count,
  fields: {
    type: 'object',
    maxProperties: 40,
    propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,39}$' },
    additionalProperties: { type: ['string', 'number', 'null'], maxLength: 4000 },
  },
})
