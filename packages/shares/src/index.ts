export type { ContractDraft } from './agree.ts'
export type { ShareContract } from './contract.ts'
export type { ContractState } from './decide.ts'
export { type Revision, type ShareDocument, shareMediaTypes } from './documents.ts'
export { always, beyond, expanded, leavesOf, missingFor, withOnly } from './elements.ts'
export { type ShareEffects, type SharePorts, shareTopic } from './ports.ts'
export type { Shown } from './read.ts'
export { refusals, type RefusalCode, type Refused } from './refusals.ts'
export {
  createShares,
  type ListedContract,
  type ListedItem,
  type ListedReading,
  migrations,
  type Shares,
} from './shares.ts'
export type { ForPurpose, Uploaded, UploadedFor } from './upload.ts'
