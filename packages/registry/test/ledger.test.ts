/** The ledger of guarantees: it balances whatever is done to it, and of two who want the last euro one gets it. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { addAmounts, compareAmounts, subtractAmounts } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import type { LedgerEntry } from '@corridor/procedures'
import { type Because, enterLedger, findGuarantees, ledgerOf, migrations, registerGuarantee } from '../src/index.ts'

const at = new Date('2026-11-24T14:00:00Z')
let made: TestDatabase
let db: Database

before(async () => {
  made = await testDatabase()
  db = connect(made.url, { max: 8 })
  await migrate(db, [{ room: 'registry', directory: migrations }])
})
after(async () => {
  await db.close()
  await made.drop()
})

const register = (grn: string, referenceAmount: string) =>
  registerGuarantee(db, {
    grn,
    holder: 'ALL12345678A',
    type: '1',
    currency: 'EUR',
    referenceAmount,
    validFrom: '2026-01-01',
    validTo: null,
    notValidIn: [],
    at,
  })

const enter = (op: LedgerEntry['op'], grn: string, amount: string, because: Partial<Because> = {}) =>
  enterLedger(
    db,
    { op, grn, amount, currency: 'EUR' },
    { mrn: op === 'raise' || op === 'reduce' ? '' : 'M1', office: 'AL000101', actor: 'NTA.AL', at, ...because },
  )

const balances = async (grn: string) => {
  const [one] = await findGuarantees(db, [grn], '2026-11-24')
  assert.ok(one)
  return [one.referenceAmount, one.available, one.locked, one.liable]
}

/** Every posting of a guarantee added up by account, and all of them together. */
const posted = async (grn: string) =>
  (
    await db.query<{ line: string }>(
      `select coalesce(account, 'all') || ' ' || sum(amount) as line from guarantee_posting where grn = $1
       group by rollup (account) order by account nulls last`,
      [grn],
    )
  ).map(({ line }) => line)

test('an amount is locked, cancelled, locked again, claimed and given back: each in two postings', async () => {
  const grn = '26AL0000000000001'
  assert.equal(await register(grn, '100.00'), true)
  assert.equal(await register(grn, '999.00'), false)
  assert.equal(await enter('lock', grn, '60.00', { document: 'd1' }), 'entered')
  assert.equal(await enter('lock', grn, '60.00', { document: 'd1' }), 'repeated')
  assert.equal(await enter('lock', grn, '10.00', { document: 'd2' }), 'refused', 'one lock at a time')
  assert.equal(await enter('lock', grn, '40.01', { mrn: 'M2' }), 'refused', 'the balance is short')
  assert.equal(await enter('reduce', grn, '40.01'), 'refused', 'what is locked cannot be taken away')
  assert.equal(await enter('cancel', grn, '0', { document: 'd3' }), 'entered')
  assert.equal(await enter('cancel', grn, '0', { document: 'd3' }), 'repeated')
  assert.equal(await enter('credit', grn, '0', { document: 'd4' }), 'refused', 'nothing is locked any more')
  assert.equal(await enter('lock', grn, '60.00', { document: 'd5' }), 'entered')
  assert.equal(await enter('liberation', grn, '0'), 'refused', 'nothing is claimed yet')
  assert.equal(await enter('liability', grn, '0', { document: 'd6' }), 'entered')
  assert.deepEqual(await balances(grn), ['100.00', '40.00', '0.00', '60.00'])
  assert.equal(await enter('credit', grn, '0'), 'refused', 'what is claimed is not credited')
  assert.equal(await enter('liberation', grn, '0', { document: 'd7' }), 'entered')
  assert.equal(await enter('raise', grn, '5.00'), 'entered')
  assert.equal(await enter('reduce', grn, '105.00'), 'entered')
  assert.deepEqual(await balances(grn), ['0.00', '0.00', '0.00', '0.00'])
  assert.deepEqual(
    (await ledgerOf(db, grn)).map(({ op, debit, credit, amount, mrn }) => `${op} ${debit}→${credit} ${amount} ${mrn}`),
    [
      'open reference→available 100.00 null',
      'lock available→locked 60.00 M1',
      'cancel locked→available 60.00 M1',
      'lock available→locked 60.00 M1',
      'liability locked→liable 60.00 M1',
      'liberation liable→available 60.00 M1',
      'raise reference→available 5.00 null',
      'reduce available→reference 105.00 null',
    ],
  )
  assert.deepEqual(await posted(grn), ['available 0.00', 'liable 0.00', 'locked 0.00', 'reference 0.00', 'all 0.00'])
})

test('whatever sequence: available, locked and liable make up the reference amount, and all postings add up to nothing', async (t) => {
  const grn = '26AL0000000000002'
  await register(grn, '1000.00')
  const ops = ['lock', 'lock', 'lock', 'credit', 'cancel', 'liability', 'liberation', 'raise', 'reduce'] as const
  // A linear congruential generator: the same sequence at each run.
  let seed = 20261124
  const chance = (most: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % most
  /** What the ledger must be, kept apart. */
  let expected = { reference: '1000.00', available: '1000.00' }
  const locks = new Map<string, { amount: string; liable: boolean }>()
  let entered = 0
  for (let n = 0; n < 600; n += 1) {
    const op = ops[chance(ops.length)] ?? 'lock'
    const mrn = `M${chance(12)}`
    const amount = `${chance(400)}.${String(chance(100)).padStart(2, '0')}`
    const about = op === 'raise' || op === 'reduce'
    const outcome = await enter(op, grn, amount, { mrn: about ? '' : mrn, document: `${n - chance(3)}` })
    const lock = locks.get(mrn)
    if (outcome !== 'entered') continue
    entered += 1
    const { reference, available } = expected
    if (op === 'raise')
      expected = { reference: addAmounts(reference, amount), available: addAmounts(available, amount) }
    else if (op === 'reduce')
      expected = { reference: subtractAmounts(reference, amount), available: subtractAmounts(available, amount) }
    else if (op === 'lock') {
      assert.equal(lock, undefined)
      locks.set(mrn, { amount, liable: false })
      expected = { reference, available: subtractAmounts(available, amount) }
    } else if (op === 'liability') locks.set(mrn, { amount: lock?.amount ?? assert.fail(), liable: true })
    else {
      assert.equal(lock?.liable, op === 'liberation')
      expected = { reference, available: addAmounts(available, lock?.amount ?? assert.fail()) }
      locks.delete(mrn)
    }
    const [reference2 = '', available2 = '', locked = '', liable = ''] = await balances(grn)
    assert.deepEqual([reference2, available2], [expected.reference, expected.available])
    assert.equal(compareAmounts(addAmounts(addAmounts(available2, locked), liable), reference2), 0)
  }
  t.diagnostic(`${entered} of 600 entries made`)
  assert.ok(entered > 200)
  const [reference = '', available, locked, liable] = await balances(grn)
  assert.deepEqual(await posted(grn), [
    `available ${available}`,
    `liable ${liable}`,
    `locked ${locked}`,
    `reference -${reference}`,
    'all 0.00',
  ])
  const [{ twice } = { twice: -1 }] = await db.query<{ twice: number }>(
    `select count(*) as twice from (select from guarantee_lock where closed_by is not null group by closed_by having count(*) > 1) as closed`,
  )
  assert.equal(twice, 0)
})

test('two movements race for the last euro: one wins', async () => {
  for (let round = 0; round < 20; round += 1) {
    const grn = `26AL00000001${String(round).padStart(4, '0')}0`
    await register(grn, '1.00')
    const outcomes = await Promise.all(['M1', 'M2'].map((mrn) => enter('lock', grn, '1.00', { mrn, document: mrn })))
    assert.deepEqual(outcomes.sort(), ['entered', 'refused'])
    assert.deepEqual(await balances(grn), ['1.00', '0.00', '1.00', '0.00'])
  }
})

test('two movements race for one voucher with room for both: it covers one, and another again after that one is cancelled', async () => {
  const single = (grn: string, mrn: string) =>
    enterLedger(
      db,
      { op: 'lock', grn, amount: '1.00', currency: 'EUR', alone: true },
      { mrn, office: '', document: mrn, actor: '', at },
    )
  for (let round = 0; round < 20; round += 1) {
    const grn = `26AL00000003${String(round).padStart(4, '0')}0`
    await register(grn, '10.00')
    const outcomes = await Promise.all(['M1', 'M2', 'M3'].map((mrn) => single(grn, mrn)))
    assert.deepEqual(outcomes.sort(), ['entered', 'refused', 'refused'])
    const [voucher] = await findGuarantees(db, [grn], '2026-11-24')
    const winner = voucher?.usedBy ?? ''
    assert.equal(await enter('cancel', grn, '0', { mrn: winner, document: 'c' }), 'entered')
    assert.equal(await single(grn, 'M4'), 'entered')
    assert.equal(await enter('credit', grn, '0', { mrn: 'M4', document: 'd' }), 'entered')
    assert.equal(await single(grn, 'M5'), 'refused', 'it is used up')
  }
})

test('a voucher that was claimed covers another again when its movement is invalidated, not when the claim is settled', async () => {
  const single = (grn: string, mrn: string) =>
    enterLedger(
      db,
      { op: 'lock', grn, amount: '1.00', currency: 'EUR', alone: true },
      { mrn, office: '', document: mrn, actor: '', at },
    )
  const after = async (grn: string, documentType?: string) => {
    await register(grn, '10.00')
    assert.equal(await single(grn, 'M1'), 'entered')
    assert.equal(await enter('liability', grn, '0', { document: 'c' }), 'entered')
    const because = { document: 'd', ...(documentType === undefined ? {} : { documentType }) }
    assert.equal(await enter('liberation', grn, '0', because), 'entered')
    assert.deepEqual(await balances(grn), ['10.00', '10.00', '0.00', '0.00'])
    const [voucher] = await findGuarantees(db, [grn], '2026-11-24')
    return [voucher?.usedBy, await single(grn, 'M2')]
  }
  assert.deepEqual(await after('26AL0000000400001', 'CD204C'), [null, 'entered'])
  assert.deepEqual(await after('26AL0000000400002', 'CD209C'), ['M1', 'refused'])
  assert.deepEqual(await after('26AL0000000400003'), ['M1', 'refused'])
})

test('four who close one lock at once, with different documents: it is closed once', async () => {
  for (let round = 0; round < 20; round += 1) {
    const grn = `26AL00000002${String(round).padStart(4, '0')}0`
    await register(grn, '10.00')
    await enter('lock', grn, '4.00', { mrn: 'M1', document: 'a' })
    await enter('lock', grn, '4.00', { mrn: 'M2', document: 'b' })
    const ops = ['credit', 'cancel', 'liability', 'credit'] as const
    const outcomes = await Promise.all(ops.map((op, n) => enter(op, grn, '0', { mrn: 'M1', document: `c${n}` })))
    assert.deepEqual(outcomes.filter((outcome) => outcome === 'entered').length, 1, outcomes.join(' '))
    const [reference = '', available = '', locked = '', liable = ''] = await balances(grn)
    assert.equal(compareAmounts(addAmounts(addAmounts(available, locked), liable), reference), 0)
    assert.equal((await ledgerOf(db, grn)).length, 4)
  }
})

test('a database of before the double entry is upgraded: holds are locks, credits close them, codes are kept', async () => {
  const files = readdirSync(migrations).sort()
  const ledger = files.findIndex((file) => file.endsWith('-ledger.sql'))
  const folder = mkdtempSync(join(tmpdir(), 'corridor-migrations-'))
  for (const file of files.slice(0, ledger)) copyFileSync(new URL(file, migrations), join(folder, file))
  const old = await testDatabase()
  const store = connect(old.url, { max: 2 })
  try {
    await migrate(store, [{ room: 'registry', directory: pathToFileURL(`${folder}/`) }])
    await store.query(
      `insert into guarantee (grn, holder, type, currency, reference_amount, held, access_code_digest, valid_from)
       values ('G1', 'H', '1', 'EUR', 100, 30, '\\x01', '2026-01-01')`,
    )
    await store.query(
      `insert into guarantee_entry (grn, mrn, op, amount, currency, held_after, at) values
       ('G1', 'M1', 'hold', 20, 'EUR', 20, '2026-02-01'), ('G1', 'M2', 'hold', 30, 'EUR', 50, '2026-02-02'),
       ('G1', 'M1', 'credit', 20, 'EUR', 30, '2026-02-03')`,
    )
    await migrate(store, [{ room: 'registry', directory: migrations }])
    assert.deepEqual(
      (await ledgerOf(store, 'G1')).map((line) => [
        line.op,
        line.mrn,
        line.amount,
        line.availableAfter,
        line.lockedAfter,
      ]),
      [
        ['open', null, '100.00', '100.00', '0.00'],
        ['lock', 'M1', '20.00', '80.00', '20.00'],
        ['lock', 'M2', '30.00', '50.00', '50.00'],
        ['credit', 'M1', '20.00', '70.00', '30.00'],
      ],
    )
    const [kept] = await findGuarantees(store, ['G1'], '2026-11-24')
    assert.deepEqual([kept?.available, kept?.locked, kept?.usedBy], ['70.00', '30.00', null])
    assert.deepEqual(
      kept?.masterDigests.map((digest) => [...digest]),
      [[1]],
    )
    const because = { mrn: 'M2', office: '', actor: '', at }
    assert.equal(
      await enterLedger(store, { op: 'credit', grn: 'G1', amount: '0', currency: 'EUR' }, because),
      'entered',
    )
  } finally {
    await store.close()
    await old.drop()
  }
})
