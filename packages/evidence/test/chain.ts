import type { Database } from '@corridor/database'
import { type JournalSeal, sealHash } from '@corridor/exchange'

/** Makes the chain of a node longer by so many seals, each over one line that is not there: as if it had been busy since. */
export async function lengthen(db: Database, count: number): Promise<void> {
  const [last] = await db.query<{ number: number; end_tx: number; hash: Buffer }>(
    'select number, end_tx, hash from journal_seal order by number desc limit 1',
  )
  const seals: JournalSeal[] = []
  let before = { number: last!.number, endTx: last!.end_tx, hash: last!.hash as Uint8Array }
  for (let n = 1; n <= count; n++) {
    const seal = {
      number: before.number + 1,
      firstTx: before.endTx,
      endTx: before.endTx + 1,
      entries: 1,
      sealedAtUs: 0,
      root: Buffer.alloc(32, n),
      previous: before.hash,
    }
    before = { ...seal, hash: sealHash(seal) }
    seals.push({ ...seal, hash: before.hash })
  }
  const bytes = (name: 'root' | 'previous' | 'hash') => seals.map((seal) => Buffer.from(seal[name]).toString('hex'))
  await db.query(
    `insert into journal_seal
      select number, first_tx, end_tx, 1, decode(root, 'hex'), decode(previous, 'hex'), decode(hash, 'hex'), 'epoch'
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])
        as given (number, first_tx, end_tx, root, previous, hash)`,
    [
      seals.map(({ number }) => number),
      seals.map(({ firstTx }) => firstTx),
      seals.map(({ endTx }) => endTx),
      bytes('root'),
      bytes('previous'),
      bytes('hash'),
    ],
  )
}
