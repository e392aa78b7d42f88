export { type Plan, planAcceptance, planLeaving } from './accept.ts'
export { checkPartner, type CheckOptions } from './conformance/check.ts'
export {
  type Finding,
  isConformant,
  type Report,
  type Result,
  signReport,
  textOfReport,
  verifyReport,
} from './conformance/report.ts'
export { loadScenarios, type Needs, type Scenario } from './conformance/scenarios.ts'
export { type Draft, draftMember, type NewMember, pilotUnit } from './draft.ts'
export { JoinFault, type JoinFaultCode } from './faults.ts'
export { differenceOf, type FileChange, readFileOf, writeChanges } from './files.ts'
export { type Invitation, readInvitation, type ReadInvitation } from './invitation.ts'
export { invite, usualDays } from './invite.ts'
export { isTestPartner, type OwnCorridor, ownSigningKey, readOwn, signersOf } from './own.ts'
export { fingerprintOf, isFingerprint } from './signed-text.ts'
export { makeTestPartner, runTestPartner, type TestPartner } from './test-partner/test-partner.ts'
