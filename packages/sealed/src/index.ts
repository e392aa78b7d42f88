export {
  decryptObject,
  encryptBytes,
  isSignedObjectOf,
  type NotApart,
  readSignedObject,
  type SignedObject,
} from './apart.ts'
export { signCades, type VerifiedCades, verifyCades } from './cades.ts'
export type { Head, MessageObject, ReceiptObject, SealedContent } from './content.ts'
export { disclose, openDisclosed } from './disclose.ts'
export { SealedFault, type SealedFaultCode } from './faults.ts'
export { LIMITS } from './limits.ts'
export { type OpenedObject, openObject, type OpenOptions } from './open.ts'
export type { RefusalCode } from './refusal.ts'
export { type SealIdentity, sealObject } from './seal.ts'
export { signStatement, type VerifiedStatement, verifyStatement } from './statement.ts'
