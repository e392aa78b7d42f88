/** Repairs by the operations desk where documents mean something: replays are judged as of the day on which they came, corrections are read. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { overlayCodeLists } from '@corridor/customs'
import type { BatchAct } from '@corridor/exchange'
import {
  accepted,
  accessCode,
  declarant,
  declaration,
  directoryOf,
  errorsOf,
  law,
  put,
  startNode,
  type TestNode,
} from './nodes.ts'

const dayMs = 86_400_000
const today = Date.UTC(2026, 10, 24, 14)
let aheadMs = 0
const clock = (): Date => new Date(today + aheadMs)
const [ada, bes] = [
  { id: 'ada', name: 'Ada' },
  { id: 'bes', name: 'Bes' },
]
const reason = 'the register was out of order'

/** Packages of the kind Q9 are declared until the 24th. */
const ending: typeof law = {
  ...law,
  codeLists: overlayCodeLists(law.codeLists, {
    packages: [
      '#name\tKinds of packages that end',
      '#source\tthis test',
      '#version\t1',
      '#status\tillustrative',
      'lists\tcode\tvalidFrom\tvalidTo\ttext_en',
      'CL017\tQ9\t\t2026-11-24\told',
    ].join('\n'),
  }),
}

let al: TestNode

before(async () => {
  al = await startNode('al', directoryOf('al'), { clock, law: ending })
})
after(() => al.stop())

/** A declaration that was set aside before anybody decided on it. @returns its name */
async function parked(xml: string): Promise<string> {
  const messageId = `${Math.random().toString(36).slice(2)}@trader`
  const payload = Buffer.from(xml)
  return al.db.transaction(async (tx) => {
    const common = { sender: declarant, recipient: 'NTA.AL', conversation: messageId, documentType: 'CC015C', payload }
    const { id } = await al.exchange.submit(tx, { ...common, link: 'api', messageId })
    await tx.query(`update inbox set state = 'parked', reason = 'out of order' where id = $1`, [id])
    return `in-${id}`
  })
}

async function done(id: string): Promise<void> {
  await al.db.transaction((tx) => al.exchange.repair.decide(tx, bes, { id, approve: true }))
  for (let looks = 0; looks < 400; looks++) {
    const [batch] = await al.exchange.repair.batches({ id, limit: 1 })
    if (batch?.state === 'done') return al.settle()
    await pause(25)
  }
  assert.fail(`batch ${id} is not done`)
}

async function repair(act: BatchAct, name: string): Promise<void> {
  const { repair: desk } = al.exchange
  const filter = { ids: [name] }
  const set = await desk.dryRun(act, filter)
  const wish = { act, filter, filterText: '{}', reason, digest: set?.digest ?? '' }
  const requested = await al.db.transaction((tx) => desk.request(tx, ada, wish))
  await done(requested.kind === 'requested' ? requested.id : assert.fail(requested.code))
}

test('a declaration that was set aside before a code ended is replayed after it, and taken: it is judged as of the day on which it came', async () => {
  aheadMs = 0
  const name = await parked(put(declaration(), 'typeOfPackages', 'Q9'))
  aheadMs = 3 * dayMs
  const trial = await al.exchange.repair.try(al.casework.handle, ada, name)
  assert.equal(trial?.outcome, 'decided')
  assert.ok(trial.documents.every(({ documentType }) => documentType !== 'CC056C'))
  assert.equal((await al.sent()).length, 0, 'nothing of a trial stays')
  await repair('replay', name)
  const types = (await al.sent()).map(({ type }) => type)
  assert.ok(types.includes('CC928C') && !types.includes('CC056C'), types.join())
  await al.post('adria', put(declaration(), 'typeOfPackages', 'Q9'))
  const [error] = errorsOf((await al.lastSent('CC056C')).doc)
  assert.match(error ?? '', /CL017 Q9$/, 'one that comes today is refused')
})

test('replaying what took effect has none; a trial says what would be answered now', async () => {
  const mrn = await accepted(al)
  const { messages } = await al.exchange.repair.find({ mrn, type: 'CC015C' }, { limit: 1 })
  const name = `in-${messages[0]?.id ?? ''}`
  const before = (await al.sent()).length
  await repair('replay', name)
  assert.equal((await al.sent()).length, before)
  const trial = await al.exchange.repair.try(al.casework.handle, ada, name)
  assert.deepEqual(
    trial?.documents.map(({ documentType }) => documentType),
    ['CC056C'],
    'its LRN is used',
  )
  assert.equal((await al.sent()).length, before)
})

test('a poison document is corrected by two people and decided on; what came stays, and is found by what was read in the new one', async () => {
  const wrong = declaration().replace('<declarationType>T1</declarationType>', '<declarationType>T1')
  const name = await parked(wrong)
  const plate = 'CORR 77'
  const right = put(declaration(), 'identificationNumber', 'ALL12345678A').replace(
    /(<DepartureTransportMeans>[^]*?<identificationNumber>)[^<]*/,
    `$1${plate}`,
  )
  const requested = await al.db.transaction((tx) =>
    al.exchange.repair.requestCorrection(tx, ada, { name, document: Buffer.from(right), reason }),
  )
  await done(requested.kind === 'requested' ? requested.id : assert.fail(requested.code))
  assert.ok((await al.lastSent('CC928C')).refTo !== null)
  const found = await al.exchange.repair.find({ plate: 'corr-77', direction: 'in' }, { limit: 5 })
  assert.deepEqual(
    found.messages.map(({ id }) => `in-${id}`),
    [name],
  )
  assert.equal((await al.exchange.repair.bytes(name, 'document'))?.body.toString(), wrong)
  assert.ok(wrong.includes(accessCode), 'the bytes that came are kept as they are')
})
