/** A list goes from its owner to who takes it, and stays the owner's. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { reference } from '@corridor/registry'
import type { NodeId } from './corridor.ts'
import {
  clock,
  contents,
  entry,
  passDay,
  publish,
  type ReferenceNode,
  sent,
  settle,
  shared,
  startPair,
} from './reference-nodes.ts'

const list = 'CL141/NTA.AL'
const offices = ['AL000101', 'AL000102'].map((code) => entry(code))
let nodes: Record<NodeId, ReferenceNode>
let al: ReferenceNode
let xk: ReferenceNode

beforeEach(async () => {
  nodes = await startPair([shared(list, 'al'), shared('CL141/NTA.XK', 'xk')])
  ;({ al, xk } = nodes)
})
afterEach(() => Promise.all([al.stop(), xk.stop()]))

const start = async () => {
  for (const node of [al, xk]) await node.casework.keepSubscriptions()
  await settle(nodes)
}
const versions = async (type: 'ReferenceData' = 'ReferenceData') =>
  (await sent(al, type)).map((document) => {
    const { version, previous, part, parts } = document as Record<string, number>
    return [previous ?? 0, version, `${part}/${parts}`]
  })
const subscriber = async () => (await reference.subscribersOf(al.db, al.party))[0] ?? assert.fail('nobody')

test('who subscribes gets the whole list, under its owner’s number and digest, and says that it has it', async () => {
  await start()
  await publish(al, list, [entry('AL000101')])
  await publish(al, list, offices)
  assert.deepEqual(await versions(), [])
  await al.casework.distributeDue()
  await settle(nodes)
  assert.deepEqual(await versions(), [[0, 2, '1/1']])
  assert.deepEqual(await contents(xk, list), await contents(al, list))
  const { version, published, refusal, acknowledgedAt } = await subscriber()
  assert.deepEqual([version, published, refusal], [2, 2, null])
  assert.ok(acknowledgedAt)
  const [own] = await reference.versionsOf(xk.db, list)
  assert.deepEqual([own?.number, own?.author, own?.state], [2, 'NTA.AL', 'published'])
})

test('a node that starts again asks for nothing and sends nothing, whichever of its processes starts', async () => {
  await start()
  await publish(al, list, offices)
  await al.casework.distributeDue()
  await settle(nodes)
  const count = async () => al.db.query('select count(*) from outbox')
  const before = await count()
  await Promise.all([start(), al.casework.keepSubscriptions(), xk.casework.keepSubscriptions()])
  await Promise.all([al.casework.distributeDue(), al.casework.distributeDue()])
  await settle(nodes)
  assert.deepEqual(await count(), before)
  assert.equal((await sent(xk, 'ReferenceDataRequest')).length, 1)
})

test('a new version goes as what changed: an end, a change and a new office, exactly', async () => {
  await start()
  await publish(al, list, offices)
  await al.casework.distributeDue()
  await settle(nodes)
  await publish(al, list, [entry('AL000102', { texts: { en: 'Durrës Terminal' } }), entry('AL000103')])
  await al.casework.distributeDue()
  await settle(nodes)
  assert.deepEqual(await versions(), [
    [0, 1, '1/1'],
    [1, 2, '1/1'],
  ])
  assert.deepEqual(await contents(xk, list), await contents(al, list))
  const since = await reference.changesSince(xk.db, list, 1)
  assert.deepEqual(since, await reference.changesSince(al.db, list, 1))
})

test('a partner that was away for many versions gets all that it missed at once when it is back', async () => {
  await start()
  await publish(al, list, offices)
  await al.casework.distributeDue()
  await settle(nodes)
  xk.there = false
  for (let count = 1; count <= 8; count += 1) {
    await publish(al, list, [...offices, entry(`AL00020${count}`)])
    await al.casework.distributeDue()
    await settle(nodes)
  }
  const away = await subscriber()
  assert.deepEqual([away.version, away.sent, away.published], [1, 2, 9])
  xk.there = true
  await settle(nodes)
  assert.deepEqual(await versions(), [
    [0, 1, '1/1'],
    [1, 2, '1/1'],
    [2, 9, '1/1'],
  ])
  assert.deepEqual(await contents(xk, list), await contents(al, list))
  assert.equal((await subscriber()).version, 9)
})

test('what was lost on the way is sent again after the daily word of who takes the list', async () => {
  await start()
  await publish(al, list, offices)
  await al.casework.distributeDue()
  await al.db.query(`update outbox set state = 'parked' where document_type = 'ReferenceData'`)
  await settle(nodes)
  assert.equal((await subscriber()).version, 0)
  passDay()
  await start()
  assert.deepEqual(await contents(xk, list), await contents(al, list))
  assert.equal((await subscriber()).version, 1)
  passDay()
  await start()
  assert.equal((await versions()).length, 2, 'who has it is sent nothing')
})

test('a version whose digest does not come out is taken back, and the whole list asked for once', async () => {
  await start()
  await publish(al, list, offices)
  await al.casework.distributeDue()
  await settle(nodes)
  await xk.db.query(`update reference_entry set digest = 'spoilt' where code = 'AL000101'`)
  await publish(al, list, [...offices, entry('AL000103')])
  await al.casework.distributeDue()
  await settle(nodes)
  assert.deepEqual(await versions(), [
    [0, 1, '1/1'],
    [1, 2, '1/1'],
    [0, 2, '1/1'],
  ])
  assert.deepEqual(await contents(xk, list), await contents(al, list))
  assert.equal((await subscriber()).version, 2)
  const kept = await reference.entryVersions(xk.db, list, 'AL000102')
  assert.deepEqual(
    kept.map(({ addedIn, removedIn }) => [addedIn, removedIn]),
    [[1, undefined]],
    'what is equal stays',
  )
})

test('a copy that came another way gives way to the owner’s list', async () => {
  await reference.declareLists(xk.db, [
    {
      ...shared(list, 'al'),
      names: ['Offices'],
      source: 'a file',
      version: '1',
      completeness: 'partial',
      note: '',
      owner: 'NTA.AL',
    },
  ])
  for (const codes of [['AL000101'], ['AL000101', 'AL000102'], ['AL000102']])
    await publish(
      { ...xk, party: al.party },
      list,
      codes.map((code) => entry(code)),
    )
  await start()
  await publish(al, list, offices)
  await al.casework.distributeDue()
  await settle(nodes)
  assert.deepEqual(await contents(xk, list), await contents(al, list))
  assert.deepEqual(
    (await reference.versionsOf(xk.db, list)).map(({ number }) => number),
    [1],
  )
})

test('an owner that lost a subscription has it again after the daily word', async () => {
  await start()
  await publish(al, list, offices)
  await al.db.query('delete from reference_subscription')
  assert.deepEqual(await al.casework.distributeDue(), [])
  passDay()
  await start()
  assert.deepEqual(await contents(xk, list), await contents(al, list))
})

test('who subscribes at the moment is not in the way of who publishes', async () => {
  await al.casework.keepSubscriptions()
  await al.db.transaction(async (tx) => {
    await reference.subscribe(tx, list, xk.party, { version: 0, digest: '' }, clock())
    assert.equal(await publish(al, list, offices), 1)
  })
})

test('who unsubscribes is sent nothing any more', async () => {
  await start()
  await publish(al, list, offices)
  await al.casework.distributeDue()
  await settle(nodes)
  await xk.caseworkWith([]).keepSubscriptions()
  await settle(nodes)
  assert.deepEqual(await reference.subscribersOf(al.db, al.party), [])
  await publish(al, list, [...offices, entry('AL000103')])
  assert.deepEqual(await al.casework.distributeDue(), [])
  assert.equal((await versions()).length, 1)
})
