import { createHash } from 'node:crypto'
import type { Tx } from '@corridor/database'
import { sql } from './context.ts'
import { readSeals, type ChainHead } from './journal-seals/verify.ts'
import type { Kept, Vault } from './vault.ts'

/** A stored value that is not what was stored. */
export interface DamagedValue {
  box: 'inbox' | 'outbox'
  /** Of the row. */
  id: number
  kept: Kept
}

/** What came of opening every stored value of every message. */
export interface StoredMessages {
  messages: number
  /** Documents, exact bytes and receipts that opened; a document has the digest that it came with. */
  values: number
  /** Documents and exact bytes that were forgotten on purpose, with their digests kept. */
  notKept: number
  damaged: number
  /** The first of them. */
  examples: DamagedValue[]
}

interface StoredRow {
  id: number
  message_id: string
  payload: Buffer | null
  payload_digest: Buffer
  wire: Buffer | null
  wire_is: 'raw' | 'sealed'
  receipt: Buffer | null
}

const mostExamples = 10

/** Opens all that is stored of all messages, a few at a time: memory stays the same however many there are. */
export async function checkStored(tx: Tx, vault: Vault): Promise<StoredMessages> {
  const found: StoredMessages = { messages: 0, values: 0, notKept: 0, damaged: 0, examples: [] }
  for (const [box, statement] of [
    ['inbox', sql.storedInbox],
    ['outbox', sql.storedOutbox],
  ] as const) {
    for (let after = 0; ;) {
      const rows = await tx.run<StoredRow>(statement, [after])
      const last = rows.at(-1)
      if (last === undefined) break
      after = last.id
      for (const row of rows) checkRow(box, row, vault, found)
    }
  }
  return found
}

function checkRow(box: DamagedValue['box'], row: StoredRow, vault: Vault, found: StoredMessages): void {
  found.messages++
  const stored: [Kept, Buffer | null][] = [
    ['payload', row.payload],
    [row.wire_is, row.wire],
    ['receipt', row.receipt],
  ]
  for (const [kept, bytes] of stored) {
    if (bytes === null) continue
    // Nothing sealed is as short; `Passing.forget` leaves it so.
    if (bytes.length === 0 && kept !== 'receipt') {
      found.notKept++
      continue
    }
    if (opens(kept, row, bytes, vault)) {
      found.values++
      continue
    }
    found.damaged++
    if (found.examples.length < mostExamples) found.examples.push({ box, id: row.id, kept })
  }
}

function opens(kept: Kept, row: StoredRow, bytes: Buffer, vault: Vault): boolean {
  try {
    const opened = vault.open(kept, row.message_id, bytes)
    return kept !== 'payload' || createHash('sha256').update(opened).digest().equals(row.payload_digest)
  } catch {
    return false
  }
}

/** The end of the chain of seals as it is now; undefined before the first seal. */
export async function chainHead(tx: Tx): Promise<ChainHead | undefined> {
  const [last] = await tx.run<{ number: number }>(sql.lastJournalSeal)
  const [seal] = last === undefined ? [] : await readSeals(tx, last.number, last.number, 1)
  if (seal === undefined) return undefined
  return {
    number: seal.number,
    hash: Buffer.from(seal.hash).toString('hex'),
    sealedAt: new Date(seal.sealedAtUs / 1000),
  }
}
