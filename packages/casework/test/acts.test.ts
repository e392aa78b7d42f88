/** Officers' acts: who may, on what, with which words; and once. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { text } from '@corridor/procedures'
import { accepted, consignee, corridorXml, released, startNode, type TestNode } from './nodes.ts'
import type { ActOutcome } from '../src/index.ts'

let al: TestNode
let xk: TestNode

before(async () => {
  ;[al, xk] = await Promise.all([startNode('al'), startNode('xk')])
})
after(() => Promise.all([al.stop(), xk.stop()]))

/** A movement that both offices of Kosovo know. */
async function announced(): Promise<string> {
  const { mrn, CD001C, CD050C } = await released(al)
  await xk.take('CD001C', CD001C, { conversation: mrn })
  await xk.take('CD050C', CD050C, { conversation: mrn })
  return mrn
}

const kindOf = (outcome: ActOutcome): string => outcome.kind

const errorsIn = (outcome: ActOutcome): [string, string][] =>
  outcome.kind === 'invalid' ? outcome.errors.map(({ field, remedy }) => [field, remedy]) : assert.fail(outcome.kind)

test('an act of another role is forbidden, another office does not have the movement, a trader has no acts', async () => {
  const mrn = await announced()
  assert.equal(kindOf(await xk.act('vermice', mrn, 'record-results')), 'forbidden')
  assert.equal(kindOf(await xk.act('vermice', mrn, 'release')), 'forbidden')
  assert.equal(kindOf(await xk.act('prizren', mrn, 'cross')), 'forbidden')
  // Prizren is an office of departure too: not of this movement.
  assert.equal(kindOf(await xk.act('prizren-departures', mrn, 'release')), 'not-found')
  assert.equal(kindOf(await al.act('durres-arrivals', mrn, 'record-results')), 'not-found')
  assert.equal(kindOf(await al.act('tirana', mrn, 'release')), 'forbidden')
  assert.equal(kindOf(await xk.act('sharr', mrn, 'cross')), 'forbidden')
  assert.equal(await xk.view('sharr', mrn), undefined)
  assert.equal(await xk.view('prizren-departures', mrn), undefined)
  assert.equal(kindOf(await al.act('durres', '26ALABCDEFGHIJK1J6', 'release')), 'not-found')
})

test('an act decided on an older page is a conflict that names the version; so is one that the state does not allow', async () => {
  const mrn = await accepted(al)
  const seen = (await al.view('durres', mrn))?.version ?? 0
  assert.equal(kindOf(await al.act('durres', mrn, 'control', { typeOfControls: '10' }, { version: seen })), 'done')
  const late = await al.act('durres', mrn, 'release', { controlResult: 'A1' }, { version: seen })
  assert.ok(late.kind === 'conflict')
  assert.equal(late.version, seen + 1)
  assert.match(late.detail, /under-control, version \d+; .* decided on version \d+/)
  assert.equal(kindOf(await al.act('durres', mrn, 'control', { typeOfControls: '10' })), 'conflict')
})

test('two officers at the same moment: one acts, the other is told of the conflict', async () => {
  const mrn = await accepted(al)
  const version = (await al.view('durres', mrn))?.version ?? 0
  const outcomes = await Promise.all([
    al.act('durres', mrn, 'release', { controlResult: 'A2' }, { version }),
    al.act('durres', mrn, 'refuse', { motivation: 'No' }, { version }),
  ])
  assert.deepEqual(outcomes.map(kindOf).toSorted(), ['conflict', 'done'])
})

test('every wrong field is named with what to do', async () => {
  const mrn = await accepted(al)
  const version = (await al.view('durres', mrn))?.version
  const act = (fields: Record<string, string | number | null>) => al.act('durres', mrn, 'release', fields)
  assert.deepEqual(errorsIn(await act({})), [['controlResult', 'Fill this in.']])
  assert.deepEqual(errorsIn(await act({ controlResult: 'B1', colour: 'red', text: 'x'.repeat(513) })), [
    ['colour', 'The act release has no field of this name.'],
    ['controlResult', 'Choose one of A1, A2.'],
    ['text', 'Shorten this to 512 characters.'],
  ])
  const hidden = 'Use letters, digits and punctuation only; no line breaks or hidden characters.'
  for (const bad of ['a\u202Eb', 'a\u2066b', 'a\nb', 'a\u0000b', 'a\u2028b', 'a\uD800b', 'a\uFFFFb', 'a\u0007b'])
    assert.deepEqual(errorsIn(await act({ controlResult: 'A1', text: bad })), [['text', hidden]], JSON.stringify(bad))
  assert.deepEqual((await al.view('durres', mrn))?.version, version, 'nothing was done')

  const other = await announced()
  const cross = (passageDate: string | number | null) => xk.act('vermice', other, 'cross', { passageDate })
  assert.deepEqual(errorsIn(await cross(null)), [['passageDate', 'Fill this in.']])
  assert.deepEqual(errorsIn(await cross('24.11.2026')), [['passageDate', 'Give a date as yyyy-mm-dd.']])
  assert.deepEqual(errorsIn(await cross('2026-02-30')), [['passageDate', 'Give a date as yyyy-mm-dd.']])
  assert.deepEqual(errorsIn(await cross('2027-01-01')), [['passageDate', 'A day in the future cannot be recorded.']])
  assert.equal(kindOf(await cross('2026-11-24')), 'done')
})

test('the same request again gets the first answer and has one effect, also when both come at once', async () => {
  const mrn = await accepted(al)
  const key = randomUUID()
  const version = (await al.view('durres', mrn))?.version ?? 0
  const ask = () => al.act('durres', mrn, 'control', { typeOfControls: '10' }, { key, version })
  const [first, second] = await Promise.all([ask(), ask()])
  const third = await ask()
  assert.deepEqual([first.kind, second.kind, third.kind], ['done', 'done', 'done'])
  assert.deepEqual(second, first)
  assert.deepEqual(third, first)
  const controls = (await al.sent()).filter(
    ({ type, doc }) => type === 'CC060C' && text(doc, 'TransitOperation.MRN') === mrn,
  )
  assert.equal(controls.length, 1)
  const reused = await al.act('durres', mrn, 'release', { controlResult: 'A1' }, { key })
  assert.equal(reused.kind, 'key-reused')
})

test('a request that was refused may come again with the same key, mended', async () => {
  const mrn = await accepted(al)
  const key = randomUUID()
  assert.equal(kindOf(await al.act('durres', mrn, 'release', {}, { key })), 'invalid')
  assert.equal(kindOf(await al.act('durres', mrn, 'release', { controlResult: 'A2' }, { key })), 'done')
})

test('the page of an act says which acts come next, what may be chosen, and whose turn it is', async () => {
  const mrn = await accepted(al)
  const before = await al.view('durres', mrn)
  assert.deepEqual(
    before?.acts.map(({ act, primary }) => [act, primary]),
    [
      ['release', true],
      ['control', false],
      ['refuse', false],
      ['ask-for-amendment', false],
      ['invalidate', false],
    ],
  )
  const done = await al.act('durres', mrn, 'control', { typeOfControls: '40', text: '<b>All of it</b>' })
  assert.ok(done.kind === 'done')
  assert.deepEqual(
    done.movement.acts.map(({ act }) => act),
    ['release', 'refuse', 'ask-for-amendment', 'invalidate'],
  )
  assert.equal(done.movement.acts[0]?.fields[0]?.value, 'A1')
  const refused = await al.act('durres', mrn, 'refuse', { motivation: 'Other goods than declared' })
  assert.ok(refused.kind === 'done')
  assert.deepEqual(
    [refused.movement.status, refused.movement.waitingFor, refused.movement.acts],
    [{ code: 'not-released', tone: 'neutral' }, null, []],
  )
})

test('the whole way at the destination: arrival, permission, remarks, results', async () => {
  const mrn = await announced()
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  assert.equal((await xk.view('prizren', mrn))?.status.code, 'arrived')
  assert.equal(kindOf(await xk.act('prizren', mrn, 'permit-unloading')), 'done')
  const waiting = (await xk.view('prizren', mrn))?.waitingFor
  assert.deepEqual(waiting, { party: 'Sharr Cargo Sh.p.k.', code: 'trader' })
  await xk.post('sharr', corridorXml('unloading-remarks', { sender: consignee, mrn }))
  assert.equal(
    kindOf(await xk.act('prizren', mrn, 'record-results', { controlResult: 'A1', stateOfSeals: '1' })),
    'done',
  )
  await al.take('CD006C', (await xk.lastSent('CD006C')).payload, { conversation: mrn })
  await al.take('CD018C', (await xk.lastSent('CD018C')).payload, { conversation: mrn })
  assert.equal((await al.view('durres', mrn))?.status.code, 'written-off')
  assert.equal((await al.view('tirana', mrn))?.status.code, 'credited')
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})
