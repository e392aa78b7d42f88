import { connect } from '@corridor/database'
import { documentKinds, type DocumentKind } from '@corridor/exchange'
import type { NodeSettings } from './settings.ts'

/** The kinds of documents that a node of a demonstration has had. */
export async function messagesIn({ databaseUrl }: Pick<NodeSettings, 'databaseUrl'>): Promise<DocumentKind[]> {
  const db = connect(databaseUrl, { max: 1, applicationName: 'corridor play' })
  try {
    return await documentKinds(db)
  } finally {
    await db.close()
  }
}
