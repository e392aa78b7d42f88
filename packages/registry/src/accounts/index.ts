export {
  agencyParticipant,
  closeOtherAccounts,
  deskOf,
  findAccount,
  isOfficeRole,
  isOfOfficer,
  listAccounts,
  participantOf,
  roles,
  saveAccount,
  setAccountDisabled,
  setAccountLocale,
  type Account,
  type AccountDetails,
  type OfficeRole,
  type Role,
} from './account.ts'
export * from './api-token.ts'
export * from './faults.ts'
export * from './forget.ts'
export * from './idempotency.ts'
export * from './revoke-all.ts'
export { encodeSecret, isSecret } from './secrets.ts'
export * from './session.ts'
export * from './sign-in.ts'
