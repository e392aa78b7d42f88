import { connect, migrate, type Database } from '@corridor/database'
import { testDatabase, testServer } from '@corridor/database/testing'
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { migrations } from '../src/index.ts'
import { makePapers, type Papers } from '../test/nodes.ts'
import type { By, Order, Owing, Statements } from './node.ts'
import { postgresCpu, postgresWork } from './postgres-usage.ts'
import type { Profile } from './profile.ts'

export type Role = 'sender' | 'receiver'

/** CPU milliseconds so far; `postgres` is undefined where it cannot be known. */
export interface Usage {
  sender: number
  receiver: number
  postgres?: Record<Role | 'background', number>
  /** What lies between them, its database aside. */
  between: number
  work: Awaited<ReturnType<typeof postgresWork>>
}

/** Two nodes of one or more processes each, with a database each on one embedded server. */
export interface Pair {
  start(): Promise<void>
  /** Has a process of the sender owe messages; answers when they are committed. Processes take turns. */
  owe(owing: Owing): Promise<void>
  /** The same without an answer: a receipt will tell. */
  oweOn(owing: Owing): void
  /** Calls `hear` with the number of each group of receipts, when they are committed. Answers how to stop. */
  onReceipts(hear: (count: number) => void): () => void
  usage(): Promise<Usage>
  /** Resident memory of every process in MB. */
  memory(): Promise<Record<Role, number[]>>
  watch(): Promise<void>
  /** What each process has to show since `watch`. */
  watched(): Promise<Record<Role, { profile: Profile; statements: Statements }[]>>
  /** Milliseconds from being owed to the commit of the receipt, since they were last asked for; sorted. */
  times(): Promise<number[]>
  /** Waits until the receiver has decided all it has taken. */
  decided(): Promise<void>
  db: Record<Role, Database>
  close(): Promise<void>
}

/** What lies between two nodes that do not push to each other directly. */
export interface Between {
  /** How the node of each role reaches the other by it. */
  by: Record<Role, By>
  /** Who sends to whom knows the other's port; the receiver's is known first unless told. */
  listensFirst?: Role
  /** Where the processes of each role run: their address, and what they are started with. */
  at?: Record<Role, { address: string; fork: Pick<ForkOptions, 'execPath' | 'execArgv'> }>
  /** Begins its own work, when both nodes listen at these ports. */
  open(ports: Record<Role, number>): Promise<void>
  cpuMs(): Promise<number>
  close(): Promise<void>
}

/** Starts everything but the work itself. */
export async function makePair(
  processes: number,
  makeBetween?: (papers: Record<Role, Papers>) => Promise<Between>,
): Promise<Pair> {
  const papers = { sender: await makePapers('NTA.AL'), receiver: await makePapers('NTA.XK') }
  const between = await makeBetween?.(papers)
  const admin = connect(await testServer(), { max: 1 })
  const made = { sender: await testDatabase(), receiver: await testDatabase() }
  const db = { sender: connect(made.sender.url, { max: 1 }), receiver: connect(made.receiver.url, { max: 1 }) }
  await migrate(db.sender, [migrations])
  await migrate(db.receiver, [migrations])
  const nameOf = (url: string) => new URL(url).pathname.slice(1)
  const cpu = await postgresCpu(admin, { sender: nameOf(made.sender.url), receiver: nameOf(made.receiver.url) })
  const open = async (role: Role, partnerUrl: string): Promise<{ child: ChildProcess; port: number }> => {
    const child = fork(fileURLToPath(new URL('node.ts', import.meta.url)), between?.at?.[role].fork)
    const [own, partner] = role === 'sender' ? [papers.sender, papers.receiver] : [papers.receiver, papers.sender]
    const by = between?.by[role]
    const order = { open: { databaseUrl: made[role].url, papers: own, partner, partnerUrl, ...(by && { by }) } }
    return { child, port: await ask<number>(child, order, 'opened') }
  }
  const each = Array.from({ length: processes })
  const [first, second]: [Role, Role] =
    between?.listensFirst === 'sender' ? ['sender', 'receiver'] : ['receiver', 'sender']
  const urlOf = (port: number): string => `https://${between?.at?.[first].address ?? '127.0.0.1'}:${port}/as4`
  const ones = await Promise.all(each.map(() => open(first, 'https://127.0.0.1:1/as4')))
  const others = await Promise.all(ones.map(({ port }) => open(second, urlOf(port))))
  const [senders, receivers] = first === 'sender' ? [ones, others] : [others, ones]
  await between?.open({ sender: senders[0]!.port, receiver: receivers[0]!.port })
  const children = { sender: senders.map(({ child }) => child), receiver: receivers.map(({ child }) => child) }
  const all = [...children.sender, ...children.receiver]
  const receipts = new EventEmitter()
  for (const child of children.sender)
    child.on('message', (word: { receipted?: number }) => {
      if (word.receipted !== undefined) receipts.emit('receipts', word.receipted)
    })
  const askAll = async <T>(order: Order, answer: string) => ({
    sender: await Promise.all(children.sender.map((child) => ask<T>(child, order, answer))),
    receiver: await Promise.all(children.receiver.map((child) => ask<T>(child, order, answer))),
  })
  for (const child of all)
    child.once('exit', (code) => {
      // Without it the rest would wait for ever.
      if (code !== 0) process.exit(1)
    })
  let turn = 0
  const next = (): ChildProcess => children.sender[turn++ % processes]!
  return {
    db,
    async start() {
      await askAll({ start: true }, 'started')
    },
    async owe(owing) {
      await ask(next(), { owe: owing }, 'owed')
    },
    oweOn(owing) {
      next().send({ owe: owing } satisfies Order)
    },
    onReceipts(hear) {
      receipts.on('receipts', hear)
      return () => void receipts.off('receipts', hear)
    },
    async usage() {
      const used = await askAll<{ cpuMs: number }>({ usage: true }, 'usage')
      const sum = (role: Role) => used[role].reduce((total, { cpuMs }) => total + cpuMs, 0)
      const [work, third] = [await postgresWork(admin), (await between?.cpuMs()) ?? 0]
      return { sender: sum('sender'), receiver: sum('receiver'), between: third, postgres: cpu?.(), work }
    },
    async memory() {
      const used = await askAll<{ rssMb: number }>({ usage: true }, 'usage')
      const list = (role: Role) => used[role].map(({ rssMb }) => Math.round(rssMb))
      return { sender: list('sender'), receiver: list('receiver') }
    },
    async watch() {
      await askAll({ watch: true }, 'watching')
    },
    watched: () => askAll({ watch: false }, 'watched'),
    async times() {
      const { sender } = await askAll<number[]>({ times: true }, 'times')
      return sender.flat().sort((a, b) => a - b)
    },
    async decided() {
      for (;;) {
        const [row] = await db.receiver.query<{ left: number }>(
          `select count(*) as left from inbox where state in ('received', 'waiting')`,
        )
        if (row?.left === 0) return
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    async close() {
      for (const child of all) child.disconnect()
      await Promise.all(all.map((child) => new Promise((resolve) => child.once('exit', resolve))))
      await between?.close()
      await Promise.all([db.sender.close(), db.receiver.close(), admin.close()])
      await Promise.all([made.sender.drop(), made.receiver.drop()])
    },
  }
}

/** Asks a process and waits for the word it answers with. Rejects when the process ends first. */
function ask<T>(child: ChildProcess, order: Order, answer: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error(`a node of the bench ended before it said “${answer}”`))
    const hear = (word: Record<string, unknown>): void => {
      if (!(answer in word)) return
      child.off('message', hear)
      child.off('exit', gone)
      resolve(word[answer] as T)
    }
    child.on('message', hear)
    child.once('exit', gone)
    child.send(order)
  })
}
