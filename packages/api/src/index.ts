export { createApi } from './create-api.ts'
export type {
  ApiPorts,
  Health,
  LogEntry,
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
  ShareTerms,
  ShareView,
  TableNumber,
} from './ports.ts'
export { encodeCursor } from './http/cursor.ts'
export { cookieName } from './http/authentication.ts'
export type { Problem } from './http/problem.ts'
