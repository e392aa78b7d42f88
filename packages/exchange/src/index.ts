export { backOffMs, longestRetryAfterMs, retryAfterMs } from './back-off.ts'
export type { CarriedObject, Carrier } from './carried/carrier.ts'
export {
  framedMediaTypes,
  mostForwardedBytes,
  readFramed,
  readRefusal,
  type SealedObjectRefusal,
  sealedObjectRefusedType,
  sealedObjectType,
  writeFramed,
  writeRefusal,
} from './carried/framing.ts'
export { type EndingCertificate, warnOfCertificate } from './certificate-warnings.ts'
export { journalPiece, type JournalPiece, type ProvenLine } from './evidence/journal-piece.ts'
export { type KeptMessage, keptMessages, sizeOfKept } from './evidence/kept-messages.ts'
export { ExchangeFault, type ExchangeFaultCode } from './faults.ts'
export { createExchange, migrations, type Exchange, type Running, type Steps } from './exchange.ts'
export type {
  CarriedPartner,
  ExchangeOptions,
  Handled,
  InboxMessage,
  Incoming,
  JournalEntry,
  LinkKind,
  Log,
  Outgoing,
  Partner,
  Patience,
  Place,
  RetrySchedule,
  Timers,
  Transport,
  TransportAnswer,
} from './model.ts'
export { journalState, lagsOf, probeDatabase, type JournalState, type Lag, type Probe } from './health.ts'
export { writeJournal } from './journal.ts'
export type { Measured, Meter } from './meter.ts'
export { inclusionProof, verifyInclusion, type Inclusion, type InclusionProof } from './journal-seals/inclusion.ts'
export { sealHash, type JournalSeal } from './journal-seals/seal.ts'
export {
  verifyJournal,
  type ChainHead,
  type JournalDamage,
  type JournalVerification,
  type VerifyRange,
} from './journal-seals/verify.ts'
export { Loop, type LoopOptions } from './loop.ts'
export type { MailboxItem } from './mailbox.ts'
export type { Outcome, Passing } from './passing.ts'
export {
  type Answering,
  answersTo,
  backlogOf,
  conversationMessages,
  documentKinds,
  type DocumentKind,
  journalOf,
  partnerStates,
  sentMessage,
  type Backlog,
  type ConversationMessage,
  type JournalLine,
  type MessageWithDocument,
  type PartnerState,
} from './queries.ts'
export type { Batch, BatchItem, BatchState, BatchWish, Person, Requested } from './repair/batch.ts'
export { differenceOf, type DifferenceLine } from './repair/difference.ts'
export { type FrozenSet, mostMessages, type SetMember } from './repair/frozen.ts'
export { acts, type BatchAct, type Permit, whyNot, type WhyNot } from './repair/permit.ts'
export { type BatchRefusalCode, batchRefusals, type BatchRefused } from './repair/refusals.ts'
export type { Trial } from './repair/trial.ts'
export { type Cursor, type MessageFilter, type MessageState, messageStates, readMessageName } from './repair/filter.ts'
export type { MessageCount, MessageList } from './repair/find.ts'
export type { Repair } from './repair/repair.ts'
export { type Verdict, type VerdictCode, verdictOf } from './repair/verdict.ts'
export { type KeptBytes, keptBytes, type MessageDetail, type Outline } from './repair/view.ts'
export { type KeyKind, keyKinds, type MessageKey, normalised } from './repair/keys.ts'
export { isDay, reconciliationMediaTypes } from './reconciliation/documents.ts'
export { oldestDays } from './reconciliation/day.ts'
export {
  type DailyReconciliation,
  type NotReconciled,
  type OnBehalf,
  type Reconciliation,
  wantComparison,
  wantMending,
} from './reconciliation/reconciler.ts'
export {
  differencesOf,
  lastComparisons,
  differenceKinds,
  type DifferenceKind,
  type DifferenceView,
  type ReconciliationView,
  type ReturnedView,
  runOf,
  runsOf,
  type RunsQuery,
} from './reconciliation/reports.ts'
export type { ReceiveOptions, Reception } from './receive.ts'
export { as4Sealing, type Sealing } from './sealing.ts'
export type { As4Server, ServeOptions, TlsPapers } from './server.ts'
export { chainHead, checkStored, type DamagedValue, type StoredMessages } from './stored.ts'
export { redacted, tellError } from './telling.ts'
export { httpsTransport, type TransportOptions } from './transport.ts'
export { makeVault, type Kept, type Vault } from './vault.ts'
export type { Handler } from './worker.ts'
export { isHeldBack, type Reached, reachedOf, routes } from './tunnel/routes.ts'
export { OutsideTunnel, type Tunnel, whyNotBy } from './tunnel/tunnel.ts'
