import type { Tx } from '@corridor/database'
import type { ShareContract } from './contract.ts'
import type { ContractState, KnownContract } from './decide.ts'
import { sql } from './statements.ts'

/** One version of a contract as a side has it. */
export interface ContractRecord extends KnownContract {
  id: string
  contract: ShareContract
  state: ContractState
  offeredAt: Date
  answeredAt: Date | null
  answeredBy: string | null
  endedAt: Date | null
  /** Party that withdrew it; null when its period ended. */
  endedBy: string | null
  reason: string | null
}

/** Something that was shared, as its reader has it. */
export interface ItemRecord {
  owner: string
  item: string
  contractId: string
  version: number
  subject: string
  digest: string
  block: Buffer | null
  sharedAt: Date
  until: Date
  endedAt: Date | null
  endReason: string | null
  /** Of its contract. */
  state: ContractState
  validTo: Date
  reader: string
}

/** A version of a contract, as it is told to people and kept beside what waits for another. */
export const underOf = ({ id, version }: { id: string; version: number }): string => `${id} ${version}`

/** All versions of a contract, the newest first, locked. */
export const versionsOf = (tx: Tx, owner: string, id: string): Promise<ContractRecord[]> =>
  tx.run<ContractRecord>(sql.versions, [owner, id])

/** Most contracts of an owner with a reader that are proposed or in force, versions counted. */
const mostRunning = 100

/** Whether an owner and a reader have as many contracts as there may be. */
export async function haveEnough(tx: Tx, owner: string, reader: string): Promise<boolean> {
  const [found] = await tx.run<{ running: number }>(sql.running, [owner, reader])
  return (found?.running ?? 0) >= mostRunning
}

export async function addContract(
  tx: Tx,
  contract: ShareContract,
  { digest, at }: { digest: string; at: Date },
): Promise<boolean> {
  const { owner, id, version, reader, from, to } = contract
  const values = [owner, id, version, reader, JSON.stringify(contract), digest, new Date(from), new Date(to), at]
  return (await tx.run(sql.addContract, values)).length > 0
}
