/** What is counted of a month for the central services, and what they warn of. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { dateTimeOf, type Doc } from '@corridor/customs'
import { text } from '@corridor/procedures'
import type { StatisticsOutcome } from '../src/index.ts'
import { clock, declaration, law, released, startNode, type TestNode } from './nodes.ts'

const dayMs = 86_400_000
let al: TestNode
let xk: TestNode
let aheadMs = 0
const now = (): Date => new Date(clock().getTime() + aheadMs)

before(async () => {
  al = await startNode('al', undefined, { clock: now })
  xk = await startNode('xk', undefined, { clock: now })
})
after(async () => {
  await al.stop()
  await xk.stop()
})

const report = (month: string, account = 'al-desk', node = al): Promise<StatisticsOutcome> =>
  node.casework.sendStatistics(node.account(account), {
    month,
    idempotency: { accountId: account, key: randomUUID(), requestDigest: Buffer.alloc(32) },
  })

test('a month is counted by type and country, where the offices are, and sent; again it is an update', async () => {
  await al.db.query('delete from movement')
  const { mrn } = await released(al)
  const [row] = await al.db.query<{ data: { record: Doc } }>(
    `select data from movement where mrn = '${mrn}' and role = 'departure'`,
  )
  const record = row?.data.record ?? assert.fail()
  const put = (role: string, number: string, data: object) =>
    al.db.query(
      `insert into movement (role, office, mrn, lrn, state, data, summary, search, needs_act, created_at, updated_at)
       values ($1, 'AL000101', $2, $2, 'released', $3, '{}', '', false, '2026-10-02', '2026-10-02')`,
      [role, number, JSON.stringify(data)],
    )
  const elsewhere = { ...record, CustomsOfficeOfDestinationDeclared: { referenceNumber: 'MK000401' } }
  await al.db.query('delete from movement')
  // In Tirana the last hour of September in UTC is October, and the last of October is November.
  await put('departure', '26ALA', { record, releaseDate: '2026-10-01', writtenOffDate: '2026-10-31' })
  await put('departure', '26ALB', { record, releaseDate: '2026-09-30', writtenOffDate: '2026-10-02' })
  await put('departure', '26ALC', { record: elsewhere, releaseDate: '2026-10-02', recovery: { since: '2026-10-05' } })
  await put('departure', '26ALD', { record, releaseDate: '2026-10-02', invalidatedAt: '2026-10-31T23:30:00' })
  await put('departure', '26ALE', { record, releaseDate: '2026-10-03', invalidatedAt: '2026-09-30T22:30:00' })
  await put('departure', '26ALF', { record, invalidatedAt: '2026-10-10T10:00:00' })
  await put('transit', '26XKA', { crossings: [{ office: 'AL000202', date: '2026-10-07' }] })
  await put('destination', '26XKB', { arrival: { at: '2026-09-30T22:30:00', office: 'AL000101', simplified: false } })
  await put('destination', '26XKC', { arrival: { at: '2026-10-31T23:30:00', office: 'AL000101', simplified: false } })
  const outcome = await report('2026-10')
  assert.ok(outcome.kind === 'done')
  const lines = (outcome.statistics.reports[0]?.counts ?? []).map(
    ({ type, country, count }) => `${type} ${country} ${count}`,
  )
  assert.deepEqual(lines, ['ARR1 XK 1', 'CRO1 XK 1', 'DEP1 MK 1', 'DEP1 XK 3', 'INV1 XK 1', 'REC1 MK 1', 'WOF1 XK 2'])
  const { doc, recipient } = await al.lastSent('CD411D')
  assert.equal(recipient, 'system:central')
  assert.deepEqual(seriesOf(doc), [
    'DEP1 C MK 1',
    'DEP1 C XK 3',
    'WOF1 C XK 2',
    'INV1 C XK 1',
    'REC1 C MK 1',
    'CRO1 C XK 1',
    'ARR1 C XK 1',
  ])
  assert.ok((await report('2026-10')).kind === 'done')
  assert.ok(seriesOf((await al.lastSent('CD411D')).doc).every((line) => line.includes(' U ')))
  assert.ok((await report('2025-12')).kind === 'done')
  assert.deepEqual(
    seriesOf((await al.lastSent('CD411D')).doc),
    ['DEP1', 'WOF1', 'INV1', 'REC1', 'CRO1', 'ARR1'].map((type) => `${type} C - 0`),
  )
})

/** `type operation country count` of each series. */
function seriesOf(doc: Doc): string[] {
  const types = (doc['SendingCountry'] as Doc)['SystemApplicability'] as Doc[]
  return types.flatMap((system) =>
    (system['StatisticalCharacteristics'] as Doc[]).flatMap((each) =>
      (each['SeriesElements'] as Doc[]).map((series) =>
        [
          text(each, 'statisticsType'),
          text(each, 'operation'),
          text(series, 'otherCountry') ?? '-',
          text(series, 'counter'),
        ].join(' '),
      ),
    ),
  )
}

test('only a month that is over is sent, by the desk, where there is somebody to send to', async () => {
  for (const month of ['2026-11', '2027-01', '2026-13', 'October']) assert.equal((await report(month)).kind, 'invalid')
  assert.equal((await report('2026-10', 'durres')).kind, 'forbidden')
  assert.equal((await report('2026-10', 'xk-desk', xk)).kind, 'conflict')
})

test('a month is sent by itself, once, however many look; not before there were records', async () => {
  await al.db.query('delete from statistics_report')
  const due = () => al.casework.sendDueStatistics()
  assert.deepEqual(await due(), ['2026-10'])
  assert.deepEqual(await Promise.all([due(), due()]), [[], []])
  await al.db.query('delete from statistics_report')
  await al.db.query(`update movement set created_at = '2026-11-02'`)
  assert.deepEqual(await due(), [])
  aheadMs = 20 * dayMs
  assert.deepEqual((await Promise.all([due(), due(), due()])).flat(), ['2026-11'])
  assert.deepEqual(await xk.casework.sendDueStatistics(), [])
  aheadMs = 0
})

test('what comes on record late is sent as an update, and months in which the node was away are sent when it is back', async () => {
  await al.db.query('delete from statistics_report')
  await al.db.query(`update movement set created_at = '2026-10-02'`)
  const due = () => al.casework.sendDueStatistics()
  assert.deepEqual(await due(), ['2026-10'])
  const late = `update movement set data = data || '{"writtenOffDate": "2026-10-31"}' where mrn = '26ALC'`
  await al.db.query(late)
  assert.deepEqual(await due(), ['2026-10'])
  const { doc } = await al.lastSent('CD411D')
  assert.ok(seriesOf(doc).includes('WOF1 U MK 1'), seriesOf(doc).join())
  assert.deepEqual(await due(), [])
  await al.db.query(late.replace('2026-10-31', '2026-11-02'))
  assert.deepEqual(await due(), ['2026-10'], 'this month is not over')
  aheadMs = 70 * dayMs
  assert.deepEqual(await due(), ['2026-11', '2026-12', '2027-01'])
  aheadMs = 150 * dayMs
  assert.deepEqual(await due(), ['2027-02', '2027-03'], 'January is told and is as it was')
  aheadMs = 300 * dayMs
  assert.deepEqual(await due(), ['2027-06', '2027-07', '2027-08'], 'no more than three months back')
  assert.deepEqual(await due(), [])
  aheadMs = 0
  await al.db.query(`delete from statistics_report where month <> '2026-11'`)
})

const warning = (more: Doc, evaluated: Doc): Buffer =>
  Buffer.from(
    law.messages.get('CD903D')?.write({
      messageSender: 'CS',
      messageRecipient: 'NTA.AL',
      preparationDateAndTime: dateTimeOf(now()),
      messageIdentification: 'W1',
      messageType: 'CD903D',
      ...more,
      EvaluatedMessage: evaluated,
      ConsistencyCheckWarning: [{ warningPointer: '/CD411D', warningCode: 'W00001', originalAttributeValue: '3' }],
    }) ?? '',
  )

test('a warning is kept with the statistics that it names, or shown at the movement whose document it answers', async () => {
  await report('2026-10')
  const warnings = async () =>
    (await al.casework.statistics()).reports.map(({ month, warnings: list }) => `${month} ${list.length}`)
  await al.post('central-system', warning({}, { messageType: 'CD411D', country: 'AL', year: '2026', month: '10' }))
  assert.deepEqual(await warnings(), ['2026-11 0', '2026-10 1'])
  const { doc } = await al.lastSent('CD411D')
  await al.post(
    'central-system',
    warning(
      { correlationIdentifier: text(doc, 'messageIdentification') ?? '' },
      { messageType: 'CD411D', country: 'AL', year: '2026', month: '10' },
    ),
  )
  assert.deepEqual(await warnings(), ['2026-11 0', '2026-10 2'])
  await al.db.query('delete from movement')
  await al.post('adria', declaration())
  const mrn = text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? ''
  const about = text((await al.lastSent('CC028C')).doc, 'messageIdentification') ?? ''
  await al.post('central-system', warning({ correlationIdentifier: about }, { messageType: 'CC028C' }))
  const view = (await al.view('durres', mrn)) ?? assert.fail()
  assert.deepEqual(
    view.trouble.map(({ code, detail }) => [code, detail]),
    [['central-warning', 'CC028C: W00001 /CD411D 3']],
  )
  await al.post('central-system', warning({ correlationIdentifier: 'of nobody' }, { messageType: 'CC028C' }))
  assert.equal(((await al.view('durres', mrn)) ?? assert.fail()).trouble.length, 1)
  assert.deepEqual(await al.parked(), [])
})
