import type { Database } from '@corridor/database'
import type { Log, Timers, Vault } from '@corridor/exchange'

/** Why an endpoint gets nothing: its owner said so, it answered 410, it failed for days, its owner’s account was closed. */
export type DisabledReason = 'by-owner' | 'gone' | 'failing' | 'owner-closed'

/** Why a delivery was not made. Few words, all ours: what a receiver says is not repeated to anybody. */
export type FailureReason =
  | 'no-public-address'
  | 'no-connection'
  | 'certificate-refused'
  | 'too-slow'
  | 'redirect'
  | 'status'
  | 'gone'
  | 'nothing-to-tell'
  | 'node-fault'

/** An address of an owner's program to which events are posted. */
export interface Webhook {
  id: string
  url: string
  description: string | null
  createdAt: Date
  disabledAt: Date | null
  disabledReason: DisabledReason | null
  /** Since when every delivery has failed; null while the last one arrived. */
  failingSince: Date | null
  lastDeliveredAt: Date | null
  /** Events that are still to be delivered. */
  waiting: number
}

/** What became of one event at one endpoint. */
export interface Delivery {
  /** The `webhook-id` of the event. */
  event: string
  type: string
  /** What the event is about, in the words of who announced it; null for a test. */
  subject: string | null
  state: 'waiting' | 'delivered' | 'given-up'
  tries: number
  /** Of the last try that failed. */
  reason: FailureReason | null
  /** HTTP status of the last answer. */
  status: number | null
  createdAt: Date
  /** When it is tried next; null when it is settled. */
  dueAt: Date | null
  settledAt: Date | null
}

/** Something to tell an owner. */
export interface Event {
  owner: string
  /** Names the thing for `describe`, which is asked for its particulars when it is told. */
  subject: string
}

/** Why a URL cannot be an endpoint. */
export type UrlRefusal =
  | 'not-a-url'
  | 'not-https'
  | 'credentials'
  | 'port'
  | 'no-public-address'
  | 'registered'
  | 'too-many'

/** Which addresses may be reached at all. */
export interface EgressRules {
  /** Ports of endpoints; default 443 alone. */
  ports?: readonly number[]
  /** For a demonstration: endpoints on this machine, also by plain HTTP and on any port. */
  loopback?: boolean
  /** PEM of certificate authorities that are believed beside those of the platform. */
  authorities?: readonly string[]
}

/** Every address of a name. Rejects or answers none when there is no such name. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** How a receiver answered, or why it did not. */
export type Answer = { status: number; retryAfter?: string } | { failed: FailureReason }

/** Posts to an address that it has checked; follows nothing, waits for nothing long. Never rejects. */
export type Post = (url: URL, headers: Record<string, string>, body: string) => Promise<Answer>

/** One thing that this process did, for whoever counts. */
export interface Measured {
  outcome: 'delivered' | 'failed' | 'given-up' | 'disabled'
}

/** Everything that webhooks need from outside. */
export interface WebhooksOptions {
  db: Database
  /** Seals addresses and secrets at rest. */
  vault: Vault
  clock: () => Date
  /** A new UUID. */
  newId: () => string
  /** 32 bytes that nobody can guess. */
  newKey: () => Uint8Array
  /** A number from 0 to 1, for jitter. */
  random: () => number
  post: Post
  resolve: Resolve
  egress: EgressRules
  /** What is told of a subject, as JSON; undefined when there is nothing there any more. */
  describe: (owner: string, subject: string) => Promise<object | undefined>
  timers?: Timers
  log?: Log
  meter?: (measured: Measured) => void
  /** The slow poll beside the notices. Default 1,000. */
  pollMs?: number
}

/** Figures for health and metrics. */
export interface WebhooksState {
  enabled: number
  /** Disabled by the node. */
  disabled: number
  failing: number
  waiting: number
  /** Since when a delivery to an endpoint that is well has been due: longer than a minute when nobody delivers. */
  overdueSince: Date | null
}
