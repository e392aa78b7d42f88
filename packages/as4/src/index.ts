export { isStrongRsa } from './algorithms/signature.ts'
export { isValidAt } from './certificate.ts'
export { type Crl, readCrl } from './certificates/crl.ts'
export { DerFault } from './certificates/der.ts'
export { type CertificateFacts, factsOf } from './certificates/facts.ts'
export type { RevocationPolicy } from './certificates/revocation.ts'
export { isSoundAlgorithm } from './certificates/signed-data.ts'
export { type ChainVerdict, checkChain, type Trust } from './certificates/trust.ts'
export { disclose, openDisclosed } from './disclose.ts'
export { type As4Error, EBMS_ERRORS, ebmsError, type EbmsErrorCode, isFinal } from './ebms-errors.ts'
export { explain, type ExplainOptions } from './explain/explain.ts'
export type * from './explain/explanation.ts'
export { type Capture, readCapture } from './explain/http-capture.ts'
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
export { checkPModes } from './p-modes/check-all.ts'
export { checkProfile } from './p-modes/check-profile.ts'
export { checkPMode } from './p-modes/check.ts'
export type { Checked, PModeFinding } from './p-modes/finding.ts'
export { readPModes, writePModes } from './p-modes/json.ts'
export {
  FOUR_CORNER,
  type FourCorner,
  fourCornerOf,
  isTestMessage,
  replyMessage,
  testPModeOf,
} from './p-modes/messages.ts'
export { type EbCoreType, iso6523, readEbCoreType } from './p-modes/party-id.ts'
export { type CertificateUse, createPModeStore, type PModeStore } from './p-modes/store.ts'
export { PROFILES, profileOf } from './profiles/index.ts'
export type { Profile, TokenReference } from './profiles/profile.ts'
export { readResponse, type Response, type ResponseOptions, verifyReceipt } from './response.ts'
export { sealUserMessage, type SealOptions, sentMessageOf } from './seal.ts'
export type { RandomBytes } from './random.ts'
export {
  type IncomingWire,
  type OpenedStream,
  openStream,
  type OpenStreamOptions,
  type SpooledPart,
  type StreamOutcome,
} from './stream/open-stream.ts'
export {
  type MessageToStream,
  type PartToStream,
  sealStream,
  type SealStreamOptions,
  type StreamedMessage,
} from './stream/seal-stream.ts'
export type { ErrorSignal, PullRequestSignal, ReceiptSignal, Signal } from './signal-read.ts'
export {
  isSignedBy,
  type SignedPart,
  type SignedParts,
  signedPartsOf,
  type SignedPartsOptions,
} from './signed-parts.ts'
export { sealError, sealPullRequest, sealReceipt, type SignalOptions } from './signal-write.ts'
