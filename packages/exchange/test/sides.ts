import { X509Certificate } from 'node:crypto'
import { after, before, beforeEach } from 'node:test'
import type { CarriedPartner, ExchangeOptions, Handled, InboxMessage, Steps } from '../src/index.ts'
import { createExchange, document, effects, makePapers, makeStore, optionsOf, type Papers } from './nodes.ts'
import { StandInPlace } from './place.ts'

/** Two sides that reach each other by a stand-in place only, for the tests of a file: importing it prepares and cleans up. */
export let sy: Awaited<ReturnType<typeof makeStore>>
export let jo: Awaited<ReturnType<typeof makeStore>>
export let papers: { sy: Papers; jo: Papers; stranger: Papers }
export let place: StandInPlace
/** How far the clocks of both sides are ahead. */
export const time = { aheadMs: 0 }
export let seen: InboxMessage[]

before(async () => {
  ;[sy, jo] = [await makeStore(), await makeStore()]
  papers = { sy: await makePapers('NTA.SY'), jo: await makePapers('NTA.JO'), stranger: await makePapers('NTA.XX') }
})
after(() => Promise.all([sy.drop(), jo.drop()]))
beforeEach(async () => {
  place = new StandInPlace()
  time.aheadMs = 0
  seen = []
  for (const { db } of [sy, jo]) await db.query('truncate inbox, outbox, effect')
})

export const carried = (other: Papers, more: Partial<CarriedPartner> = {}): CarriedPartner => ({
  party: other.party,
  agreement: 'sy-jo-2026',
  certificates: [new X509Certificate(other.certificatePem)],
  place: 'nasib',
  ...more,
})

/** One side: what it owes, and its work step by step. */
export function side(own: 'sy' | 'jo', more: Partial<ExchangeOptions> = {}) {
  const [store, other] = own === 'sy' ? [sy, papers.jo] : [jo, papers.sy]
  const exchange = createExchange({
    ...optionsOf(papers[own], store.db, []),
    clock: () => new Date(Date.now() + time.aheadMs),
    carried: [carried(other)],
    places: { nasib: { carrier: place.carrierOf(papers[own].party) } },
    ...more,
  })
  const steps = exchange.steps(async (tx, message): Promise<Handled> => {
    seen.push(message)
    await tx.run(effects, [message.messageId, message.conversation])
    return { done: true }
  })
  return { exchange, steps, db: store.db }
}

/** Everything that can be done now, on both sides. */
export async function settle(...sides: { steps: Steps }[]): Promise<void> {
  for (let round = 0; round < 200; round++) {
    let some = false
    for (const { steps } of sides)
      for (const step of [steps.send, steps.fetch, steps.decide]) some = (await step()) || some
    if (!some) return
  }
}

export const owed = (messageId: string) => document('NTA.JO', { messageId, sender: 'NTA.SY' })
export const rowOf = async (messageId: string): Promise<Record<string, unknown>> =>
  (await sy.db.query('select * from outbox where message_id = $1', [messageId]))[0]!
export const kindsOf = async (store: typeof sy, messageId: string): Promise<unknown[]> =>
  (
    await store.db.query<{ kind: string }>('select kind from journal where message_id = $1 order by id', [messageId])
  ).map(({ kind }) => kind)
