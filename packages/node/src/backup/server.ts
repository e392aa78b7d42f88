import { DatabaseFault, connect, startPostgres } from '@corridor/database'
import type { NodeSettings } from '../settings.ts'

/** Does something while the database of a node can be reached: that of a demonstration that does not run is started for so long. */
export async function withServer<T>(settings: NodeSettings, work: () => Promise<T>): Promise<T> {
  const { dataFolder, databaseUrl } = settings
  if (dataFolder === undefined || (await answers(databaseUrl))) return work()
  const server = await startPostgres({ home: dataFolder, port: Number(new URL(databaseUrl).port) })
  try {
    return await work()
  } finally {
    if (!server.adopted) await server.stop()
  }
}

async function answers(url: string): Promise<boolean> {
  const db = connect(url, { max: 1, applicationName: 'corridor backup' })
  try {
    await db.query('select')
    return true
  } catch (error) {
    if (error instanceof DatabaseFault && error.code === 'database.unreachable') return false
    throw error
  } finally {
    await db.close()
  }
}
