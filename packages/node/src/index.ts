export type {
  BatchItemView,
  BatchView,
  CertificateView,
  DryRunView,
  MessageDetailView,
  MessageView,
  PartnerView,
  TrialView,
} from '@corridor/api'
export type { ReferenceActs, ReferenceOutcome } from '@corridor/casework'
export { type DocumentKind, isDay, type JournalVerification, type ReconciliationView } from '@corridor/exchange'
export { issueLink, issueToken, revokeToken, signsIn } from './access.ts'
export { localDay } from '@corridor/casework'
export { isOfOfficer, participantOf } from '@corridor/registry'
export { type Filled, whyNotUsed } from './backup/fill.ts'
export { type RestoredNode, restoreNode } from './backup/restore.ts'
export { takeBackup, type TakenBackup } from './backup/take.ts'
export { type VerifiedBackup, verifyBackup } from './backup/verify.ts'
export { Checked } from './config/checked.ts'
export { type NodeClock, nodeClock } from './clock.ts'
export { type Configuration, configurationsOf } from './config/configurations.ts'
export {
  checkCorridor,
  type Corridor,
  corridorFileOf,
  type CorridorNode,
  corridorNames,
  defaultCorridor,
  readCorridor,
} from './config/corridor.ts'
export { type EvidenceActor, takeEvidence } from './evidence.ts'
export { faultCatalogue, NodeFault } from './faults.ts'
export { type CheckedTunnel, checkTunnels } from './health/check-tunnels.ts'
export { homeOf, writePrivate } from './home.ts'
export { checkJournal } from './journal.ts'
export { checkRunnable, type KeptNode, keepNode } from './keep-node.ts'
export { tellLastWords } from './last-words.ts'
export { jsonLog, type LogLine } from './log.ts'
export { breakingWithin, usualDays } from './keys/breaks.ts'
export { lookAtCertificates, type LookedAt } from './keys/look.ts'
export { DEMONSTRATION_MARK, isDemonstration, makeDemonstrationKeys } from './pki/certificates.ts'
export { type ReconciliationDesk, withReconciliation } from './reconciliation.ts'
export { type ReferenceDesk, type ReferenceFile, type ReferenceReport, withReference } from './reference/desk.ts'
export { referencePort } from './reference/port.ts'
export { paperLanguages } from '@corridor/paper'
export { type PaperOrder, pdfOfPaper, printPaper } from './papers.ts'
export { type Partners, partnersOf } from './partners.ts'
export { ownKeyOpener, realSettings, refuseDemonstration } from './real-node.ts'
export { type RunningNode, runNode } from './run-node.ts'
export { type NodeSettings, readSettings } from './settings.ts'
export { freePort } from './supervisor/ports.ts'
export { type RunningCorridor, startCorridor, type StartOptions } from './supervisor/supervisor.ts'
export { documentTitle } from './titles.ts'
export { answersIn, messagesIn } from './messages-in.ts'
export { sendInPlaceOf, type StandInDocument } from './stand-in-gateway.ts'
