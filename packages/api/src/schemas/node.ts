import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

const whole: Schema = { type: 'integer' }

/** Named schemas of this file. */
export const nodeSchemas: Record<string, Schema> = {
  Health: object(
    {
      status: oneOf('ok', 'degraded', 'down'),
      reasons: list(text),
      node: { ...text, examples: ['NTA.AL'] },
      country: text,
      version: text,
      database: object({ fault: nullable(text), writeMs: nullable(whole) }),
      disk: nullable(object({ freeBytes: count, totalBytes: count })),
      clock: object({
        setAheadMs: whole,
        databaseAheadMs: nullable(whole),
        databaseWindowMs: count,
        partners: list(object({ party: text, aheadMs: whole, at: time })),
        partnerWindowMs: count,
      }),
      certificates: list(
        object({
          party: text,
          own: yesNo,
          use: oneOf('signing', 'tls', 'authority'),
          next: { ...yesNo, description: 'Still to take over' },
          daysLeft: whole,
          state: oneOf('ok', 'ending', 'ended', 'not-yet-valid'),
        }),
      ),
      backlog: nullable(
        object({
          inbox: count,
          outbox: count,
          parkedIn: count,
          parkedOut: count,
          oldestUndecidedAt: nullable(time),
          oldestUnreceiptedAt: nullable(time),
        }),
      ),
      journal: nullable(
        object({ lastSeal: nullable(count), sealedAt: nullable(time), oldestUnsealedAt: nullable(time) }),
      ),
      webhooks: nullable(
        object({ enabled: count, disabled: count, failing: count, waiting: count, overdueSince: nullable(time) }),
      ),
      tunnels: list(
        object({
          party: text,
          local: text,
          peer: text,
          interface: nullable(text),
          up: yesNo,
          why: nullable(text),
        }),
      ),
    },
    // Without them for who is not known to this node and asks from elsewhere.
    [
      'reasons',
      'node',
      'country',
      'version',
      'database',
      'disk',
      'clock',
      'certificates',
      'backlog',
      'journal',
      'webhooks',
      'tunnels',
    ],
  ),
  Partner: object({
    party: text,
    name: text,
    lastReceiptAt: nullable(time),
    queued: count,
    oldestUnsentAt: nullable(time),
    parked: count,
    certificateDaysLeft: nullable(whole),
  }),
  Exchange: object({ partners: list(ref('Partner')) }),
}
