// A node as a process of its own that kills itself at the moment it is told. The moments are made around the exchange: in the ports it
// is given, and in the functions of Node that it calls; the exchange itself knows nothing of them.
import crypto from 'node:crypto'
import { ServerResponse } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import zlib from 'node:zlib'
import { connect, migrate, type Database, type Tx } from '@corridor/database'
import { as4Sealing, httpsTransport, migrations, type Handler, type Sealing, type Transport } from '../../src/index.ts'
import { createExchange, document, effects, optionsOf, partnerOf, serverOf, type Papers } from '../nodes.ts'

/**
 * Receiving, in order: `header read` the agreement is looked for, nothing is verified · `signature verified` · `payload decrypted` ·
 * `payload unzipped` · `receipt sealed` · `before accept`, `in a batch` of several, `after accept` the statement that takes messages on ·
 * `before the answer`, `half of the answer`, `after the answer`.
 * Deciding: `after claim` · `in the handler` · `after effect` the first thing that the handler writes · `before the commit`,
 * `after the commit`.
 * Sending: `after lease` · `before mark-sent` sealed, not stored · `after mark-sent` · `after the post` the answer is here ·
 * `before settle-receipted`, `after settle-receipted`.
 */
export type Moment =
  | 'header read'
  | 'signature verified'
  | 'payload decrypted'
  | 'payload unzipped'
  | 'receipt sealed'
  | 'in a batch'
  | 'before the answer'
  | 'half of the answer'
  | 'after the answer'
  | 'in the handler'
  | 'before the commit'
  | 'after the commit'
  | 'after the post'
  | `${'before' | 'after'} ${Statement}`

type Statement =
  | 'write-outcomes'
  | 'finish-batch'
  | 'accept'
  | 'claim'
  | 'effect'
  | 'lease'
  | 'mark-sent'
  | 'settle-receipted'

export interface Orders {
  databaseUrl: string
  papers: Papers
  partner: Papers
  partnerUrl: string
  /** Undefined: it lives until somebody kills it. */
  dieAt?: Moment
  /** Each decision owes the partner a message. */
  answers?: boolean
  /** A folder of migrations (its URL) that it brings the database to at its start, as a node does. */
  migrations?: string
}

let dieAt: Moment | undefined

function at(moment: Moment): void {
  if (moment !== dieAt) return
  process.kill(process.pid, 'SIGKILL')
  // The signal may take a moment, in which nothing more may happen.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function deadlyTx<T extends Tx>(tx: T): T {
  return {
    ...tx,
    async run<Row>(...args: Parameters<Tx['run']>) {
      const name = args[0].name.split('.')[0] as Statement
      at(`before ${name}`)
      const running = tx.run<Row>(...args)
      const [, values = []] = args
      if (dieAt === 'in a batch' && name === 'accept' && (values[0] as unknown[]).length > 1) {
        // The statement is written at the end of this turn: the server has it, and may or may not commit it.
        await new Promise((resolve) => setImmediate(resolve))
        at('in a batch')
      }
      const rows = await running
      // Looking for work in vain is no moment.
      if ((name !== 'claim' && name !== 'lease') || rows.length > 0) at(`after ${name}`)
      return rows
    },
  }
}

function deadlyDatabase(db: Database): Database {
  return {
    ...deadlyTx(db),
    async transaction(work, options) {
      const result = await db.transaction(async (tx) => {
        const done = await work(deadlyTx(tx))
        // Of a decision: true says that there was one.
        if (done === true) at('before the commit')
        return done
      }, options)
      if (result === true) at('after the commit')
      return result
    },
  }
}

const sealing: Sealing = {
  ...as4Sealing,
  open: (wire, options) =>
    as4Sealing.open(wire, {
      ...options,
      findPMode(header) {
        at('header read')
        return options.findPMode(header)
      },
    }),
  sealReceipt(...args) {
    const receipt = as4Sealing.sealReceipt(...args)
    at('receipt sealed')
    return receipt
  },
}

/** AS4 opens a message without a pause; what it calls in Node is where its steps end. */
function watchNode(): void {
  const { verify, createDecipheriv } = crypto
  const { gunzipSync } = zlib
  Object.assign(crypto, {
    verify(...args: Parameters<typeof verify>) {
      const sound = verify(...args)
      at('signature verified')
      return sound
    },
    createDecipheriv(...args: Parameters<typeof createDecipheriv>) {
      const decipher = createDecipheriv(...args)
      const final = decipher.final.bind(decipher)
      return Object.assign(decipher, {
        final() {
          const rest = final()
          at('payload decrypted')
          return rest
        },
      })
    },
  })
  Object.assign(zlib, {
    gunzipSync(...args: Parameters<typeof gunzipSync>) {
      const bytes = gunzipSync(...args)
      at('payload unzipped')
      return bytes
    },
  })
  syncBuiltinESMExports()
  const end = ServerResponse.prototype.end as (this: ServerResponse, body?: Buffer) => ServerResponse
  ServerResponse.prototype.end = function endOrDie(this: ServerResponse, body?: Buffer) {
    at('before the answer')
    if (dieAt === 'half of the answer' && body !== undefined)
      this.write(body.subarray(0, body.length / 2), () => at('half of the answer'))
    else end.call(this, body).once('finish', () => at('after the answer'))
    return this
  } as typeof ServerResponse.prototype.end
}

process.once('message', (orders: Orders) => {
  run(orders).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})

async function run({ databaseUrl, papers, partner, partnerUrl, answers, ...orders }: Orders): Promise<void> {
  dieAt = orders.dieAt
  watchNode()
  const { send } = httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem })
  const transport: Transport = async (...args) => {
    const answer = await send(...args)
    at('after the post')
    return answer
  }
  const real = connect(databaseUrl)
  if (orders.migrations !== undefined) await migrate(real, [{ ...migrations, directory: new URL(orders.migrations) }])
  const db = deadlyDatabase(real)
  const options = optionsOf(papers, db, [partnerOf(papers.party, partner, partnerUrl)])
  const exchange = createExchange({ ...options, transport, sealing })
  const handler: Handler = async (tx, message) => {
    at('in the handler')
    await tx.run(effects, [message.messageId, message.conversation])
    await exchange.journal(tx, [{ kind: 'test.decided', messageId: message.messageId }])
    if (answers === true)
      await exchange.enqueue(tx, [document(partner.party, { sender: papers.party, refTo: message.messageId })])
    return { done: true }
  }
  await exchange.start(handler)
  const server = await serverOf(exchange, papers, 0)
  process.send?.({ ready: server.address.port })
  // An orphan of a killed test run must not stay.
  process.once('disconnect', () => process.exit(0))
}
