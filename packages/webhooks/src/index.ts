import type { MigrationRoom } from '@corridor/database'

/** Give this to `migrate` of @corridor/database, after the exchange's: changes of endpoints are in its journal. */
export const migrations: MigrationRoom = { room: 'webhooks', directory: new URL('../migrations/', import.meta.url) }

export { WebhooksFault, type WebhooksFaultCode } from './faults.ts'
export type {
  Delivery,
  DisabledReason,
  EgressRules,
  Event,
  FailureReason,
  Measured,
  Post,
  Resolve,
  UrlRefusal,
  Webhook,
  WebhooksOptions,
  WebhooksState,
} from './model.ts'
export { httpsPost, nameServers } from './post.ts'
export {
  type Asked,
  mostWaiting,
  mostWebhooks,
  type Owner,
  type Registration,
  type Registrations,
} from './registration.ts'
export { webhooksState } from './state.ts'
export { createWebhooks, type Webhooks } from './webhooks.ts'
