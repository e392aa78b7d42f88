import type { ReconciliationView } from '../src/index.ts'
import { makeSide, owe, partner, work, type Side, type Working } from './faults/sides.ts'
import { count, document, until } from './nodes.ts'

/** Messages that are lost, by what becomes of them. */
export interface Losses {
  /** Gone at the partner, which has given a receipt. */
  'missing-there': string[]
  /** Gone here, after our receipt. */
  'missing-here': string[]
  /** Ours, of which this node knows nothing any more. */
  'unknown-here': string[]
  /** Given up here, and at the partner all the same. */
  'no-receipt': string[]
}

/** Two sides that push to each other over HTTPS, and what they have exchanged. */
export interface Pair {
  al: Side
  xk: Side
  /** The process of `al`, which asks. */
  one: Working
  end(): Promise<void>
}

/** Exchanges so many messages each way, all decided and receipted. */
export async function exchanged({ sent, received }: { sent: number; received: number }): Promise<Pair> {
  const [al, xk] = await Promise.all([makeSide('NTA.AL'), makeSide('NTA.XK')])
  const reserved = await work(xk, { partners: [partner(xk, al, '')], idle: true })
  const one = await work(al, { partners: [partner(al, xk, reserved.port)] })
  await reserved.stop()
  const other = await work(xk, { partners: [partner(xk, al, one.port)], port: reserved.port })
  const made = (from: Side, to: Side, number: number) =>
    Array.from({ length: number }, () => document(to.papers.party, { sender: from.papers.party }))
  await Promise.all([owe(al, [xk], made(al, xk, sent)), owe(xk, [al], made(xk, al, received))])
  const ready = async ({ store }: Side, owed: number, came: number) =>
    (await count(store.db, `outbox where state = 'receipted'`)) === owed &&
    (await count(store.db, `inbox where state = 'done'`)) === came
  await until('all is there', async () => (await ready(al, sent, received)) && ready(xk, received, sent), 900_000)
  return {
    al,
    xk,
    one,
    async end() {
      await Promise.all([one.stop(), other.stop()])
      await Promise.all([al.store.drop(), xk.store.drop()])
    },
  }
}

/** Loses so many messages of each kind, chosen by chance. */
export async function lose({ al, xk }: Pair, numbers: Record<keyof Losses, number>): Promise<Losses> {
  const some = async (
    { store }: Side,
    box: 'inbox' | 'outbox',
    statement: string,
    number: number,
    but: string[] = [],
  ) => {
    const rows = await store.db.query<{ message_id: string }>(
      `${statement} where id in (
        select id from ${box} where document_type = 'CD001C' and state in ('done', 'receipted') and message_id <> all ($2)
        order by random() limit $1)
      returning message_id`,
      [number, but],
    )
    return rows.map(({ message_id: id }) => id)
  }
  const there = await some(xk, 'inbox', 'delete from inbox', numbers['missing-there'])
  const forgotten = await some(al, 'outbox', 'delete from outbox', numbers['unknown-here'], there)
  const unproven = `update outbox set state = 'queued', receipt = null, receipted_at = null, due_at = now() + interval '5 minutes'`
  return {
    'missing-there': there,
    'missing-here': await some(al, 'inbox', 'delete from inbox', numbers['missing-here']),
    'unknown-here': forgotten,
    'no-receipt': await some(al, 'outbox', unproven, numbers['no-receipt'], there),
  }
}

/** Compares today, mends what is found, and waits until nothing differs. */
export async function reconcileUntilSame({
  al,
  xk,
  one,
}: Pair): Promise<{ found: ReconciliationView; last: ReconciliationView }> {
  const wanted = await one.exchange.reconciliation.want(al.store.db, {
    partner: xk.papers.party,
    day: new Date().toISOString().slice(0, 10),
    repair: true,
    actor: 'officer',
    reason: 'rows were lost',
  })
  if (wanted.kind !== 'wanted') throw new Error(wanted.kind)
  const newest = async () => (await one.exchange.reconciliation.list({ limit: 1 }))[0]!
  await until('zero difference', async () => (await newest()).isSame, 120_000)
  return { found: (await one.exchange.reconciliation.one(wanted.number))!, last: await newest() }
}
