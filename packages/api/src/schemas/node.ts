import { count, list, nullable, object, oneOf, ref, text, time, type Schema } from './common.ts'

/** Named schemas of this file. */
export const nodeSchemas: Record<string, Schema> = {
  Health: object({
    status: oneOf('ok', 'down'),
    node: { ...text, examples: ['NTA.AL'] },
    country: text,
    database: oneOf('ok', 'down'),
    backlog: object({ inbox: count, outbox: count }),
    version: text,
  }),
  Partner: object({
    party: text,
    name: text,
    lastReceiptAt: nullable(time),
    queued: count,
    oldestUnsentAt: nullable(time),
    parked: count,
    certificateDaysLeft: nullable({ type: 'integer' }),
  }),
  Exchange: object({ partners: list(ref('Partner')) }),
}
