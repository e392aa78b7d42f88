import { type ChildProcess, fork } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { connect, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations as exchangeMigrations } from '@corridor/exchange'
import { makePapers, type Papers } from '../../exchange/test/nodes.ts'
import { migrations } from '../src/index.ts'
import type { HubOrder } from './hub-process.ts'

/** A hub that is a process of its own with a database of its own. */
export interface BenchHub {
  papers: Papers
  url: string
  database: string
  /** Begins its work; members know the URL before. */
  open(members: { papers: Papers; url: string }[]): Promise<void>
  /** Of the process; its database's is with the server's. */
  cpuMs(): Promise<number>
  close(): Promise<void>
}

/** Everything of a hub but its members. */
export async function makeHub(): Promise<BenchHub> {
  const papers = await makePapers('HUB')
  const made = await testDatabase()
  const db = connect(made.url, { max: 1 })
  await migrate(db, [exchangeMigrations, migrations])
  await db.close()
  const port = await freePort()
  const child = fork(fileURLToPath(new URL('hub-process.ts', import.meta.url)))
  child.once('exit', (code) => {
    // Without it the rest would wait for ever.
    if (code !== 0) process.exit(1)
  })
  return {
    papers,
    url: `https://127.0.0.1:${port}/as4`,
    database: new URL(made.url).pathname.slice(1),
    async open(members) {
      await ask(child, { open: { databaseUrl: made.url, papers, port, members } }, 'opened')
    },
    cpuMs: () => ask<number>(child, { usage: true }, 'usage'),
    async close() {
      child.disconnect()
      await new Promise((resolve) => child.once('exit', resolve))
      await made.drop()
    },
  }
}

function ask<T>(child: ChildProcess, order: HubOrder, answer: string): Promise<T> {
  return new Promise((resolve) => {
    const hear = (word: Record<string, unknown>): void => {
      if (!(answer in word)) return
      child.off('message', hear)
      resolve(word[answer] as T)
    }
    child.on('message', hear)
    child.send(order)
  })
}

/** A port that was free a moment ago: members must know it before the hub is there. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
