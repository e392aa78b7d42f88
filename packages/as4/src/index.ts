export { isStrongRsa } from './algorithms/signature.ts'
export { isValidAt } from './certificate.ts'
export { type As4Error, EBMS_ERRORS, ebmsError, type EbmsErrorCode, isFinal } from './ebms-errors.ts'
export { As4Fault, type As4FaultCode, REMEDIES } from './faults.ts'
export { type As4Limits, DEFAULT_LIMITS } from './limits.ts'
export type * from './model.ts'
export { EBMS } from './names.ts'
export {
  open,
  type Opened,
  type OpenedMessage,
  type OpenedPullRequest,
  type OpenOptions,
  type PullOptions,
  type RefusedMessage,
} from './open.ts'
export { matchesPMode } from './p-mode.ts'
export { readResponse, type Response, type ResponseOptions, verifyReceipt } from './response.ts'
export { sealUserMessage, type SealOptions, sentMessageOf } from './seal.ts'
export type { RandomBytes } from './security-write.ts'
export type { ErrorSignal, PullRequestSignal, ReceiptSignal, Signal } from './signal-read.ts'
export { sealError, sealPullRequest, sealReceipt, type SignalOptions } from './signal-write.ts'
