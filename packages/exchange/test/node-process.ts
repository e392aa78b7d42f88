// A node as a process of its own, for the tests that kill it. Its orders come as the first message of its parent; it says `ready`
// with the port of its server. The points at which it dies are here, around the exchange, and not in it.
import { connect, type Database } from '@corridor/database'
import { httpsTransport, type Transport } from '../src/index.ts'
import { createExchange, optionsOf, partnerOf, recordEffect, serverOf, type Papers } from './nodes.ts'

export interface Orders {
  databaseUrl: string
  papers: Papers
  partner: Papers
  partnerUrl: string
  port: number
  /**
   * `in-batch`: while several incoming messages are on their way to disk · `after-commit`: when incoming messages are on disk, before its answer · `after-post`: when the partner's answer to a message is
   * here, before it is noted · `after-decision`: when a decision is committed, before anything else.
   */
  dieAt?: 'in-batch' | 'after-commit' | 'after-post' | 'after-decision'
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment, in which nothing more may happen.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function deadlyDatabase(db: Database, dieAt: Orders['dieAt']): Database {
  return {
    ...db,
    async run<Row>(...args: Parameters<Database['run']>) {
      const running = db.run<Row>(...args)
      const [statement, values = []] = args
      if (dieAt === 'in-batch' && statement.name.startsWith('accept.') && (values[0] as unknown[]).length > 1) {
        // The statement is written at the end of this turn; the server has it and may or may not commit it.
        await new Promise((resolve) => setImmediate(resolve))
        die()
      }
      const rows = await running
      if (dieAt === 'after-commit' && statement.name.startsWith('accept.')) die()
      return rows
    },
    async transaction(work, options) {
      const result = await db.transaction(work, options)
      if (dieAt === 'after-decision' && result === true) die()
      return result
    },
  }
}

process.once('message', (orders: Orders) => {
  run(orders).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})

async function run({ databaseUrl, papers, partner, partnerUrl, port, dieAt }: Orders): Promise<void> {
  const db = deadlyDatabase(connect(databaseUrl), dieAt)
  const { send } = httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem })
  const transport: Transport = async (...args) => {
    const answer = await send(...args)
    if (dieAt === 'after-post') die()
    return answer
  }
  const exchange = createExchange({
    ...optionsOf(papers, db, [partnerOf(papers.party, partner, partnerUrl)]),
    transport,
  })
  await exchange.start(recordEffect)
  const server = await serverOf(exchange, papers, port)
  process.send?.({ ready: server.address.port })
  // An orphan of a killed test run must not stay.
  process.once('disconnect', () => process.exit(0))
}
