import { movementStates } from '@corridor/hub'
import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const country: Schema = { ...text, pattern: '^[A-Z]{2}$', examples: ['CM'] }
const day: Schema = { ...text, examples: ['2026-12-02'] }
const amount: Schema = { ...text, examples: ['3500000.00'] }
const number: Schema = { type: 'number' }

const movement = {
  mrn: text,
  departure: country,
  destination: nullable(country),
  transit: list(country),
  officeOfDeparture: nullable(text),
  officeOfDestination: nullable(text),
  arrivedIn: nullable(country),
  state: oneOf(...movementStates),
  isLate: { ...yesNo, description: 'Released, not arrived, and the last day for it is over' },
  releasedAt: nullable(time),
  limitDate: nullable(day),
  arrivedAt: nullable(time),
  endedAt: nullable(time),
  lastToldAt: time,
  contradictions: list(ref('RegionalContradiction')),
}

const guarantee = { grn: text, country, currency: text, amount, movements: count }

/** Named schemas of this file. */
export const regionalSchemas: Record<string, Schema> = {
  RegionalContradiction: object({
    kind: oneOf('differs', 'told-twice', 'not-theirs', 'not-on-route', 'two-ends', 'arrived-before-release'),
    about: text,
    said: list(object({ by: text, value: text })),
  }),
  RegionalMovement: object(movement),
  RegionalDashboard: object({
    at: time,
    since: { ...time, description: 'Transit times are of arrivals since then' },
    corridors: list(
      object({
        departure: country,
        destination: nullable(country),
        transit: list(country),
        movements: count,
        underWay: count,
        late: count,
        arrived: count,
        invalidated: count,
        contradicted: count,
        hoursP50: nullable(number),
        hoursP90: nullable(number),
        measured: count,
      }),
    ),
    guarantees: list(object({ country, currency: text, amount, guarantees: count, movements: count })),
    largestGuarantees: list(object(guarantee)),
    members: list(
      object({
        party: text,
        name: text,
        country: text,
        hasLeft: yesNo,
        copies: count,
        lastCopyAt: nullable(time),
        lastSaidAt: nullable(time),
        copiesOfDay: count,
        lagP50: nullable(number),
        lagP90: nullable(number),
        refused: count,
        lastRefusedAt: nullable(time),
        lastRefusal: nullable(text),
      }),
    ),
    forwarded: object({ underWay: count, delivered: count, refused: count, oldestUnderWayAt: nullable(time) }),
  }),
  RegionalMovements: object({ movements: list(ref('RegionalMovement')), page: count, pageSize: count, total: count }),
  RegionalMovementDetail: object({
    ...movement,
    guarantees: list(object({ ...guarantee, inUse: yesNo })),
    copies: list(
      object({
        id: text,
        sender: text,
        messageType: text,
        messageId: text,
        recipient: nullable(text),
        saidAt: time,
        receivedAt: time,
        elements: {
          type: 'object',
          description: 'By name: values, or groups of values',
          additionalProperties: list({
            anyOf: [text, { type: 'object', additionalProperties: text }],
          }),
        },
      }),
    ),
  }),
}

/** What is asked of the list of movements. */
export const regionalQuery: Schema = object(
  {
    departure: country,
    destination: country,
    state: oneOf(...movementStates),
    only: oneOf('late', 'contradicted'),
    q: { ...text, maxLength: 18, description: 'Beginning of the MRN' },
    page: { type: 'integer', minimum: 1, maximum: 10_000, default: 1 },
  },
  ['departure', 'destination', 'state', 'only', 'q', 'page'],
)

export const regionalParams: Schema = object({ mrn: text })
