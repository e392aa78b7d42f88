import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { connect, migrate, type Database, type Tx } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { makeContext } from '../src/context.ts'
import { inclusionProof, migrations, verifyInclusion, verifyJournal, type InclusionProof } from '../src/index.ts'
import { sealJournal } from '../src/journal-seals/sealer.ts'
import { count, createExchange, makePapers, makeStore, optionsOf, recordEffect, until, type Papers } from './nodes.ts'

let papers: Papers
before(async () => {
  papers = await makePapers('NTA.AL')
})

type Store = Awaited<ReturnType<typeof makeStore>>

/** A store of its own for each test: a journal cannot be emptied. */
async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await makeStore()
  try {
    await work(store)
  } finally {
    await store.drop()
  }
}

const contextOf = (db: Database) => makeContext(optionsOf(papers, db, []))
const exchangeOf = (db: Database) => createExchange(optionsOf(papers, db, []))

async function write(tx: Tx, lines: number, kind = 'test.line'): Promise<void> {
  await tx.query(
    `insert into journal (at, kind, conversation, detail)
     select now(), $1, 'C' || n, jsonb_build_object('n', n) from generate_series(1, $2::int) n`,
    [kind, lines],
  )
}

async function sealAll(db: Database, most?: number): Promise<number> {
  let entries = 0
  for (;;) {
    const sealing = await sealJournal(contextOf(db), most)
    entries += sealing.entries
    if (!sealing.more) return entries
  }
}

/** The horizon waits for every transaction of the server, also those of other tests and of the server itself. */
async function sealedAll(db: Database): Promise<void> {
  await until('every line is under a seal', async () => {
    await sealAll(db)
    const verified = await verifyJournal(db)
    return verified.outcome === 'whole' && verified.unsealed === 0
  })
}

test('lines come under seals in a chain; nothing new, no seal', () =>
  withStore(async ({ db }) => {
    const steps = exchangeOf(db).steps(recordEffect)
    assert.equal(await steps.sealJournal(), false)
    assert.deepEqual(await verifyJournal(db), { outcome: 'whole', entries: 0, seals: 0, head: undefined, unsealed: 0 })
    for (const lines of [1, 3, 70]) {
      await write(db, lines)
      await until('the horizon is above them', () => steps.sealJournal())
      assert.equal(await steps.sealJournal(), false)
    }
    const verified = await verifyJournal(db)
    assert.equal(verified.outcome, 'whole')
    assert.equal(verified.entries, 74)
    assert.equal(verified.seals, 3)
    assert.equal(verified.head?.number, 3)
    const [first, second] = [await verifyJournal(db, { to: 1 }), await verifyJournal(db, { from: 2, to: 2 })]
    assert.deepEqual([first.outcome, first.entries, first.head?.number], ['whole', 1, 1])
    assert.deepEqual([second.outcome, second.entries, second.head?.number], ['whole', 3, 2])
    const beyond = await verifyJournal(db, { from: 5 })
    assert.deepEqual([beyond.outcome, 'number' in beyond && beyond.number], ['broken', 4])
  }))

test('the running exchange seals by itself', () =>
  withStore(async ({ db }) => {
    const options = optionsOf(papers, db, [])
    const running = await createExchange({ ...options, patience: { ...options.patience, sealMs: 20 } }).start(
      recordEffect,
    )
    try {
      await write(db, 5)
      await until('it is sealed', async () => (await verifyJournal(db)).entries === 5)
    } finally {
      await running.stop()
    }
  }))

test('transactions that commit out of order, long ones and roll-backs: every line is under exactly one seal', () =>
  withStore(async ({ db, url }) => {
    const others = connect(url, { max: 9 })
    const stop = { writing: false }
    const sealers = [db, others].map(async (each) => {
      while (!stop.writing) await sealJournal(contextOf(each), 20)
    })
    let kept = 0
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let round = 0; round < 12; round++) {
        const lines = 1 + ((writer + round) % 4)
        const fails = round % 5 === 4
        await others
          .transaction(async (tx) => {
            await write(tx, lines)
            // The later a transaction began, the earlier it ends.
            await tx.query('select pg_sleep($1)', [((writer * 7 + round * 3) % 6) / 100])
            await write(tx, 1)
            if (fails) throw new Error('rolled back')
          })
          .then(() => (kept += lines + 1))
          .catch((error: unknown) => assert.match(String(error), /rolled back/))
      }
    })
    const long = others.transaction(async (tx) => {
      await write(tx, 2, 'long.line')
      await Promise.all(writers)
      // Its number is the lowest of those that still run: nothing from it on may be sealed.
      const [mine] = await tx.query<{ tx: number }>('select min(tx) as tx from journal where kind = $1', ['long.line'])
      const [sealed] = await tx.query<{ over: number }>('select count(*) as over from journal_seal where end_tx > $1', [
        mine?.tx,
      ])
      assert.equal(sealed?.over, 0)
    })
    await long
    kept += 2
    stop.writing = true
    await Promise.all(sealers)
    await sealedAll(db)
    const verified = await verifyJournal(db)
    assert.deepEqual([verified.outcome, verified.entries], ['whole', kept])
    assert.equal(await count(db, 'journal'), kept)
    await others.close()
  }))

test('two sealers at the same moment: one seals, the other has nothing to do', () =>
  withStore(async ({ db, url }) => {
    const other = connect(url, { max: 1 })
    await write(db, 10)
    await other.transaction(async (tx) => {
      await tx.query(
        "select pg_advisory_xact_lock(hashtextextended('journal seals ' || 'journal_seal'::regclass::oid, 0))",
      )
      assert.deepEqual(await sealJournal(contextOf(db)), { entries: 0, more: false })
    })
    for (let round = 0; round < 10; round++) {
      await write(db, 3)
      await Promise.all([db, db, other].map((each) => sealJournal(contextOf(each))))
    }
    await sealedAll(db)
    assert.equal((await verifyJournal(db)).entries, 40)
    await other.close()
  }))

test('a backlog comes under several seals; one transaction is never split', () =>
  withStore(async ({ db }) => {
    await write(db, 25)
    for (let n = 0; n < 12; n++) await write(db, 4)
    await until('nothing older runs', async () => (await sealAll(db, 10)) > 0)
    await sealedAll(db)
    const seals = await db.query<{ entries: number }>('select entries from journal_seal order by number')
    assert.deepEqual([...new Set(seals.map(({ entries }) => entries))], [25, 8])
    assert.equal((await verifyJournal(db)).entries, 73)
  }))

test('what was written before there were seals is under the first', async () => {
  const made = await testDatabase()
  const db = connect(made.url)
  const folder = mkdtempSync(join(tmpdir(), 'corridor-migrations-'))
  try {
    const files = readdirSync(migrations.directory).sort()
    const seals = files.findIndex((file) => file.endsWith('-journal-seal.sql'))
    assert.ok(seals > 0)
    for (const file of files.slice(0, seals)) cpSync(new URL(file, migrations.directory), join(folder, file))
    await migrate(db, [{ room: 'exchange', directory: pathToFileURL(`${folder}/`) }])
    await write(db, 7)
    await migrate(db, [migrations])
    await write(db, 2)
    await sealedAll(db)
    assert.equal((await verifyJournal(db)).entries, 9)
  } finally {
    rmSync(folder, { recursive: true })
    await db.close()
    await made.drop()
  }
})

test('in a cluster whose transaction numbers begin again, lines still come after those that are there', () =>
  withStore(async ({ db }) => {
    const offset = async (value?: number): Promise<number> => {
      if (value !== undefined)
        await db.query(
          `create or replace function journal_offset() returns bigint language sql immutable return ${value}`,
        )
      const [row] = await db.query<{ shift: number }>('select journal_offset() as shift')
      return row?.shift ?? -1
    }
    await write(db, 3)
    await sealedAll(db)
    await migrate(db, [migrations])
    assert.equal(await offset(), 0, 'not raised without need')
    // As if the cluster had run for long before this: everything so far has high numbers. Then the numbers are low again.
    await offset(5_000_000)
    await write(db, 4)
    await sealedAll(db)
    await write(db, 2)
    await offset(0)
    await migrate(db, [migrations])
    assert.ok((await offset()) > 4_000_000)
    await write(db, 1, 'after.restore')
    const [order] = await db.query<{ last: string }>(
      'select kind as last from journal order by tx desc, id desc limit 1',
    )
    assert.equal(order?.last, 'after.restore')
    await sealedAll(db)
    assert.deepEqual([(await verifyJournal(db)).outcome, (await verifyJournal(db)).entries], ['whole', 10])
    const raised = await offset()
    await migrate(db, [migrations])
    assert.equal(await offset(), raised, 'not raised twice')
  }))

test('every line can be proved to be under its seal, and only as it is', () =>
  withStore(async ({ db }) => {
    for (const lines of [1, 2, 13]) {
      await write(db, lines)
      await until('it is sealed', async () => (await sealAll(db)) > 0)
    }
    const rows = await db.query<{ id: string }>('select id::text from journal order by id')
    const proofs: InclusionProof[] = []
    for (const { id } of rows) {
      const inclusion = await inclusionProof(db, id)
      assert.equal(inclusion.outcome, 'proof')
      if (inclusion.outcome === 'proof') proofs.push(inclusion.proof)
    }
    for (const [n, proof] of proofs.entries()) {
      assert.equal(String((JSON.parse(proof.leaf) as unknown[])[0]), rows[n]?.id)
      assert.equal(verifyInclusion(proof), true)
      assert.equal(verifyInclusion({ ...proof, leaf: proof.leaf.replace('test.line', 'test.lime') }), false)
      assert.equal(verifyInclusion({ ...proof, index: proof.index + 1 }), false)
      assert.equal(verifyInclusion({ ...proof, seal: { ...proof.seal, sealedAtUs: proof.seal.sealedAtUs + 1 } }), false)
      assert.equal(verifyInclusion({ ...proof, seal: { ...proof.seal, entries: 0.5 } }), false)
    }
    await write(db, 1)
    const [fresh] = await db.query<{ id: string }>('select max(id)::text as id from journal')
    assert.equal((await inclusionProof(db, fresh?.id ?? '')).outcome, 'unsealed')
    assert.equal((await inclusionProof(db, '999999')).outcome, 'unknown')
    assert.equal((await inclusionProof(db, '1; drop')).outcome, 'unknown')
  }))

const lifted = async (db: Database, work: string): Promise<void> => {
  await db.query(
    `alter table journal disable trigger user; alter table journal_seal disable trigger user; ${work};
     alter table journal enable trigger user; alter table journal_seal enable trigger user`,
  )
}

test('seals are final like the journal itself', () =>
  withStore(async ({ db }) => {
    await write(db, 1)
    await sealedAll(db)
    for (const attempt of ['update journal_seal set entries = 2', 'delete from journal_seal', 'truncate journal_seal'])
      await assert.rejects(db.query(attempt), /the journal is never changed/)
  }))

test('whoever owns the database and lifts the triggers is found out, at the right seal', async (t) => {
  const tamperings: [what: string, sql: string, damage: string, number: number][] = [
    ['a line is changed', `update journal set kind = 'other' where id = 8`, 'line-changed', 2],
    [
      'a line is told of another time',
      `update journal set at = at + interval '1 microsecond' where id = 8`,
      'line-changed',
      2,
    ],
    ['a detail is changed', `update journal set detail = '{"n": 0}' where id = 8`, 'line-changed', 2],
    ['a line is deleted', 'delete from journal where id = 8', 'line-missing', 2],
    ['a line is moved', 'update journal set tx = (select max(tx) from journal) where id = 8', 'line-missing', 2],
    [
      'a line is inserted',
      `insert into journal (at, kind, tx) select at, kind, tx from journal where id = 8`,
      'line-added',
      2,
    ],
    ['a line is put before all', `insert into journal (at, kind, tx) values (now(), 'early', -7)`, 'line-added', 1],
    [
      'two lines change places',
      `update journal set kind = case id when 7 then 'b' else 'a' end where id in (7, 8)`,
      'line-changed',
      2,
    ],
    ['a seal counts other lines', 'update journal_seal set entries = entries + 1 where number = 2', 'seal-changed', 2],
    ['a seal has another root', 'update journal_seal set root = sha256(root) where number = 2', 'seal-changed', 2],
    ['a seal has another hash', 'update journal_seal set hash = sha256(hash) where number = 2', 'seal-changed', 2],
    [
      'a seal is of another time',
      `update journal_seal set sealed_at = sealed_at + interval '1 day' where number = 2`,
      'seal-changed',
      2,
    ],
    ['a seal is gone', 'delete from journal_seal where number = 2', 'seal-missing', 2],
    ['the first seal is gone', 'delete from journal_seal where number = 1', 'seal-missing', 1],
    ['the journal is emptied', 'truncate journal', 'line-missing', 1],
  ]
  for (const [what, tampering, damage, number] of tamperings) {
    await t.test(what, () =>
      withStore(async ({ db }) => {
        for (const lines of [5, 6, 7]) {
          await db.transaction((tx) => write(tx, lines))
          await until('it is sealed', async () => (await sealAll(db)) > 0)
        }
        assert.equal((await verifyJournal(db)).outcome, 'whole')
        await lifted(db, tampering)
        const verified = await verifyJournal(db)
        assert.equal(verified.outcome, 'broken')
        if (verified.outcome !== 'broken') return
        assert.deepEqual([verified.damage, verified.number, verified.seals], [damage, number, number - 1])
      }),
    )
  }
})

test('a seal that was made anew over changed lines does not continue the chain', () =>
  withStore(async ({ db }) => {
    for (const lines of [5, 6, 7]) {
      await write(db, lines)
      await until('it is sealed', async () => (await sealAll(db)) > 0)
    }
    await db.query('create table kept as select * from journal_seal where number = 3')
    await lifted(db, `update journal set kind = 'other' where id = 8; delete from journal_seal where number > 1`)
    await until('it is sealed again', async () => (await sealAll(db, 6)) > 0)
    await lifted(db, 'delete from journal_seal where number > 2; insert into journal_seal select * from kept')
    const verified = await verifyJournal(db)
    assert.deepEqual([verified.outcome, 'damage' in verified && verified.damage], ['broken', 'chain-broken'])
  }))

test('an end that was cut off is missed by who has seen it', () =>
  withStore(async ({ db }) => {
    for (const lines of [5, 6]) {
      await write(db, lines)
      await until('it is sealed', async () => (await sealAll(db)) > 0)
    }
    const { head } = await verifyJournal(db)
    assert.equal((await verifyJournal(db, { head: head?.hash })).outcome, 'whole')
    await lifted(db, 'delete from journal_seal where number = 2; delete from journal where id > 5')
    assert.equal((await verifyJournal(db)).outcome, 'whole')
    const verified = await verifyJournal(db, { head: head?.hash })
    assert.deepEqual([verified.outcome, 'damage' in verified && verified.damage], ['broken', 'head-missing'])
  }))
