import { count, list, nullable, object, oneOf, ref, text, time, yesNo, type Schema } from './common.ts'

/** Named schemas of this file. */
export const webhookSchemas: Record<string, Schema> = {
  Webhook: object({
    id: text,
    url: text,
    description: nullable(text),
    createdAt: time,
    enabled: yesNo,
    disabledAt: nullable(time),
    disabledReason: nullable({
      ...text,
      description: 'by-owner · gone (it answered 410) · failing (for three days) · owner-closed (the account was)',
    }),
    failingSince: { ...nullable(time), description: 'Since when every delivery has failed' },
    lastDeliveredAt: nullable(time),
    waiting: { ...count, description: 'Events that are still to be delivered' },
  }),
  WebhookRegistered: object({
    webhook: ref('Webhook'),
    secret: { ...text, description: 'whsec_…, for verifying signatures; it is told this once' },
  }),
  WebhookList: object({ items: list(ref('Webhook')) }),
  WebhookSecret: object({
    secret: text,
    olderUntil: { ...time, description: 'Until then the secret before signs too' },
  }),
  WebhookEvent: object({ event: { ...text, description: 'The webhook-id under which it will come' } }),
  WebhookDelivery: object({
    event: text,
    type: { ...text, examples: ['message.available'] },
    messageId: nullable(text),
    state: oneOf('waiting', 'delivered', 'given-up'),
    tries: count,
    reason: { ...nullable(text), description: 'Why the last try failed' },
    status: { ...nullable(count), description: 'HTTP status of the last answer' },
    createdAt: time,
    dueAt: nullable(time),
    settledAt: nullable(time),
  }),
  WebhookDeliveries: object({ items: list(ref('WebhookDelivery')) }),
}

const description = { type: ['string', 'null'], maxLength: 200 }

/** Body of `POST /webhooks`. */
export const webhookBody = object(
  { url: { ...text, minLength: 1, maxLength: 2_000, examples: ['https://erp.example.com/corridor'] }, description },
  ['description'],
)

/** Body of `PATCH /webhooks/{id}`. */
export const webhookChange = object({ enabled: yesNo, description }, ['enabled', 'description'])

/** Path parameters of one endpoint. */
export const webhookParams = object({ id: { ...text, maxLength: 100 } })

/** Path parameters of one event at one endpoint. */
export const deliveryParams = object({ id: { ...text, maxLength: 100 }, event: { ...text, maxLength: 100 } })
