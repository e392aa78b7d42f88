import type { Tx } from '@corridor/database'
import { type System, systemParticipant } from '@corridor/procedures'
import { RegistryAccountsFault } from './faults.ts'
import { sql } from './statements.ts'

/** Role of an officer at one office (NCTS business roles). */
export type OfficeRole = 'departure' | 'transit' | 'exit' | 'destination' | 'guarantee'

/**
 * What an account may do: an officer's role at one office, a manager of the administration's reference data, the operations desk of its
 * system, an officer of the regional secretariat of a hub, a trader, an outside system of the administration, or another agency of the country,
 * which gets its part of declaration data.
 */
export type Role = OfficeRole | 'reference' | 'operations' | 'regional' | 'trader' | 'system' | 'agency'

/** All roles, those at an office in the order of a movement. */
export const roles: readonly Role[] = [
  'departure',
  'transit',
  'exit',
  'destination',
  'guarantee',
  'reference',
  'operations',
  'regional',
  'trader',
  'system',
  'agency',
]

/** Somebody who may use this node: an officer at one office or of none, a trader with an EORI, or an outside system. */
export interface Account {
  id: string
  name: string
  role: Role
  /** Customs office reference (COR form, `AL000101`) of an officer at an office; null for everybody else. */
  office: string | null
  /** EORI of a trader; null for everybody else. */
  trader: string | null
  /** Which outside system it is; null for everybody else. */
  system: System | null
  /** BCP 47 tag of the language this person reads. */
  locale: string
  createdAt: Date
  /** Since when the account may do nothing; null while it may. */
  disabledAt: Date | null
}

/** The columns of `account` as the driver gives them. */
export interface AccountRow {
  id: string
  name: string
  role: Role
  office: string | null
  trader: string | null
  system: System | null
  locale: string
  created_at: Date
  disabled_at: Date | null
}

/** Reads one row of `account`. */
export function readAccount(row: AccountRow): Account {
  const { id, name, role, office, trader, system, locale } = row
  return { id, name, role, office, trader, system, locale, createdAt: row.created_at, disabledAt: row.disabled_at }
}

/** Whether an account is a person of the administration: neither a trader, nor an outside system, nor another agency. */
export function isOfOfficer({ role }: Pick<Account, 'role'>): boolean {
  return role !== 'trader' && role !== 'system' && role !== 'agency'
}

/** The name under which another agency is written to. No trader's number begins with small letters. */
export const agencyParticipant = (account: string): string => `agency:${account}`

/**
 * Whose mailbox an account reads, and under which name it sends: a trader's EORI, or the name of an outside system or of another agency.
 * Undefined for officers, who have none.
 */
export function participantOf({
  id,
  role,
  trader,
  system,
}: Pick<Account, 'id' | 'role' | 'trader' | 'system'>): string | undefined {
  if (role === 'agency') return agencyParticipant(id)
  return trader ?? (system === null ? undefined : systemParticipant(system))
}

/** Role and office of an officer at an office, whose movements they are; undefined for everybody else. */
export function deskOf({
  role,
  office,
}: Pick<Account, 'role' | 'office'>): { role: OfficeRole; office: string } | undefined {
  return isOfficeRole(role) && office !== null ? { role, office } : undefined
}

const officeRoles: ReadonlySet<Role> = new Set(['departure', 'transit', 'exit', 'destination', 'guarantee'])

/** Whether it is a role at one office; who is of no office acts for the administration, or for the region. */
export function isOfficeRole(role: Role): role is OfficeRole {
  return officeRoles.has(role)
}

/** What configuration says of an account: one of `office` (officers at one), `trader` (EORI) and `system`; a reference-data manager, the operations desk and the regional secretariat have none. */
export interface AccountDetails {
  id: string
  name: string
  role: Role
  office?: string | null
  trader?: string | null
  system?: System | null
  locale: string
}

/**
 * Creates the account, or renames and moves an existing one; its language stays as the person chose it.
 * @throws {RegistryAccountsFault} `account-shape` when role, office, trader and system do not fit together.
 */
export async function saveAccount(tx: Tx, details: AccountDetails, now: Date): Promise<Account> {
  const office = details.office ?? null
  const trader = details.trader ?? null
  const system = details.system ?? null
  const { role } = details
  const fits =
    (trader !== null) === (role === 'trader') &&
    (system !== null) === (role === 'system') &&
    (office !== null) === isOfficeRole(role)
  if (!fits) throw new RegistryAccountsFault('account-shape', details.id)
  const values = [details.id, details.name, details.role, office, trader, system, details.locale, now]
  return readAccount((await tx.run<AccountRow>(sql.saveAccount, values))[0]!)
}

/** The account with this id, disabled or not. */
export async function findAccount(tx: Tx, id: string): Promise<Account | undefined> {
  const [row] = await tx.run<AccountRow>(sql.findAccount, [id])
  return row && readAccount(row)
}

/** Every account of the node by id. */
export async function listAccounts(tx: Tx): Promise<Account[]> {
  return (await tx.run<AccountRow>(sql.listAccounts)).map(readAccount)
}

/** Sets the language of a person; undefined when there is no such account. */
export async function setAccountLocale(tx: Tx, id: string, locale: string): Promise<Account | undefined> {
  const [row] = await tx.run<AccountRow>(sql.setAccountLocale, [id, locale])
  return row && readAccount(row)
}

/**
 * Disables an account from `since` (its links, sessions and tokens stop at once), or enables it again with null.
 * A second disabling keeps the first time. Undefined when there is no such account.
 */
export async function setAccountDisabled(tx: Tx, id: string, since: Date | null): Promise<Account | undefined> {
  const [row] = await tx.run<AccountRow>(sql.setAccountDisabled, [id, since])
  return row && readAccount(row)
}

/**
 * Closes every account that is not named (its links, sessions and tokens stop at once), and opens again those named that were closed.
 * @returns what changed
 */
export async function closeOtherAccounts(
  tx: Tx,
  ids: readonly string[],
  now: Date,
): Promise<{ id: string; open: boolean }[]> {
  const rows = await tx.run<{ id: string; disabled_at: Date | null }>(sql.closeOtherAccounts, [ids, now])
  return rows.map(({ id, disabled_at: closed }) => ({ id, open: closed === null }))
}
