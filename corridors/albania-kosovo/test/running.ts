import { createSecretKey } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Database } from '@corridor/database'
import { makeVault, type Vault } from '@corridor/exchange'
import { type RunningCorridor, startCorridor } from '@corridor/node'

/** A corridor that runs for a test, with a connection to each node's database. */
export interface TestCorridor extends Omit<RunningCorridor, 'stop'> {
  home: string
  running: RunningCorridor
  databases: Map<string, Database>
  vaults: Map<string, Vault>
  end(): Promise<void>
}

/** Starts the corridor, or another configuration of it by the path of its file, in a home of its own, on any free ports; `end` removes everything. */
export async function startForTest(corridor = 'albania-kosovo'): Promise<TestCorridor> {
  const home = mkdtempSync(join(tmpdir(), 'corridor-story-'))
  chmodSync(home, 0o711)
  const running = await startCorridor({ corridor, home, anyPorts: true, now: () => new Date() })
  const databases = new Map<string, Database>()
  const vaults = new Map<string, Vault>()
  const know = (): void => {
    for (const { node, settings } of running.nodes) {
      if (databases.has(node.id)) continue
      databases.set(node.id, connect(settings.databaseUrl, { max: 2 }))
      vaults.set(node.id, makeVault(createSecretKey(Buffer.from(settings.dataKey, 'base64'))))
    }
  }
  know()
  return {
    ...running,
    get corridor() {
      return running.corridor
    },
    async takeUp(file) {
      await running.takeUp(file)
      know()
    },
    running,
    home,
    databases,
    vaults,
    end: async () => {
      await Promise.all([...databases.values()].map((db) => db.close()))
      await running.stop()
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** One message as a box of a node has it. */
export interface Boxed {
  message_id: string
  document_type: string
  link: string
  state: string
  payload: Buffer
  digest: string
}

/** The messages about movements in a node's box: reference data goes beside them. */
export async function box(
  { databases, vaults }: TestCorridor,
  node: string,
  name: 'inbox' | 'outbox',
): Promise<Boxed[]> {
  const rows = await databases.get(node)!.query<Boxed>(
    `select message_id, document_type, link, state, payload, encode(payload_digest, 'hex') as digest from ${name}
      where document_type not like 'ReferenceData%' order by id`,
  )
  return rows.map((row) => ({ ...row, payload: vaults.get(node)!.open('payload', row.message_id, row.payload) }))
}

/** The documents of one whole story, and how often each is made. */
export const documentsOfTheStory: Record<string, number> = {
  CC015C: 1, CC928C: 1, CC028C: 1, CD200C: 1, CD201C: 1, CC060C: 1, CD203C: 1, CD205C: 1, CC029C: 1, CD001C: 1, CD050C: 1, CD118C: 1,
  CC007C: 1, CD006C: 1, CD024C: 1, CC043C: 1, CC044C: 1, CD018C: 1, CC025C: 1, CD209C: 1, CC045C: 1,
} // prettier-ignore
