export { accountActs, decideAccounts } from './account/decide.ts'
export type * from './account/types.ts'
export { decideFallback, fallbackActs, takesDocument } from './fallback/decide.ts'
export { reconcile } from './fallback/reconcile.ts'
export type * from './fallback/types.ts'
export { actsOf, decide, eventName } from './decide.ts'
export { choicesOf } from './choices.ts'
export { mermaidOf } from './diagram.ts'
export { earlierIn } from './earlier.ts'
export { faultCatalogue, ProcedureFault } from './faults.ts'
export { isFor } from './law-check.ts'
export { compileLaw, type DeparturePart, departureParts, type ProcedureTexts } from './law.ts'
export { type Machine, type MachineRow, NO_RECORD, partOf } from './machine.ts'
export { usualLimit } from './does/departure.ts'
export { traderState } from './trader.ts'
export { meansNow, sealsNow } from './incidents.ts'
export { recordRequests } from './does/diversion.ts'
export { withDurations } from './timers.ts'
export { groups, present, text, texts } from './read.ts'
export { reason, refusalOf } from './refusals.ts'
export { withOperators } from './release.ts'
export { senderOfficeOf } from './routes.ts'
export { availabilityAnswer, availabilityRequest } from './services/availability.ts'
export type { Service, StatisticsType } from './services/services.ts'
export { type Count, statisticsDocument } from './services/statistics.ts'
export {
  afterNotices,
  countriesOnRoute,
  nameOfUnavailability,
  type Notice,
  noticeDocument,
  type NoticeOperation,
  noticesIn,
  putOffUntil,
  type Unavailability,
  unavailableAt,
} from './services/unavailability.ts'
export { type Warning, warningIn } from './services/warnings.ts'
export { type System, systemIn, systemParticipant, systems } from './systems.ts'
export type * from './types.ts'
export {
  compileDeclarationLaw,
  type DeclarationEvent,
  type DeclarationLaw,
  type DeclarationRefusal,
  type DeclarationSide,
  declarationSides,
  type DeclarationState,
  declarationStates,
  type DeclarationStep,
} from './declarations/law.ts'
