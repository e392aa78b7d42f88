import type { Tx } from '@corridor/database'
import type { DeclarationSide, DeclarationState } from '@corridor/procedures'
import { sql } from './statements.ts'

/** A declaration of which this administration and another one have data. */
export interface Declaration {
  /** In this node. */
  id: string
  side: DeclarationSide
  /** The other administration. */
  party: string
  /** An export's number at its administration; of an import UCR and the declarant's reference. */
  key: string
  number: string | null
  ucr: string
  /** Of its blocks the one that counts; 0 when none is here. */
  version: number
  state: DeclarationState
  /** Identification number of the operator whose it is here. */
  trader: string | null
  /** When it was accepted, or came: yyyy-mm-dd. */
  day: string
  createdAt: Date
  changedAt: Date
  /** Of an export whose last version may not go now: '' while no contract is in force, else the contract or the way in which it cannot go; null of any other. */
  keptBack: string | null
}

/** What the other administration said of a version. */
export interface DeclarationAnswer {
  outcome: 'taken' | 'held' | 'refused'
  findings: DeclarationFinding[]
  at: string
}

/** What is wrong with a block, as it crosses. */
export interface DeclarationFinding {
  rule: string
  path: string
  value: string
  text: string
  remedy: string
}

/** One version of a declaration. */
export interface DeclarationVersion {
  version: number
  event: string
  /** Canonical JSON; null of data that lie under a share, or lay there: `messageId` is what the share calls them. */
  block: Uint8Array | null
  /** SHA-256. */
  digest: Uint8Array
  messageId: string | null
  actor: string
  at: Date
  answer: DeclarationAnswer | null
}

/** As statements give it. */
export interface DeclarationRow {
  id: string
  side: DeclarationSide
  party: string
  key: string
  number: string | null
  ucr: string
  version: number
  state: DeclarationState
  trader: string | null
  day: string
  created_at: Date
  changed_at: Date
  kept_back: string | null
}

interface VersionRow {
  version: number
  event: string
  block: Buffer | null
  digest: Buffer
  message_id: string | null
  actor: string
  at: Date
  answer: DeclarationAnswer | null
}

/** Finds and locks a declaration by what it is known by. */
export async function findDeclaration(
  tx: Tx,
  side: DeclarationSide,
  party: string,
  key: string,
): Promise<Declaration | undefined> {
  return readDeclaration((await tx.run<DeclarationRow>(sql.find, [side, party, key]))[0])
}

/** Finds and locks a declaration by the number under which it was registered. */
export async function declarationByNumber(
  tx: Tx,
  side: DeclarationSide,
  party: string,
  number: string,
): Promise<Declaration | undefined> {
  return readDeclaration((await tx.run<DeclarationRow>(sql.byNumber, [side, party, number]))[0])
}

/** A declaration by its id in this node. */
export async function declarationById(tx: Tx, id: string): Promise<Declaration | undefined> {
  return isId(id) ? readDeclaration((await tx.run<DeclarationRow>(sql.byId, [id]))[0]) : undefined
}

/** The same, locked. */
export async function lockDeclaration(tx: Tx, id: string): Promise<Declaration | undefined> {
  return isId(id) ? readDeclaration((await tx.run<DeclarationRow>(sql.lock, [id]))[0]) : undefined
}

const isId = (id: string): boolean => /^\d{1,18}$/.test(id)

/** All that is known under a UCR. */
export async function declarationsOfUcr(tx: Tx, ucr: string): Promise<Declaration[]> {
  return (await tx.run<DeclarationRow>(sql.byUcr, [ucr])).map((row) => readDeclaration(row)!)
}

/** Begins a declaration. PostgreSQL's unique violation (23505) when another transaction has just begun it. @returns its id */
export async function insertDeclaration(
  tx: Tx,
  declaration: Omit<Declaration, 'id' | 'createdAt' | 'changedAt' | 'keptBack'>,
  at: Date,
): Promise<string> {
  const { side, party, key, number, ucr, version, state, trader, day } = declaration
  const values = [side, party, key, number, ucr, version, state, trader, day, at]
  return (await tx.run<{ id: string }>(sql.insert, values))[0]!.id
}

/** Saves what changed of a declaration. */
export async function updateDeclaration(
  tx: Tx,
  { id, number, version, state, trader }: Pick<Declaration, 'id' | 'number' | 'version' | 'state' | 'trader'>,
  at: Date,
): Promise<void> {
  await tx.run(sql.update, [id, number, version, state, trader, at])
}

/** Keeps a version; it is never changed, but for the answer to it and for where it lies. @param handed id under which the national system handed it over */
export async function addVersion(
  tx: Tx,
  declaration: string,
  { version, event, block, digest, messageId, actor, at }: Omit<DeclarationVersion, 'answer'>,
  handed: string | null,
): Promise<void> {
  await tx.run(sql.addVersion, [declaration, version, event, block, digest, handed, messageId, actor, at])
}

/** Every version that is here, the first one first. */
export async function versionsOf(tx: Tx, declaration: string): Promise<DeclarationVersion[]> {
  return (await tx.run<VersionRow>(sql.versions, [declaration])).map(readVersion)
}

/** One version. */
export async function versionOf(tx: Tx, declaration: string, version: number): Promise<DeclarationVersion | undefined> {
  const [row] = await tx.run<VersionRow>(sql.version, [declaration, version])
  return row && readVersion(row)
}

/** Keeps what the other administration said of a version. */
export async function keepAnswer(
  tx: Tx,
  declaration: string,
  version: number,
  answer: DeclarationAnswer,
): Promise<void> {
  await tx.run(sql.answer, [declaration, version, JSON.stringify(answer)])
}

/** SHA-256 of what was handed over before under an id; undefined where nothing was. */
export async function handedBefore(tx: Tx, handed: string): Promise<Uint8Array | undefined> {
  return (await tx.run<{ digest: Buffer }>(sql.handed, [handed]))[0]?.digest
}

/** A declaration as it was kept. */
export function readDeclaration(row: DeclarationRow | undefined): Declaration | undefined {
  if (row === undefined) return undefined
  const { id, side, party, key, number, ucr, version, state, trader, day } = row
  return {
    id,
    side,
    party,
    key,
    number,
    ucr,
    version,
    state,
    trader,
    day,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    keptBack: row.kept_back,
  }
}

function readVersion({ message_id: messageId, ...row }: VersionRow): DeclarationVersion {
  return { ...row, messageId }
}
