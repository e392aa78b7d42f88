import type {
  ActOutcome,
  ActRequest,
  AskRequest,
  AttachOutcome,
  AttachRequest,
  FilesDecision,
  FilesOutcome,
  Announcement,
  AvailabilityOutcome,
  AvailabilityView,
  DeclarationOutcome,
  DeclarationPage,
  DeclarationSource,
  DeclarationsQuery,
  DeclarationView,
  DraftOutcome,
  FallbackActOutcome,
  FallbackActRequest,
  FallbackPage,
  FallbackPaper,
  FallbackView,
  GuaranteeActOutcome,
  GuaranteeActRequest,
  GuaranteePage,
  GuaranteeView,
  LodgeRequest,
  MailboxItem,
  MirrorQuery,
  MirrorView,
  MovementEvent,
  MovementFiles,
  MovementPage,
  MovementPaper,
  MovementView,
  Named,
  OpenedFile,
  PaperOutcome,
  PaperWish,
  PartnerStatus,
  ReferenceActs,
  ReferenceVersions,
  StatisticsOutcome,
  StatisticsView,
  SubmitOutcome,
  TimerRequest,
} from '@corridor/casework'
import type { Volume } from '@corridor/customs'
import type { Database } from '@corridor/database'
import type { DifferenceView, NotReconciled, ReconciliationView, ReturnedView, RunsQuery } from '@corridor/exchange'
import type { BoardMovement, BoardMovementDetail, BoardQuery, Dashboard, MemberFigures } from '@corridor/hub'
import type { Account, IdempotentRequest, reference } from '@corridor/registry'
import type { BatchesPort } from './batches-port.ts'
import type { MessagesPort } from './messages-port.ts'
import type { PartnersPort } from './partners-port.ts'
import type { SharesPort } from './shares-port.ts'
import type { Registrations, WebhooksState } from '@corridor/webhooks'

export type { BatchesPort, BatchItemView, BatchOutcome, BatchView, DryRunView, TrialView } from './batches-port.ts'
/** What screens hear of: a movement, that what is known of systems changed, that the board of a hub did. */
export type NodeEvent = MovementEvent | 'availability' | 'declarations' | 'shares' | 'regional'

/** Which node this is, as the contract shows it. */
export interface NodeFacts {
  /** Party id of the administration: `NTA.AL`. */
  party: string
  /** ISO 3166 country, upper case; names the session cookie. */
  country: string
  name: string
  version: string
  /** Languages of the console, BCP 47; the first is the default. */
  locales: readonly string[]
  /** Whether declaration data go between this node and others. */
  declarations?: boolean
  /** Whether it has shares with others. */
  shares?: boolean
  /** IANA zone of the offices; without it the reader's machine decides. */
  timeZone?: string
}

/** One line for the log. Carries ids, routes and codes; never a token, a cookie, an address with its query or a document. */
export interface LogEntry {
  level: 'info' | 'warn' | 'error'
  event: string
  [fact: string]: unknown
}

/** What may be asked of the list of movements; the office and role come from the account. */
export interface MovementQuery {
  q?: string
  status?: string
  /** From 1. */
  page: number
  pageSize: number
}

/** Whether the node can work, and what it was found out from. Names of parties and numbers only. */
export interface Health {
  /** `down`: it cannot take messages on · `degraded`: it can, and a person must look. */
  status: 'ok' | 'degraded' | 'down'
  /** What is the matter, as codes; empty when all is well. */
  reasons: string[]
  /** `fault`: code of why nothing can be written. `writeMs`: how long a commit took. */
  database: { fault: string | null; writeMs: number | null }
  /** Of the disk of the database; null when that is elsewhere. */
  disk: { freeBytes: number; totalBytes: number } | null
  /** How far others are ahead of this node, and within which windows that is well. */
  clock: {
    /** How far this node's clock was set ahead of its machine's for a story; 0 otherwise. */
    setAheadMs: number
    databaseAheadMs: number | null
    databaseWindowMs: number
    partners: { party: string; aheadMs: number; at: string }[]
    partnerWindowMs: number
  }
  certificates: {
    party: string
    own: boolean
    use: 'signing' | 'tls' | 'authority'
    /** Still to take over. */
    next: boolean
    daysLeft: number
    state: 'ok' | 'ending' | 'ended' | 'not-yet-valid'
  }[]
  /** What waits, and since when; null when the database does not say. */
  backlog: {
    inbox: number
    outbox: number
    parkedIn: number
    parkedOut: number
    oldestUndecidedAt: string | null
    oldestUnreceiptedAt: string | null
  } | null
  /** The last seal, and the oldest line without one: older than a second or two when an open transaction holds the seals back. */
  journal: { lastSeal: number | null; sealedAt: string | null; oldestUnsealedAt: string | null } | null
  /** Endpoints of traders' software; `overdueSince`: a delivery to one that is well is due since then, and nobody makes it. */
  webhooks: (Omit<WebhooksState, 'overdueSince'> & { overdueSince: string | null }) | null
  /** Tunnels inside of which partners are reached; `why` one is not up: our address is not there, or the partner is not reached. */
  tunnels: { party: string; local: string; peer: string; interface: string | null; up: boolean; why: string | null }[]
}

/** What comes of making a PDF file; `detail` says what to do. */
export type PdfOutcome = { kind: 'pdf'; bytes: Uint8Array } | { kind: 'no-printer' | 'busy' | 'failed'; detail: string }

/** A number under which the sides of a corridor agreed on a list, and the list of that time: table 12, CL15. */
export interface TableNumber {
  number: number
  oldList: string
  /** Lists of today that its codes map to; `CL195 CL196` … */
  todayLists: readonly string[]
}

/** A list of reference data on a day. */
export interface ReferenceListFacts extends reference.ListSummary, Pick<reference.ListState, 'inForce' | 'nextChange'> {
  /** Empty for a list that is none of the corridor's tables. */
  tables: readonly TableNumber[]
}

/** What a partner has of a list that this node distributes. */
export interface ReferenceSubscriber {
  party: string
  name: string
  list: string
  /** Number of the version that it took last; 0 before the first. */
  version: number
  /** Number of the version that was sent to it last. */
  sent: number
  /** Number of the version in use here. */
  published: number
  /** When it said last that it has a version. */
  acknowledgedAt: string | null
  /** Why it did not take what was sent last, in its own words. */
  refusal: string | null
}

/** What the secretariat of a hub sees, as of today there. */
export interface RegionalPort {
  dashboard: () => Promise<Omit<Dashboard, 'members'> & { members: (MemberFigures & { name: string })[] }>
  movements: (query: BoardQuery) => Promise<{ movements: BoardMovement[]; total: number }>
  /** Undefined when no copy speaks of it. */
  movement: (mrn: string) => Promise<BoardMovementDetail | undefined>
}

/** The reference data of the node. Days are `yyyy-mm-dd`. Faults are those of the registry's reference data. */
export interface ReferencePort {
  lists: (day: string) => Promise<ReferenceListFacts[]>
  /** Undefined when nobody declared the list. */
  list: (list: string, day: string) => Promise<ReferenceListFacts | undefined>
  entries: (list: string, query: reference.EntriesQuery) => Promise<reference.EntriesPage>
  /** All that was ever said of a code; drafts too. */
  versions: (list: string, code: string) => Promise<reference.EntryVersion[]>
  changesSince: (list: string, since: number) => Promise<reference.ListChanges>
  search: (q: string, options: reference.SearchOptions) => Promise<reference.SearchHit[]>
  turns: (from: string, to: string, limit: number) => Promise<reference.Turn[]>
  recentVersions: (limit: number) => Promise<reference.PublishedVersion[]>
  subscribers: () => Promise<ReferenceSubscriber[]>
  /** Observed and expected volume from a month to another (`yyyy-mm`), as seen on a day. */
  volume: (months: { from: string; to: string }, today: string) => Promise<Volume>
}

/** Declarations of which this administration and another one have data. */
export interface DeclarationsPort {
  /** Undefined for whoever sees none. */
  list: (account: Account, query: DeclarationsQuery) => Promise<DeclarationPage | undefined>
  /** Undefined when it is not there, or not for this account. */
  view: (account: Account, id: string) => Promise<DeclarationView | undefined>
  /** A block, as JSON or XML. */
  take: (source: DeclarationSource, block: Uint8Array) => Promise<DeclarationOutcome>
  claim: (account: Account, request: { ucr: string; idempotency: IdempotentRequest }) => Promise<DraftOutcome>
  lodge: (account: Account, id: string, request: LodgeRequest) => Promise<DraftOutcome>
  /** Whom something is agreed with. */
  partners: () => Named[]
  /** Undefined when nothing is agreed with the party, or when whoever asked is gone. */
  mirror: (
    account: Pick<Account, 'id'>,
    query: MirrorQuery,
    isGone?: () => boolean,
  ) => Promise<MirrorView | 'too-many' | undefined>
}

/** What became of wanting a comparison, or that it is mended. */
export type ReconciliationOutcome = { kind: 'wanted'; number: number } | NotReconciled | { kind: 'key-reused' }

/** Comparisons with partners of what both have of a day. */
export interface ReconciliationPort {
  list: (query: RunsQuery) => Promise<(ReconciliationView & { partnerName: string })[]>
  one: (number: number) => Promise<(ReconciliationView & { partnerName: string }) | undefined>
  differences: (
    number: number,
    page: { after?: { direction: string; messageId: string } | undefined; limit: number },
  ) => Promise<DifferenceView[]>
  returned: (partner: string, messageId: string) => Promise<ReturnedView | undefined>
  want: (
    who: Account,
    wanted: { partner: string; day: string; repair: boolean; reason: string },
    key: IdempotentRequest,
  ) => Promise<ReconciliationOutcome>
  mend: (
    who: Account,
    given: { number: number; reason: string },
    key: IdempotentRequest,
  ) => Promise<ReconciliationOutcome>
}

/**
 * Everything the HTTP contract needs from the rest of the node. Times come from `clock`, secrets from `newSecret`, ids from
 * `newId`, so that a whole node can run in a simulator.
 */
export interface ApiPorts {
  node: NodeFacts
  /** For accounts, sessions and tokens; their SQL is in `registry/accounts`. */
  db: Database
  clock: () => Date
  /** A new UUID: names a request in the log and in problems. */
  newId: () => string
  /** A new random secret in the form of `encodeSecret`, for session cookies. */
  newSecret: () => string
  log: (entry: LogEntry) => void
  /** Name of an office of this node, for the session. */
  officeName: (reference: string) => string | undefined
  /** Commits a trader's document to the inbox, with its idempotency key (if any) in the same transaction. */
  submitTraderMessage: (account: Account, xml: Uint8Array, idempotency?: IdempotentRequest) => Promise<SubmitOutcome>
  /** Documents after a position (undefined: from the beginning), oldest first. */
  mailbox: (account: Account, since: string | undefined, limit: number) => Promise<MailboxItem[]>
  /** The document of a mailbox item; undefined when this trader has none of this id. */
  mailboxMessage: (account: Account, id: string) => Promise<Uint8Array | undefined>
  /** Endpoints that are told of what comes into a mailbox. */
  webhooks: Registrations
  movements: (account: Account, query: MovementQuery) => Promise<MovementPage>
  /** The guarantees that are kept here; undefined for whoever is no officer of guarantee. */
  guarantees: (
    account: Account,
    query: { q?: string; page: number; pageSize: number },
  ) => Promise<GuaranteePage | undefined>
  /** Undefined when it is not kept here. `before`: older lines of its ledger than the one with this id. */
  guarantee: (account: Account, grn: string, before?: number) => Promise<GuaranteeView | undefined>
  actOnGuarantee: (account: Account, grn: string, request: GuaranteeActRequest) => Promise<GuaranteeActOutcome>
  /** The fallback modes of the officer's office; undefined for whoever works at none that has them. */
  fallbacks: (account: Account, query: { page: number; pageSize: number }) => Promise<FallbackPage | undefined>
  /** Undefined when the officer's office has none of this id. */
  fallback: (account: Account, id: string) => Promise<FallbackView | undefined>
  /** `id` undefined: an act that makes a new one. */
  actOnFallback: (account: Account, id: string | undefined, request: FallbackActRequest) => Promise<FallbackActOutcome>
  /** An officer enters the declaration (CC015C) of a registered form for its declarant. */
  enterPaper: (
    account: Account,
    id: string,
    mrn: string,
    file: { xml: Uint8Array; idempotency: IdempotentRequest },
  ) => Promise<FallbackActOutcome>
  /** Undefined when unknown or not of this officer's role and office. */
  movement: (account: Account, mrn: string) => Promise<MovementView | undefined>
  act: (account: Account, mrn: string, request: ActRequest) => Promise<ActOutcome>
  changeTimer: (account: Account, mrn: string, request: TimerRequest) => Promise<ActOutcome>
  /** The document of a message of a movement; undefined when this officer may not see the movement, or it has no such message. */
  movementMessage: (account: Account, mrn: string, id: string) => Promise<Uint8Array | undefined>
  /**
   * Evidence of a movement, a signed container: for officers who may see it, and for the operations desk; undefined when there is nothing for
   * this account, `too-large` when a node cannot make it in one piece. The journal has it before it is given.
   */
  evidence: (account: Account, mrn: string) => Promise<Uint8Array | 'too-large' | undefined>
  /** Longest file that this node takes, in bytes. */
  fileBytes: number
  /** The files of a movement; undefined when this account may not see it. A trader may name his own by its LRN. */
  files: (account: Account, reference: string) => Promise<MovementFiles | undefined>
  openFile: (account: Account, reference: string, id: string) => Promise<OpenedFile | undefined>
  attachFile: (account: Account, reference: string, request: AttachRequest) => Promise<AttachOutcome>
  askForFiles: (account: Account, reference: string, request: AskRequest) => Promise<FilesOutcome>
  decideOnFiles: (account: Account, reference: string, id: string, decision: FilesDecision) => Promise<FilesOutcome>
  /** The forms of a fallback mode, or its register, as an HTML page. */
  fallbackPaper: (account: Account, id: string, kind: FallbackPaper, wish: PaperWish) => Promise<PaperOutcome>
  /** A document about a movement as an HTML page. */
  movementPaper: (account: Account, mrn: string, kind: MovementPaper, wish: PaperWish) => Promise<PaperOutcome>
  /** The receipt of a guarantee as an HTML page. */
  guaranteePaper: (
    account: Account,
    grn: string,
    wish: PaperWish & { mrn?: string | undefined },
  ) => Promise<PaperOutcome>
  /** An HTML page as PDF. */
  pdf: (html: string) => Promise<PdfOutcome>
  /** Does not reject, and does little however often it is called. */
  health: () => Promise<Health>
  /** The metrics in the text format of Prometheus, version 0.0.4. */
  metrics: () => Promise<string>
  /** Whose system is unavailable and when. */
  availability: () => Promise<AvailabilityView>
  announceUnavailability: (account: Account, announcement: Announcement) => Promise<AvailabilityOutcome>
  askAvailability: (
    account: Account,
    asked: { country: string; mrn: string; idempotency: IdempotentRequest },
  ) => Promise<AvailabilityOutcome>
  statistics: () => Promise<StatisticsView>
  sendStatistics: (
    account: Account,
    asked: { month: string; idempotency: IdempotentRequest },
  ) => Promise<StatisticsOutcome>
  exchangeStatus: (account: Account) => Promise<PartnerStatus[]>
  /** Declaration data that others and this node give each other; absent where nothing was agreed. */
  declarations?: DeclarationsPort
  /** The board of a hub; absent at any other node. */
  regional?: RegionalPort
  reconciliation: ReconciliationPort
  /** Shares of declaration data; absent where no link passes a cloud. */
  shares?: SharesPort
  /** The messages of the exchange; absent where there is none behind the contract. */
  exchangeMessages?: MessagesPort
  exchangeBatches?: BatchesPort
  /** Partners and certificates; absent where there is no exchange behind the contract. */
  exchangePartners?: PartnersPort
  reference: ReferencePort
  /** The versions of lists as people see them. */
  referenceVersions: ReferenceVersions
  /** What reference-data managers do; faults are those of the registry's reference data. */
  referenceActs: ReferenceActs
  /** Changes of movements, `availability` when what is known of systems changed; undefined when some may have been missed (the database connection was lost). Returns unsubscribe. */
  events: { subscribe: (listener: (event: NodeEvent | undefined) => void) => () => void }
  /** Folder of the built console with its `index.html`; without it only the contract is served. */
  consoleDirectory?: string
  /** Host names this node answers to besides the loopback ones (a reverse proxy's name). */
  allowedHosts?: readonly string[]
  /** Milliseconds between two heartbeats of `/events`; default 15,000. */
  heartbeatMs?: number
}
