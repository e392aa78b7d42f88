import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { makeGrn, makeMrn } from '@corridor/customs'
import { count, until } from '../../exchange/test/nodes.ts'
import { type RegionalCopy, regionalCopyRefusedType, regionalCopyType, type Said, writeCopy } from '../src/index.ts'
import { startHub, type TestHub, type TestMember, toHub } from './members.ts'

let started: Awaited<ReturnType<typeof startHub>>
let hub: TestHub
const member = (country: string): TestMember => started.members.get(`DGD.${country}`) ?? assert.fail(country)

before(async () => {
  started = await startHub({ countries: ['CM', 'CF', 'TD', 'GA'], limits: { keepDays: 30 } })
  hub = started.hub
})
after(() => started.stop())

const today = '2026-11-30'
const grn = makeGrn('26', 'CM', '000901000001')
const route = {
  officeOfDeparture: ['CM000101'],
  officeOfDestination: ['TD000301'],
  officesOfTransit: ['CF000201'],
}

function copy(
  country: string,
  mrn: string,
  messageType: string,
  elements: Record<string, Said>,
  more: Partial<RegionalCopy> = {},
): RegionalCopy {
  return {
    messageType,
    messageId: `${randomUUID()}@${country.toLowerCase()}.test`,
    sender: `DGD.${country}`,
    recipient: null,
    mrn,
    time: '2026-11-29T10:00:00.000Z',
    elements,
    ...more,
  }
}

/** Sends copies of a member, and waits until the hub has decided on them. */
async function tell(from: string, ...copies: RegionalCopy[]): Promise<void> {
  const sent = copies.map((each) => toHub(`DGD.${from}`, regionalCopyType, writeCopy(each), { conversation: each.mrn }))
  await member(from).exchange.enqueue(member(from).db, sent)
  const ids = sent.map(({ messageId }) => messageId)
  await until(
    'decided',
    async () => (await count(hub.db, "inbox where state = 'done' and message_id = any ($1)", [ids])) === ids.length,
  )
}

/** Copies of a member that count today. */
async function ofToday(country: string): Promise<number> {
  const [told] = await hub.db.query<{ day_copies: number }>('select day_copies from regional_member where party = $1', [
    `DGD.${country}`,
  ])
  return told?.day_copies ?? 0
}

const released = (mrn: string, limitDate: string, more: Partial<RegionalCopy> = {}) =>
  copy('CM', mrn, 'departure.released', { ...route, limitDate: [limitDate] }, more)
const locks = (mrn: string, amount: string) =>
  copy('CM', mrn, 'CD203C', { guarantee: [{ grn, amount, currency: 'XAF' }] })
const arrived = (mrn: string, arrivedAt: string) =>
  copy('TD', mrn, 'CD006C', { officeOfArrival: ['TD000301'], arrivedAt: [arrivedAt] })

const mrnOf = (number: number) => makeMrn('26', 'CM', String(number).padStart(12, '0'), 'J')
const [first, second, third] = [mrnOf(1), mrnOf(2), mrnOf(3)] as const

test('copies of several members make one board, whatever came first', async () => {
  await tell('TD', arrived(first, '2026-11-29T20:00:00'))
  await tell('CM', locks(first, '1000000.00'), released(first, '2026-12-07'))
  await tell('CM', locks(second, '2500000.50'), released(second, '2026-11-29'))
  const { corridors, guarantees, largestGuarantees, members } = await hub.hub.board.dashboard(today)
  assert.deepEqual(corridors, [
    {
      departure: 'CM',
      destination: 'TD',
      transit: ['CF'],
      movements: 2,
      underWay: 1,
      late: 1,
      arrived: 1,
      invalidated: 0,
      contradicted: 0,
      hoursP50: 10,
      hoursP90: 10,
      measured: 1,
    },
  ])
  assert.deepEqual(guarantees, [{ country: 'CM', currency: 'XAF', amount: '3500000.50', guarantees: 1, movements: 2 }])
  assert.deepEqual(largestGuarantees, [{ grn, country: 'CM', currency: 'XAF', amount: '3500000.50', movements: 2 }])
  assert.deepEqual(
    members.map(({ party, country, hasLeft, copies }) => ({ party, country, hasLeft, copies })),
    [
      { party: 'DGD.CF', country: 'CF', hasLeft: false, copies: 0 },
      { party: 'DGD.CM', country: 'CM', hasLeft: false, copies: 4 },
      { party: 'DGD.GA', country: 'GA', hasLeft: false, copies: 0 },
      { party: 'DGD.TD', country: 'TD', hasLeft: false, copies: 1 },
    ],
  )
})

test('half of the movements and nine in ten: the hours between release and arrival', async () => {
  for (let n = 10; n < 20; n++) {
    await tell('CM', released(mrnOf(n), '2026-12-20'))
    await tell('TD', arrived(mrnOf(n), new Date(Date.UTC(2026, 10, 29, 10 + n)).toISOString().slice(0, 19)))
  }
  const { corridors } = await hub.hub.board.dashboard(today)
  // 10 to 19 hours, and the 10 of before: the middle of eleven is 14, nine tenths of the way is 18.
  assert.deepEqual(
    corridors.map(({ hoursP50, hoursP90, measured }) => ({ hoursP50, hoursP90, measured })),
    [{ hoursP50: 14, hoursP90: 18, measured: 11 }],
  )
})

test('the list finds what is late, a state, the beginning of an MRN; a page beyond the end still tells how many', async () => {
  const { board } = hub.hub
  const mrns = async (query: object) =>
    (await board.movements({ page: 1, pageSize: 50, ...query }, today)).movements.map(({ mrn }) => mrn)
  assert.deepEqual(await mrns({ only: 'late' }), [second])
  assert.deepEqual(await mrns({ q: first.toLowerCase() }), [first])
  assert.deepEqual(await mrns({ q: '%' }), [])
  assert.deepEqual(await mrns({ state: 'released' }), [second])
  assert.deepEqual(await mrns({ departure: 'TD' }), [])
  const beyond = await board.movements({ page: 9, pageSize: 50, departure: 'CM', destination: 'TD' }, today)
  assert.deepEqual(beyond, { movements: [], total: 12 })
})

test('page by page the list is whole, in one order, from whichever end a page is read', async () => {
  const board = hub.hub.board
  const { movements: all, total } = await board.movements({ page: 1, pageSize: 200 }, today)
  assert.equal(all.length, total)
  for (const pageSize of [1, 3, 5]) {
    const pages: string[] = []
    for (let page = 1; page <= Math.ceil(total / pageSize); page++)
      pages.push(...(await board.movements({ page, pageSize }, today)).movements.map(({ mrn }) => mrn))
    assert.deepEqual(
      pages,
      all.map(({ mrn }) => mrn),
      `${pageSize} a page`,
    )
  }
})

test('the same copy again changes nothing; another word for the same message is kept and shown', async () => {
  const once = released(third, '2026-12-07')
  await tell('CM', once)
  await tell('CM', once)
  assert.equal(await count(hub.db, 'regional_copy where mrn = $1', [third]), 1)
  await tell('CM', { ...once, elements: { ...once.elements, limitDate: ['2027-01-01'] } })
  const movement = await hub.hub.board.movement(third, today)
  assert.equal(movement?.copies.length, 2)
  assert.deepEqual(
    movement?.contradictions.map(({ kind }) => kind),
    ['told-twice'],
  )
  assert.equal((await hub.hub.board.movements({ page: 1, pageSize: 5, only: 'contradicted' }, today)).total, 1)
})

test('members that contradict each other: both words are shown, departure’s counts for its part', async () => {
  const mrn = mrnOf(30)
  await tell('CM', released(mrn, '2026-12-07'))
  await tell('TD', copy('TD', mrn, 'CD018C', { officeOfArrival: ['TD000301'], controlResult: ['A1'] }))
  await tell('TD', copy('TD', mrn, 'departure.released', { ...route, limitDate: ['2026-12-31'] }))
  const movement = await hub.hub.board.movement(mrn, today)
  assert.equal(movement?.limitDate, '2026-12-07')
  assert.deepEqual(movement?.contradictions, [
    {
      kind: 'differs',
      about: 'limitDate',
      said: [
        { by: 'DGD.CM', value: '2026-12-07' },
        { by: 'DGD.TD', value: '2026-12-31' },
      ],
    },
    { kind: 'not-theirs', about: 'departure.released', said: [{ by: 'DGD.TD', value: 'departure' }] },
  ])
})

test('a member cannot copy in another’s name, nor more than was agreed: nothing of it stays, and it is told why', async () => {
  const mrn = mrnOf(40)
  const gabon = member('GA')
  const refusals = () =>
    gabon.got
      .filter(({ documentType }) => documentType === regionalCopyRefusedType)
      .map(({ payload }) => (JSON.parse(Buffer.from(payload).toString()) as { reason: string }).reason)
  const counted = await ofToday('GA')
  await tell('GA', copy('CM', mrn, 'departure.released', route))
  await tell('GA', copy('GA', mrn, 'CD001C', { ...route, holder: ['Secret Holder Sarl'] }))
  await tell('GA', copy('GA', mrn, 'CD018D', {}))
  await until('told', () => refusals().length === 3)
  assert.deepEqual(refusals().toSorted(), [
    'it says that DGD.CM sent the message; a member copies its own',
    'nothing is copied of “CD018D”',
    '“holder” was not agreed for CD001C',
  ])
  assert.equal(await hub.hub.board.movement(mrn, today), undefined)
  assert.equal(
    await count(hub.db, `inbox where sender = 'DGD.GA' and length(payload) + length(raw) > 0`),
    0,
    'what was refused is not kept',
  )
  const { members } = await hub.hub.board.dashboard(today)
  assert.equal(members.find(({ party }) => party === 'DGD.GA')?.refused, 3)
  assert.equal(await ofToday('GA'), counted + 3, 'they have their place among the copies of the day')
})

test('of one movement a member has so many copies taken and no more; one that is there already is still a repeat', async () => {
  const mrn = mrnOf(77)
  const early = released(mrn, '2026-12-07')
  await tell('CM', early)
  await hub.db.query(
    `insert into regional_copy (sender, message_id, message_type, mrn, said_at, received_at, elements, digest)
     select sender, n || '@cm.test', message_type, mrn, said_at, received_at, elements, sha256(n::text::bytea)
     from regional_copy, generate_series(1, 499) as n where mrn = $1`,
    [mrn],
  )
  const refusals = () =>
    count(hub.db, "journal where kind = 'copy.refused' and detail ->> 'reason' like '500 copies of one movement%'")
  const counted = await ofToday('CM')
  await tell('CM', early)
  assert.equal(await refusals(), 0)
  assert.equal(await ofToday('CM'), counted + 1, 'a repeat counts too')
  await tell('CM', released(mrn, '2026-12-08'))
  await tell('TD', arrived(mrn, '2026-11-29T20:00:00'))
  assert.equal(await refusals(), 1)
  assert.equal(await count(hub.db, 'regional_copy where mrn = $1', [mrn]), 501)
})

test('copies of one movement that come at once are all heard', async () => {
  const mrn = mrnOf(50)
  await Promise.all([
    tell('CM', released(mrn, '2026-12-07'), locks(mrn, '1.00')),
    tell('CF', copy('CF', mrn, 'CD118C', { officeOfCrossing: ['CF000201'], crossedOn: ['2026-11-29'] })),
    tell('TD', arrived(mrn, '2026-11-29T22:00:00')),
  ])
  const movement = await hub.hub.board.movement(mrn, today)
  assert.deepEqual(
    [movement?.state, movement?.copies.length, movement?.guarantees.map(({ amount, inUse }) => `${amount} ${inUse}`)],
    ['arrived', 4, ['1.00 true']],
  )
})

test('while the hub is away copies wait, and they are there when it is back', async () => {
  const mrn = mrnOf(60)
  await hub.leave()
  const cameroon = member('CM')
  const sent = toHub('DGD.CM', regionalCopyType, writeCopy(released(mrn, '2026-12-07')), { conversation: mrn })
  await cameroon.exchange.enqueue(cameroon.db, [sent])
  await until(
    'a try',
    async () => (await count(cameroon.db, 'outbox where message_id = $1 and tries > 1', [sent.messageId])) === 1,
  )
  await hub.comeBack()
  await until('the copy', async () => (await hub.hub.board.movement(mrn, today)) !== undefined)
})

test('a member that has left: its copies stay, and the board says so', async () => {
  await hub.leave()
  await hub.comeBack(['DGD.CF', 'DGD.TD', 'DGD.GA'])
  const { members, corridors } = await hub.hub.board.dashboard(today)
  assert.deepEqual(
    members.filter(({ hasLeft }) => hasLeft).map(({ party }) => party),
    ['DGD.CM'],
  )
  assert.ok((corridors[0]?.movements ?? 0) > 12)
})

test('copies are deleted when what was agreed on is over, with all that was said of them, and the journal says so', async () => {
  const total = async () => (await hub.hub.board.movements({ page: 1, pageSize: 1 }, today)).total
  assert.equal(await hub.hub.forget(), false)
  const [{ movements } = { movements: 0 }] = await hub.db.query<{ movements: number }>(
    'select count(*) as movements from regional_movement',
  )
  assert.equal(await total(), movements)
  // One of today stays, though it was told for an older day.
  const old = await hub.db.query<{ mrn: string }>(
    "update regional_movement set last_copy_at = last_copy_at - interval '31 days' where mrn <> $1 returning mrn",
    [first],
  )
  await hub.hub.forget()
  assert.equal(await total(), 1)
  for (const table of ['regional_copy', 'regional_movement', 'regional_guarantee'])
    assert.equal(await count(hub.db, `${table} where mrn <> $1`, [first]), 0, table)
  assert.ok((await count(hub.db, 'regional_copy where mrn = $1', [first])) > 0)
  const kept = await hub.db.query<{ mrn: string; bytes: number }>(
    `select conversation as mrn, sum(length(payload) + length(raw))::int as bytes from inbox
     where document_type = 'RegionalCopy' and state = 'done' group by 1`,
  )
  const gone = new Set(old.map(({ mrn }) => mrn))
  for (const { mrn, bytes } of kept) if (gone.has(mrn)) assert.equal(bytes, 0, 'the documents in which they came')
  assert.ok((kept.find(({ mrn }) => mrn === first)?.bytes ?? 0) > 0)
  const said = await hub.db.query<{ detail: { movements: number; keepDays: number } }>(
    "select detail from journal where kind = 'copies.deleted'",
  )
  assert.deepEqual(
    said.map(({ detail }) => [detail.movements, detail.keepDays]),
    [[gone.size, 30]],
  )
  const { corridors } = await hub.hub.board.dashboard(today)
  assert.deepEqual(
    corridors.map((corridor) => corridor.movements),
    [1],
  )
})
