import { after, before, beforeEach } from 'node:test'
import type { Exchange, ExchangeOptions, Outgoing, ReconciliationView, Steps, Transport } from '../src/index.ts'
import { dayOf } from '../src/reconciliation/day.ts'
import {
  createExchange,
  document,
  makePapers,
  makeStore,
  optionsOf,
  partnerOf,
  recordEffect,
  type Papers,
} from './nodes.ts'

/** Two sides that push to each other inside of one process, step by step, for the tests of a file: importing it prepares and cleans up. */
export let al: Awaited<ReturnType<typeof makeStore>>
export let xk: Awaited<ReturnType<typeof makeStore>>
export let papers: { al: Papers; xk: Papers }
/** How far the clocks of both sides are ahead. */
export const time = { aheadMs: 0 }

before(async () => {
  ;[al, xk] = [await makeStore(), await makeStore()]
  papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
})
after(() => Promise.all([al.drop(), xk.drop()]))
beforeEach(async () => {
  time.aheadMs = 0
  for (const { db } of [al, xk])
    await db.query('truncate inbox, outbox, effect, former_delivery, returned_message, reconciliation cascade')
})

/** One side and its work. */
export interface Side {
  exchange: Exchange
  steps: Steps
  store: typeof al
  party: string
}

/** Both sides; each hands what it sends to the other at once. */
export function sides(
  more: Partial<ExchangeOptions> = {},
  others: Partial<ExchangeOptions> = {},
): { from: Side; to: Side } {
  const exchanges = new Map<string, Exchange>()
  const to =
    (party: string): Transport =>
    async (_, wire) => {
      const { status, wire: answer } = await exchanges.get(party)!.receive(wire)
      return { status, headers: {}, wire: answer ?? { contentType: '', body: new Uint8Array() } }
    }
  const side = (own: 'al' | 'xk'): Side => {
    const [store, other] = own === 'al' ? [al, papers.xk] : [xk, papers.al]
    const { party } = papers[own]
    const exchange = createExchange({
      ...optionsOf(papers[own], store.db, [partnerOf(party, other, 'unused:')]),
      clock: () => new Date(Date.now() + time.aheadMs),
      transport: to(other.party),
      ...(own === 'al' ? more : others),
    })
    exchanges.set(party, exchange)
    return { exchange, steps: exchange.steps(recordEffect), store, party }
  }
  return { from: side('al'), to: side('xk') }
}

/** Everything that can be done now, on both sides. */
export async function settle(...both: Side[]): Promise<void> {
  for (let round = 0; round < 500; round++) {
    let some = false
    for (const { steps, exchange } of both)
      for (const step of [steps.send, steps.decide, () => exchange.reconciliation.step()]) some = (await step()) || some
    if (!some) return
  }
  throw new Error('it does not come to an end')
}

/** Sends so many documents. @returns their ids */
export async function send(from: Side, to: Side, number: number): Promise<string[]> {
  const messages = Array.from({ length: number }, () => document(to.party, { sender: from.party }))
  await from.exchange.enqueue(from.store.db, messages)
  await settle(from, to)
  return messages.map(({ messageId }: Outgoing) => messageId)
}

/** Compares today with the other side, and does what follows. */
export async function reconcile(asking: Side, other: Side, repair = false): Promise<ReconciliationView> {
  const wanted = await asking.exchange.reconciliation.want(asking.store.db, {
    partner: other.party,
    day: today(),
    repair,
    actor: 'officer',
    reason: 'a test',
  })
  if (wanted.kind !== 'wanted') throw new Error(wanted.kind)
  await settle(asking, other)
  return (await asking.exchange.reconciliation.one(wanted.number))!
}

export const today = (): string => dayOf(new Date(Date.now() + time.aheadMs))
/** The last comparison that a side has made. */
export const last = async ({ exchange }: Side): Promise<ReconciliationView> =>
  (await exchange.reconciliation.list({ limit: 1 }))[0]!
