/** An office with two roles in a corridor: in one movement it has both, in another one of them, and neither is refused for the other. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { overlayCodeLists } from '@corridor/customs'
import { groups, text } from '@corridor/procedures'
import { saveAccount } from '@corridor/registry'
import type { ActFields, ActName, Directory } from '../src/index.ts'
import {
  accepted,
  carrier,
  clock,
  consignee,
  corridorXml,
  declaration,
  directoryOf,
  law,
  startNode,
  type TestNode,
} from './nodes.ts'

const dayMs = 86_400_000
const both = 'XK000301'
let aheadMs = 0

/** Prizren is an office of transit too. */
function withBoth(node: 'al' | 'xk'): Directory {
  const directory = directoryOf(node)
  const office = directory.office(both)!
  const more = { ...office, roles: [...office.roles, 'transit' as const] }
  return {
    ...directory,
    office: (reference) => (reference === both ? more : directory.office(reference)),
    ownOffices: (role) => [
      ...directory.ownOffices(role),
      ...(role === 'transit' && office.party === directory.party ? [more] : []),
    ],
  }
}

const surroundings = {
  clock: () => new Date(clock().getTime() + aheadMs),
  law: {
    ...law,
    codeLists: overlayCodeLists(law.codeLists, {
      both: `#name\tPrizren is also of transit\n#source\tthis test\n#version\t1\n#status\tillustrative\nlists\tcode\tvalidFrom\tvalidTo\ttext_en\nCL173\t${both}\t\t\tPrizren`,
    }),
  },
}

let al: TestNode
let xk: TestNode
let carry: ReturnType<typeof carrier>

before(async () => {
  ;[al, xk] = await Promise.all([
    startNode('al', withBoth('al'), surroundings),
    startNode('xk', withBoth('xk'), surroundings),
  ])
  const officer = { id: 'prizren-transit', name: 'Arben Morina', role: 'transit', office: both, locale: 'en' } as const
  xk.accounts.set(officer.id, await saveAccount(xk.db, officer, clock()))
  carry = carrier(al, xk)
})
beforeEach(() => {
  aheadMs = 0
})
after(() => Promise.all([al.stop(), xk.stop()]))

async function onTheWay(xml: string): Promise<string> {
  const mrn = await accepted(al, xml)
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  await carry()
  return mrn
}

async function done(node: TestNode, account: string, mrn: string, act: ActName, fields: ActFields = {}): Promise<void> {
  assert.deepEqual((await node.act(account, mrn, act, fields)).kind, 'done', `${account} ${act}`)
}

async function overdue(mrn: string): Promise<string[]> {
  aheadMs = 20 * dayMs
  for (const node of [al, xk]) while (await node.casework.nextTimer((error) => assert.fail(String(error))));
  await Promise.all([al.settle(), xk.settle()])
  const types = await carry()
  assert.equal((await al.view('durres', mrn))?.status.code, 'enquiry')
  return types
}

const refusals = async (): Promise<string[]> =>
  [...(await al.sent()), ...(await xk.sent())]
    .map(({ type }) => type)
    .filter((type) => /^C[CD]9/.test(type) && type !== 'CC928C')

const stateOf = async (node: TestNode, account: string, mrn: string) => (await node.view(account, mrn))?.status.code

test('one role in the movement: what names the office without its role is for the record that it has', async () => {
  const mrn = await onTheWay(declaration())
  await overdue(mrn)
  await done(xk, 'prizren', mrn, 'answer-enquiry', { responseCode: '2' })
  await done(xk, 'vermice', mrn, 'answer-enquiry', { responseCode: '2' })
  await carry()
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  assert.ok((await carry()).includes('CD059C'))
  assert.deepEqual(await refusals(), [])
  assert.deepEqual(await xk.states(), ['destination arrived', 'transit closed'])
})

test('both roles in one movement: both are told, crossed and ended, and nothing is refused', async () => {
  const before = (await refusals()).length
  const mrn = await onTheWay(declaration().replaceAll('XK000201', both))
  assert.equal(await stateOf(xk, 'prizren-transit', mrn), 'expected')
  assert.equal(await stateOf(xk, 'prizren', mrn), 'expected')
  const asked = await overdue(mrn)
  assert.deepEqual(asked.filter((type) => type === 'CD142C').length, 1, asked.join(' '))
  await done(xk, 'prizren', mrn, 'answer-enquiry', { responseCode: '2' })
  await carry()
  assert.equal(await stateOf(al, 'durres', mrn), 'holder-asked')
  await done(xk, 'prizren-transit', mrn, 'cross', { passageDate: clock().toISOString().slice(0, 10) })
  await xk.post('sharr', corridorXml('arrival', { sender: consignee, mrn }))
  await carry()
  assert.equal(await stateOf(al, 'durres', mrn), 'arrived')
  assert.equal(await stateOf(xk, 'prizren-transit', mrn), 'closed')
  assert.equal(await stateOf(xk, 'prizren', mrn), 'arrived')
  assert.deepEqual((await refusals()).length, before)
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []])
})

test('neither: a movement that the office does not know is refused once', async () => {
  const mrn = await onTheWay(declaration())
  aheadMs = 20 * dayMs
  const { doc } = await al.lastSent('CD142C')
  const unknown = {
    ...doc,
    TransitOperation: { ...groups(doc, 'TransitOperation')[0], MRN: mrn },
    CustomsOfficeOfRequest: { referenceNumber: 'XK000302' },
  }
  const before = (await refusals()).length
  await xk.take('CD142C', unknown)
  assert.equal((await refusals()).length, before + 1)
  assert.equal(text((await xk.lastSent('CD906C')).doc, 'FunctionalError.errorCode'), '90')
})
