import { createSecretKey } from 'node:crypto'
import { connect, type Database } from '@corridor/database'
import { type Answering, answersTo, documentKinds, type DocumentKind, makeVault } from '@corridor/exchange'
import type { NodeSettings } from './settings.ts'

/** The kinds of documents that a node of a demonstration has had. */
export async function messagesIn(settings: Pick<NodeSettings, 'databaseUrl'>): Promise<DocumentKind[]> {
  return looking(settings, documentKinds)
}

/** What a node of a demonstration made to answer a message, oldest first. */
export async function answersIn(
  settings: Pick<NodeSettings, 'databaseUrl' | 'dataKey'>,
  messageId: string,
): Promise<Answering[]> {
  const vault = makeVault(createSecretKey(Buffer.from(settings.dataKey, 'base64')))
  return looking(settings, (db) => answersTo(db, vault, messageId))
}

async function looking<Found>(
  { databaseUrl }: Pick<NodeSettings, 'databaseUrl'>,
  look: (db: Database) => Promise<Found>,
): Promise<Found> {
  const db = connect(databaseUrl, { max: 1, applicationName: 'corridor play' })
  try {
    return await look(db)
  } finally {
    await db.close()
  }
}
