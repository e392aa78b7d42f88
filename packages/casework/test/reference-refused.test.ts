/** What a partner must not do with reference data: each time a reason, nothing half imported, nothing parked, no endless talk. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ReferenceEntry } from '@corridor/customs'
import { reference } from '@corridor/registry'
import {
  readReferenceData,
  type ReferenceDataAcknowledgement,
  type ReferenceDataRequest,
  writeReferenceData,
  writeReferenceNote,
} from '../src/reference/documents.ts'
import type { NodeId } from './corridor.ts'
import {
  clock,
  contents,
  entry,
  journal,
  publish,
  type ReferenceNode,
  sent,
  settle,
  shared,
  startPair,
  take,
} from './reference-nodes.ts'

const list = 'CL141/NTA.AL'
const ids = [list, 'CL171/NTA.AL', 'CL173/NTA.AL', 'CL174/NTA.AL', 'CL141']
let nodes: Record<NodeId, ReferenceNode>
let al: ReferenceNode
let xk: ReferenceNode

before(async () => {
  nodes = await startPair([
    ...ids.map((id) => shared(id, 'al')),
    shared('CL141/NTA.XK', 'xk'),
    shared('CL214', 'al', []),
  ])
  ;({ al, xk } = nodes)
  for (const node of [al, xk]) await node.casework.keepSubscriptions()
  await settle(nodes)
  await publish(
    al,
    list,
    ['AL000101', 'AL000102'].map((code) => entry(code)),
  )
  await al.casework.distributeDue()
  await settle(nodes)
})
after(() => Promise.all([al.stop(), xk.stop()]))

const acknowledgements = async (node: ReferenceNode) =>
  (await sent(node, 'ReferenceDataAcknowledgement')) as ReferenceDataAcknowledgement[]
const subscription = async (id: string) =>
  (await reference.subscribersOf(al.db, al.party)).find((each) => each.list === id) ?? assert.fail(id)
const outbox = (node: ReferenceNode) => node.db.query('select count(*) as n from outbox')

/** A version as the owner would send it, of entries that no owner has. */
const versionOf = (id: string, version: number, entries: ReferenceEntry[], more: object = {}) =>
  writeReferenceData(
    { list: { id, owner: 'NTA.AL' }, version, effective: '2026-12-01', digest: 'd', ...more },
    entries.map((each) => ({ ...each, list: id })),
    [],
  )[0]!

/** The parts of the version in use of a list of Albania's, as many as they are. */
async function partsOf(id: string): Promise<Uint8Array[]> {
  const { version, digest, effective, entries } = await contents(al, id)
  return writeReferenceData({ list: { id, owner: 'NTA.AL' }, version, effective, digest }, entries, [], 250)
}

test('data of another owner changes nothing, and its sender hears whose list it is', async () => {
  const before = await contents(al, list)
  for (const owner of ['NTA.XK', 'NTA.AL']) {
    await take(al, 'ReferenceData', versionOf(list, 7, [entry('AL000666')], { list: { id: list, owner } }))
    const last = (await acknowledgements(al)).at(-1)
    assert.deepEqual(
      [last?.outcome, last?.version, last?.reason],
      ['refused', 7, 'the list CL141/NTA.AL belongs to NTA.AL, and not to NTA.XK'],
    )
  }
  await take(xk, 'ReferenceData', versionOf('CL141/NTA.XK', 7, [entry('XK000666')]))
  assert.match((await acknowledgements(xk)).at(-1)?.reason ?? '', /belongs to NTA.XK, and not to NTA.AL/)
  assert.deepEqual(await contents(al, list), before)
  assert.match((await journal(al)).at(-1) ?? '', /^reference.refused the list CL141\/NTA.AL belongs to NTA.AL/)
  await settle(nodes)
})

test('a list that nobody takes, or nobody declared, is not taken on a partner’s word', async () => {
  for (const id of ['CL214', 'CL999/NTA.AL']) {
    await take(xk, 'ReferenceData', versionOf(id, 1, [entry('X')]))
    assert.match((await acknowledgements(xk)).at(-1)?.reason ?? '', /it takes a subscription/)
  }
  assert.equal(await reference.ownerOf(xk.db, 'CL999/NTA.AL'), undefined)
  await settle(nodes)
})

test('garbage, half a message and what no database takes are refused with the place, and no worker is parked', async () => {
  const before = await contents(xk, list)
  const whole = Buffer.from(versionOf(list, 2, [entry('AL000103'), entry('AL000104')])).toString()
  for (const [text, reason] of [
    ['', /^line 1: no head/],
    ['<xml/>', /^line 1: no head/],
    ['{"list":{"id":"CL141/NTA.AL"},"version":3000000000}', /^line 1: no head/],
    [whole.replace('2026-12-01', '2026-02-30'), /^line 1: no head/],
    [whole.slice(0, -60), /the message was cut/],
    [whole.split('\n').toSpliced(2, 1).join('\n'), /1 entries, and the last line says 2/],
    [whole.replace('Zyra', '\\u0000'), /^line 2: no JSON object/],
    [whole.replace('Zyra', '\\ud800'), /^line 2: no JSON object/],
    [whole.replace('2026-01-01', '2026-13-01'), /^line 2: AL000103: first day 2026-13-01/],
    [whole.replace('"code":"AL000104"', '"code":"AL000104","extra":1'), /^line 3: an unknown field extra/],
  ] as const) {
    await take(xk, 'ReferenceData', Buffer.from(text))
    const last = (await acknowledgements(xk)).at(-1)
    assert.equal(last?.outcome, 'refused', text)
    assert.match(last.reason ?? '', reason)
    assert.equal(last.list, list)
  }
  await take(xk, 'ReferenceData', Uint8Array.of(0xff), 'another conversation')
  assert.deepEqual(await contents(xk, list), before)
  await settle(nodes)
})

test('garbage as an acknowledgement is noted and never answered; as a request it is refused', async () => {
  const before = await outbox(al)
  for (const payload of [Uint8Array.of(0xff), Buffer.from('{}'), Buffer.from('{"list":"a\\u0000"}')])
    await take(al, 'ReferenceDataAcknowledgement', payload)
  assert.deepEqual(await outbox(al), before)
  await take(al, 'ReferenceDataRequest', Buffer.from('{"list":"CL141"}'))
  assert.equal((await acknowledgements(al)).at(-1)?.outcome, 'refused')
  await settle(nodes)
})

test('an acknowledgement of a version that was never sent, or of none that we published, makes nobody up to date', async () => {
  const held = await subscription(list)
  const before = await outbox(al)
  const said = (version: number, digest: string) =>
    take(
      al,
      'ReferenceDataAcknowledgement',
      writeReferenceNote({ list, version, outcome: 'taken', holds: { version, digest } }),
    )
  await said(99, 'd')
  assert.deepEqual(await subscription(list), held)
  assert.match((await journal(al)).at(-1) ?? '', /^reference.unexpected version 99 was never sent to NTA.XK/)
  await said(1, 'another')
  const after = await subscription(list)
  assert.deepEqual([after.version, after.refusal], [1, 'holds a version 1 that is not ours'])
  assert.deepEqual(await outbox(al), before, 'an acknowledgement is never answered')
  const other = writeReferenceNote({ list: 'CL999', version: 1, outcome: 'taken', holds: { version: 1, digest: 'd' } })
  await take(al, 'ReferenceDataAcknowledgement', other)
  assert.deepEqual(await outbox(al), before)
})

test('wrong entries are refused with the reason, which the owner sees, and the version after them is taken', async () => {
  for (const [id, entries, reason] of [
    [list, [entry('XK000201')], /line 2: XK000201: an office of AL begins with AL/],
    [
      list,
      [entry('AL000103'), entry('AL000104', { items: { CountryCode: 'XK' } })],
      /line 3: AL000104: its country is XK, and this list has offices of AL/,
    ],
    ['CL141', [entry('AL000103', { items: {} })], /line 2: AL000103: an office without a country/],
    [list, [entry('AL000103'), entry('AL000103', { validFrom: '2026-06-01' })], /AL000103 is there twice at one time/],
    [list, [entry('AL000103', { parent: 'AL000100' })], /no AL000100 above it/],
    [
      list,
      [entry('AL000103', { texts: { en: 'x'.repeat(10) } })],
      /has the digest [0-9a-f]{64}, and not the digest d /,
    ],
  ] as const) {
    const before = await contents(xk, id)
    await take(xk, 'ReferenceData', versionOf(id, 2, [...entries]))
    const last = (await acknowledgements(xk)).at(-1)
    assert.equal(last?.outcome, 'refused')
    assert.match(last.reason ?? '', reason)
    assert.deepEqual(await contents(xk, id), before)
  }
  // A store that does not know whose country it is would publish it.
  await al.db.query('update reference_list set country = null where id = $1', [list])
  await publish(
    al,
    list,
    ['AL000101', 'XK000109'].map((code) => entry(code)),
  )
  await al.casework.distributeDue()
  await settle(nodes)
  const refused = await subscription(list)
  assert.deepEqual([refused.version, refused.sent, refused.published], [1, 2, 2])
  assert.match(refused.refusal ?? '', /XK000109: an office of AL begins with AL/)
  assert.deepEqual(await al.casework.distributeDue(), [], 'what was refused does not go again by itself')
  const by = { author: 'tariff', party: al.party, effective: '2026-12-01', at: clock(), note: '' }
  await al.db.transaction(async (tx) => {
    await reference.rollBackTo(tx, list, 1, by)
    await reference.reviewVersion(tx, list, 3, 'review')
    await reference.publishVersion(tx, list, 3, clock())
  })
  assert.deepEqual(await al.casework.distributeDue(), [{ list, party: 'NTA.XK', version: 3, previous: 1 }])
  await settle(nodes)
  const taken = await subscription(list)
  assert.deepEqual([taken.version, taken.refusal], [3, null])
  assert.deepEqual(await contents(xk, list), await contents(al, list))
})

test('parts may come in any order and twice; another version of them takes the place of what was kept', async () => {
  const id = 'CL171/NTA.AL'
  await publish(
    al,
    id,
    ['AL000101', 'AL000102', 'AL000103'].map((code) => entry(code)),
  )
  const [one, two, three, ...more] = await partsOf(id)
  assert.ok(one && two && three && more.length === 0)
  const other = (part: Uint8Array) => Buffer.from(part.toString().replace('"version":1', '"version":2'))
  for (const part of [other(one), three, one, three, one]) await take(xk, 'ReferenceData', part)
  assert.deepEqual(await contents(xk, id), { version: 0, digest: '', effective: '', entries: [] })
  const before = (await acknowledgements(xk)).length
  await take(xk, 'ReferenceData', two)
  assert.deepEqual(await contents(xk, id), await contents(al, id))
  await take(xk, 'ReferenceData', two)
  const said = (await acknowledgements(xk)).slice(before).map(({ outcome, holds }) => [outcome, holds.version])
  assert.deepEqual(said, [
    ['taken', 1],
    ['held', 1],
  ])
  assert.deepEqual(await xk.db.query('select list from reference_part'), [])
})

test('the entry that is wrong in one of several parts is told with its part', async () => {
  const payloads = writeReferenceData(
    { list: { id: list, owner: 'NTA.AL' }, version: 9, effective: '2026-12-01', digest: 'd' },
    ['AL000101', 'XK000102', 'AL000103'].map((code) => ({ ...entry(code), list })),
    [],
    250,
  )
  for (const payload of payloads) await take(xk, 'ReferenceData', payload)
  assert.match((await acknowledgements(xk)).at(-1)?.reason ?? '', /^part 2, line 2: XK000102/)
})

test('a list that somebody changes at the moment makes the version wait; when it stays so, that is said in the end', async () => {
  const id = 'CL173/NTA.AL'
  await publish(al, id, [entry('AL000101')])
  const [whole] = await partsOf(id)
  assert.ok(whole)
  await xk.db.transaction(async (tx) => {
    await reference.lockLists(tx, [id])
    await take(xk, 'ReferenceData', whole)
    assert.match((await acknowledgements(xk)).at(-1)?.reason ?? '', /^reference.list-busy: somebody else imports/)
    await takeOnce(whole)
    const [last] = await xk.db.query<{ state: string }>('select state from inbox order by id desc limit 1')
    assert.equal(last?.state, 'waiting')
  })
  await settle(nodes)
  assert.deepEqual(await contents(xk, id), await contents(al, id))
})

/** Takes a message and has it decided once only. */
async function takeOnce(payload: Uint8Array): Promise<void> {
  const { steps } = xk
  let once = false
  const node = { ...xk, steps: { ...steps, decide: async () => (once ? false : ((once = true), steps.decide())) } }
  await take(node, 'ReferenceData', payload)
}

test('a version that goes on from one that is missing is asked for once, and a second one like it is refused', async () => {
  const id = 'CL174/NTA.AL'
  const lost = versionOf(id, 5, [entry('AL000101')], { previous: 4 })
  await take(xk, 'ReferenceData', lost)
  const asked = (await sent(xk, 'ReferenceDataRequest')).at(-1) as ReferenceDataRequest
  assert.deepEqual(asked, { list: id, request: 'catch-up', holds: { version: 0, digest: '' } })
  const requests = (await sent(xk, 'ReferenceDataRequest')).length
  await take(xk, 'ReferenceData', lost)
  assert.equal((await sent(xk, 'ReferenceDataRequest')).length, requests)
  assert.match(
    (await acknowledgements(xk)).at(-1)?.reason ?? '',
    /version 5 goes on from 4, which is not what is here \(0\)/,
  )
  await settle(nodes)
})

test('who is not named as a subscriber, or asks the wrong one, is refused with the reason', async () => {
  const ask = (id: string, request: ReferenceDataRequest['request']) =>
    take(al, 'ReferenceDataRequest', writeReferenceNote({ list: id, request, holds: { version: 0, digest: '' } }))
  for (const [id, request, reason] of [
    ['CL214', 'subscribe', /does not name NTA.XK as one who takes CL214/],
    ['CL141/NTA.XK', 'subscribe', /belongs to NTA.XK: ask there/],
    ['CL999', 'catch-up', /there is no list CL999 here/],
    ['CL214', 'catch-up', /subscribe first/],
  ] as const) {
    await ask(id, request)
    const last = (await acknowledgements(al)).at(-1)
    assert.deepEqual([last?.outcome, last?.version], ['refused', 0])
    assert.match(last?.reason ?? '', reason)
  }
  assert.ok((await reference.subscribersOf(al.db, al.party)).every((each) => each.list !== 'CL214'))
  await settle(nodes)
})

test('a digest that is empty is that of a list without an entry', () => {
  const read = readReferenceData(versionOf(list, 1, [], { digest: '' }))
  assert.equal(typeof read === 'string' ? read : read.digest, '')
})
