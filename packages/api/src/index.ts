export type { BatchesPort, BatchItemView, BatchOutcome, BatchView, DryRunView, TrialView } from './batches-port.ts'
export type { MessageDetailView, MessagesPort, MessageView } from './messages-port.ts'
export { createApi } from './create-api.ts'
export type {
  ApiPorts,
  Health,
  LogEntry,
  MovementQuery,
  NodeEvent,
  NodeFacts,
  ReconciliationOutcome,
  ReconciliationPort,
  ReferenceListFacts,
  ReferencePort,
  ReferenceSubscriber,
  RegionalPort,
  TableNumber,
} from './ports.ts'
export type { CertificateView, PartnersPort, PartnerView, PModeView } from './partners-port.ts'
export type { ShareDone, ShareOutcome, SharesPort, ShareTerms, ShareView } from './shares-port.ts'
export { encodeCursor } from './http/cursor.ts'
export { cookieName } from './http/authentication.ts'
export type { Problem } from './http/problem.ts'
