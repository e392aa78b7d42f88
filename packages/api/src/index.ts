export { createApi } from './create-api.ts'
export type {
  ApiPorts,
  Health,
  LogEntry,
  MessageDetailView,
  MessagesPort,
  MessageView,
  MovementQuery,
  NodeEvent,
  NodeFacts,
  ReferenceListFacts,
  ReferencePort,
  ReferenceSubscriber,
  RegionalPort,
  ShareDone,
  ShareOutcome,
  SharesPort,
  ShareView,
  TableNumber,
} from './ports.ts'
export { encodeCursor } from './http/cursor.ts'
export { cookieName } from './http/authentication.ts'
export type { Problem } from './http/problem.ts'
