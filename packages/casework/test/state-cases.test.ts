/**
 * The fourteen inputs that are right by themselves and wrong in the state of their movement. Each leads to the answer that the procedure
 * has for it; no record, amount or message is lost or doubled. Two nodes, each with a database of its own.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { makeMrn, type Doc } from '@corridor/customs'
import { text, texts } from '@corridor/procedures'
import {
  accepted,
  carrier,
  clock,
  consignee,
  corridorXml,
  declarant,
  declaration,
  errorsOf,
  newLrn,
  put,
  readDocument,
  registerFor,
  startNode,
  type TestNode,
} from './nodes.ts'
import { arrival, header, resultsOf } from './refusal-cases/case.ts'
import { messagesCome, nothingChanges, takeAgain, unbalanced } from './refusal-cases/unchanged.ts'

const dayMs = 86_400_000
let al: TestNode
let xk: TestNode
let carry: ReturnType<typeof carrier>
let aheadMs = 0

before(async () => {
  const later = { clock: () => new Date(clock().getTime() + aheadMs) }
  ;[al, xk] = await Promise.all([startNode('al', undefined, later), startNode('xk', undefined, later)])
  carry = carrier(al, xk)
})
afterEach(async () => {
  assert.deepEqual([await al.parked(), await xk.parked()], [[], []], 'nothing is given up')
  assert.deepEqual(await unbalanced(al), [], 'every account adds up')
})
after(() => Promise.all([al.stop(), xk.stop()]))

const unchanged = (work: () => Promise<unknown>) => nothingChanges([al, xk], work)

/** A movement that is released, with its announcements at Kosovo's node. */
async function onTheWay(xml = declaration(), held: readonly string[] = []): Promise<string> {
  const mrn = await accepted(al, xml)
  assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  await carry(held)
  return mrn
}

const stateOf = async (node: TestNode, account: string, mrn: string) => (await node.view(account, mrn))?.status.code

describe('state cases', () => {
  test('1 arrival before departure known: it waits for the record; an MRN that departure does not know is refused with 90', async () => {
    const mrn = await onTheWay(declaration(), ['CD001C'])
    await xk.post('sharr', arrival(mrn))
    assert.equal(await stateOf(xk, 'prizren', mrn), 'requested')
    await carry()
    assert.deepEqual([await stateOf(xk, 'prizren', mrn), await stateOf(al, 'durres', mrn)], ['arrived', 'arrived'])

    const unknown = makeMrn('26', 'AL', 'NOBODYKNOWS2', 'J')
    await xk.post('sharr', arrival(unknown))
    assert.deepEqual(await carry(), ['CD002C', 'CD003C'])
    const refusal = await xk.lastSent('CC057C')
    assert.deepEqual(
      [refusal.recipient, errorsOf(refusal.doc)],
      [consignee, [`/CC007C/TransitOperation/MRN 90 N0031 ${unknown}`]],
    )
  })

  test('2 arrival twice: the second is refused with 92, and the first goes on', async () => {
    const mrn = await onTheWay()
    await xk.post('sharr', arrival(mrn))
    await carry()
    assert.deepEqual(await unchanged(() => xk.post('sharr', arrival(mrn))), [
      { type: 'CC057C', recipient: consignee, errors: [`/CC007C/TransitOperation/MRN 92 N0006 ${mrn}`] },
    ])
    assert.equal((await xk.act('prizren', mrn, 'permit-unloading')).kind, 'done')
  })

  test('3 arrival at two offices: the second is refused with 92; when both are under way, departure takes one and its results', async () => {
    const mrn = await onTheWay()
    await xk.post('sharr', arrival(mrn))
    await carry()
    await xk.post('sharr', arrival(mrn, 'XK000302'))
    await carry()
    assert.deepEqual([await stateOf(xk, 'prizren', mrn), await stateOf(xk, 'peja', mrn)], ['arrived', 'refused'])
    assert.deepEqual(errorsOf((await xk.lastSent('CC057C')).doc), [`/CC007C/TransitOperation/MRN 92 N0032 ${mrn}`])

    // Pejë asked for the record before departure heard of the arrival at Prizren.
    const both = await onTheWay()
    await xk.post('sharr', arrival(both, 'XK000302'))
    await xk.post('sharr', arrival(both))
    await carry()
    const refusal = await al.lastSent('CD906C')
    assert.deepEqual(errorsOf(refusal.doc), ['/*/CustomsOfficeOfDestinationActual/referenceNumber 92 N0055 XK000302'])
    assert.equal((await al.view('durres', both))?.audit.filter(({ code }) => code === 'arrived').length, 1)
    assert.deepEqual(
      (await xk.view('peja', both))?.trouble.map(({ code }) => code),
      ['partner-refused'],
      'the officer at Pejë reads that the arrival is recorded elsewhere',
    )
    const results = resultsOf(both, 'XK000302')
    assert.deepEqual(await unchanged(() => al.take('CD018C', results, { conversation: both })), [
      {
        type: 'CD906C',
        recipient: 'NTA.XK',
        errors: ['/*/CustomsOfficeOfDestinationActual/referenceNumber 92 N0055 XK000302'],
      },
    ])
    await xk.act('prizren', both, 'permit-unloading')
    await xk.post('sharr', corridorXml('unloading-remarks', { sender: consignee, mrn: both }))
    await xk.act('prizren', both, 'record-results', { controlResult: 'A1', stateOfSeals: '1' })
    await carry()
    assert.equal(await stateOf(al, 'durres', both), 'written-off')
  })

  test('4 release after cancel: an act that is a conflict, a request that is refused with 92', async () => {
    const mrn = await accepted(al)
    assert.equal((await al.act('durres', mrn, 'invalidate', { text: 'Declared twice' })).kind, 'done')
    const release = async () => {
      const outcome = await al.act('durres', mrn, 'release', { controlResult: 'A2' })
      assert.equal(outcome.kind, 'conflict')
    }
    assert.deepEqual(await unchanged(release), [])
    const request = () => al.post('adria', corridorXml('release-request', { sender: declarant, mrn }))
    assert.deepEqual(await unchanged(request), [
      { type: 'CC056C', recipient: declarant, errors: [`/*/TransitOperation/MRN 92 92 ${mrn}`] },
    ])
  })

  test('5 discharge without results: none by the office before the unloading, none by results before the arrival', async () => {
    const mrn = await onTheWay()
    const early = async () =>
      assert.equal(
        (await xk.act('prizren', mrn, 'record-results', { controlResult: 'A1', stateOfSeals: '1' })).kind,
        'conflict',
      )
    assert.deepEqual(await unchanged(early), [])
    await xk.post('sharr', arrival(mrn))
    await carry(['CD006C'])
    assert.deepEqual(await unchanged(early), [])
    const results = resultsOf(mrn, 'XK000301')
    // It waits for the arrival advice, as long as one is waited for, and is then refused.
    const answers = await unchanged(() => al.take('CD018C', results, { conversation: mrn }))
    assert.deepEqual(answers, [
      { type: 'CD906C', recipient: 'NTA.XK', errors: [`/*/TransitOperation/MRN 92 92 ${mrn}`] },
    ])
    await carry()
    assert.equal(await stateOf(al, 'durres', mrn), 'arrived')
    assert.equal((await al.view('tirana', mrn))?.status.code, 'held')
  })

  test('6 guarantee of another holder: G04 by CC055C, and no amount of it is touched', async () => {
    const others = '26AL0009010000037'
    const balance = () => al.db.query('select available, locked from guarantee where grn = $1', [others])
    const before = await balance()
    await al.post('adria', put(declaration(), 'GRN', others))
    const mrn = text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? ''
    const told = await al.lastSent('CC055C')
    assert.deepEqual(
      [told.recipient, texts(told.doc, 'GuaranteeReference.InvalidGuaranteeReason.code')],
      [declarant, ['G04']],
    )
    assert.equal(await stateOf(al, 'durres', mrn), 'guarantee-not-valid')
    assert.deepEqual(await balance(), before)
    const release = async () =>
      assert.equal((await al.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'conflict')
    assert.deepEqual(await unchanged(release), [])
  })

  test('7 over the limit in parallel: of a hundred releases at once, those that fit are released and the rest are refused', async () => {
    const small = '26AL0009010000082'
    await registerFor(al, { grn: small, holder: declarant, currency: 'EUR' })
    // 9,000.00 are there: fifty movements of 180.00 fit.
    const xmls = Array.from({ length: 100 }, () => put(put(declaration(), 'GRN', small), 'amountToBeCovered', '180.00'))
    const last = (await al.sent()).at(-1)?.id ?? 0
    await Promise.all(xmls.map((xml) => al.casework.submitTraderMessage(al.account('adria'), Buffer.from(xml))))
    await al.settle()
    const accepting = (await al.sent(last)).filter(({ type }) => type === 'CC028C')
    const mrns = accepting.map(({ doc }) => about(doc) ?? '')
    assert.equal(new Set(mrns).size, 100)
    await Promise.all(mrns.map((mrn) => al.act('durres', mrn, 'release', { controlResult: 'A2' })))
    const states = await Promise.all(mrns.map((mrn) => stateOf(al, 'durres', mrn)))
    assert.equal(states.filter((state) => state === 'released').length, 50)
    assert.equal(states.filter((state) => state === 'guarantee-not-valid').length, 50)
    assert.deepEqual(await al.db.query('select available, locked from guarantee where grn = $1', [small]), [
      { available: '0.00', locked: '9000.00' },
    ])
    const refused = (await al.sent(last)).filter(({ type }) => type === 'CC055C')
    assert.equal(new Set(refused.map(({ doc }) => about(doc))).size, 50)
    await carry()
  })

  test('8 diversion to an unknown office: refused to the trader, and to a partner that names it', async () => {
    const mrn = await onTheWay()
    const answers = await unchanged(() => xk.post('sharr', arrival(mrn, 'XK000999')))
    assert.deepEqual(
      answers.map(({ type, recipient }) => [type, recipient]),
      [['CC057C', consignee]],
    )
    assert.match(
      answers[0]?.errors.join('\n') ?? '',
      /CustomsOfficeOfDestinationActual\/referenceNumber 12 .* XK000999/,
    )
    const request: Doc = {
      ...header('CD002C'),
      TransitOperation: { MRN: mrn },
      CustomsOfficeOfDestinationActual: { referenceNumber: 'XK000999' },
    }
    const refused = await unchanged(() => al.take('CD002C', request, { conversation: mrn }))
    assert.deepEqual(
      refused.map(({ type, recipient }) => [type, recipient]),
      [['CD906C', 'NTA.XK']],
    )
    assert.match(
      refused[0]?.errors.join('\n') ?? '',
      /CustomsOfficeOfDestinationActual\/referenceNumber 1[24] .* XK000999/,
    )
    await xk.post('sharr', arrival(mrn))
    await carry()
    assert.equal(await stateOf(xk, 'prizren', mrn), 'arrived', 'the goods may still arrive where they should')
  })

  test('9 amendment after the release: refused with 92', async () => {
    const lrn = newLrn()
    const mrn = await onTheWay(declaration({ lrn }))
    const amendment = put(declaration({ lrn }), 'grossMass', '13790')
      .replaceAll('CC015C', 'CC013C')
      .replace(/<LRN>.*<\/LRN>/, `<MRN>${mrn}</MRN>`)
      .replace('</bindingItinerary>', '$&<amendmentTypeFlag>0</amendmentTypeFlag>')
    assert.deepEqual(await unchanged(() => al.post('adria', amendment)), [
      { type: 'CC056C', recipient: declarant, errors: [`/*/TransitOperation/MRN 92 92 ${mrn}`] },
    ])
  })

  test('10 incident after the arrival: an act that is a conflict, a notice that is refused with 92', async () => {
    const other = await onTheWay()
    const place = { place: 'R7, km 12', postcode: '20000', city: 'Prizren' }
    assert.equal(
      (await xk.act('vermice', other, 'register-incident', { code: '5', text: 'Brakes', ...place })).kind,
      'done',
    )
    const notice = readDocument('CD180C', (await xk.lastSent('CD180C')).payload)
    await carry()

    const mrn = await onTheWay()
    await xk.post('sharr', arrival(mrn))
    await carry()
    for (const account of ['vermice', 'prizren']) {
      const register = async () =>
        assert.equal(
          (await xk.act(account, mrn, 'register-incident', { code: '5', text: 'Late', ...place })).kind,
          'conflict',
        )
      assert.deepEqual(await unchanged(register), [], account)
    }
    const late: Doc = {
      ...notice,
      TransitOperation: { MRN: mrn, incidentNotificationDateAndTime: '2026-11-25T23:00:00' },
    }
    assert.deepEqual(await unchanged(() => al.take('CD180C', late, { conversation: mrn })), [
      {
        type: 'CD906C',
        recipient: 'NTA.XK',
        errors: ['/CD180C/TransitOperation/incidentNotificationDateAndTime 92 N0037 2026-11-25T23:00:00'],
      },
    ])
  })

  test('11 a seal that is not on the list: it is on record, departure is told, and the guarantee stays held', async () => {
    const mrn = await onTheWay()
    await xk.post('sharr', arrival(mrn))
    assert.equal((await xk.act('prizren', mrn, 'permit-unloading')).kind, 'done')
    const permission = Buffer.from((await xk.lastSent('CC043C')).payload).toString()
    assert.match(permission, /AL-204871/)
    assert.doesNotMatch(permission, /XX-000001/)
    const remarks = put(
      put(corridorXml('unloading-remarks', { sender: consignee, mrn }), 'conform', '0'),
      'stateOfSeals',
      '0',
    )
    await xk.post(
      'sharr',
      remarks.replace(
        '</UnloadingRemark>',
        `$&<Consignment><TransportEquipment><sequenceNumber>1</sequenceNumber><numberOfSeals>1</numberOfSeals>
        <Seal><sequenceNumber>1</sequenceNumber><identifier>XX-000001</identifier></Seal></TransportEquipment></Consignment>`,
      ),
    )
    assert.equal(await stateOf(xk, 'prizren', mrn), 'unloaded')
    const asked = { controlResult: 'B1', stateOfSeals: '0', text: 'Seal XX-000001 is not on the list' }
    assert.equal((await xk.act('prizren', mrn, 'record-results', asked)).kind, 'done')
    await carry()
    assert.deepEqual(
      [
        await stateOf(al, 'durres', mrn),
        await stateOf(xk, 'prizren', mrn),
        (await al.view('tirana', mrn))?.status.code,
      ],
      ['discrepancies', 'waiting-discrepancies', 'held'],
    )
    const sent = await xk.lastSent('CD018C')
    assert.equal(text(sent.doc, 'ControlResult.stateOfSeals'), '0')
  })

  test('12 cancel racing with release: one of the two happens, and the amount is held or free as that says', async () => {
    for (let round = 0; round < 4; round += 1) {
      const mrn = await accepted(al)
      const version = (await al.view('durres', mrn))?.version ?? 0
      const release = () => al.act('durres', mrn, 'release', { controlResult: 'A2' }, { version })
      const cancel = () => al.act('durres', mrn, 'invalidate', { text: 'Declared twice' }, { version })
      const acts = round % 2 === 0 ? [release, cancel] : [cancel, release]
      const kinds = (await Promise.all(acts.map((act) => act()))).map(({ kind }) => kind)
      assert.deepEqual(kinds.sort(), ['conflict', 'done'])
      await endsAsOne(mrn, ['released', 'invalidated'])
    }
    for (let round = 0; round < 4; round += 1) {
      const mrn = await accepted(al)
      const request = corridorXml('invalidation-request', { sender: declarant, mrn })
      const release = al.act('durres', mrn, 'release', { controlResult: 'A2' })
      await Promise.all([release, al.post('adria', request)])
      // Asked after the release, the office decides.
      await endsAsOne(mrn, ['invalidated', 'invalidation-asked'])
    }
    await carry()
  })

  async function endsAsOne(mrn: string, possible: string[]): Promise<void> {
    const state = (await stateOf(al, 'durres', mrn)) ?? ''
    assert.ok(possible.includes(state), state)
    const [row] = await al.db.query<{ held: string }>(
      `select count(*) filter (where op = 'lock') - count(*) filter (where op <> 'lock') as held
      from guarantee_transaction where mrn = $1`,
      [mrn],
    )
    assert.equal(Number(row?.held), state === 'invalidated' ? 0 : 1, state)
  }

  test('13 MRN of another country’s prefix: the partner that sends it is refused, and so is the trader', async () => {
    const { payload } = await al.lastSent('CD001C')
    const record = readDocument('CD001C', payload)
    const foreign = makeMrn('26', 'XK', 'OFKOSOVO0002', 'J')
    const [operation] = [record['TransitOperation'] as Doc]
    const forged: Doc = { ...record, TransitOperation: { ...operation, MRN: foreign } }
    const answers = await unchanged(() => xk.take('CD001C', forged, { conversation: foreign }))
    assert.deepEqual(answers, [
      { type: 'CD906C', recipient: 'NTA.AL', errors: [`/*/TransitOperation/MRN 14 N0015 ${foreign}`] },
    ])
    const strange = makeMrn('26', 'DE', 'ABCDEFGHIJK3', 'J')
    assert.deepEqual(await unchanged(() => xk.post('sharr', arrival(strange))), [
      { type: 'CC057C', recipient: consignee, errors: [`/*/TransitOperation/MRN 90 90 ${strange}`] },
    ])
  })

  test('14 valid messages of a week ago, replayed: under their ids they are known, under new ones they change nothing', async () => {
    const lrn = newLrn()
    const xml = declaration({ lrn })
    const mrn = await onTheWay(xml)
    const arrived = arrival(mrn)
    await xk.post('sharr', arrived)
    await xk.act('prizren', mrn, 'permit-unloading')
    const remarks = corridorXml('unloading-remarks', { sender: consignee, mrn })
    await xk.post('sharr', remarks)
    await xk.act('prizren', mrn, 'record-results', { controlResult: 'A1', stateOfSeals: '1' })
    await carry()
    assert.deepEqual(
      [await stateOf(al, 'durres', mrn), await stateOf(xk, 'prizren', mrn)],
      ['written-off', 'goods-released'],
    )

    const ofMovement = async (node: TestNode) =>
      (await node.sent()).filter(({ link, doc }) => link === 'as4' && about(doc) === mrn)
    const [toKosovo, toAlbania] = [await ofMovement(al), await ofMovement(xk)]
    assert.ok(toKosovo.length >= 3 && toAlbania.length >= 2)
    aheadMs = 7 * dayMs
    const again = (same: boolean) => Promise.all([takeAgain(xk, toKosovo, same), takeAgain(al, toAlbania, same)])
    const before = await messagesCome([al, xk])
    assert.deepEqual(await unchanged(() => again(true)), [], 'under the ids that they had')
    assert.deepEqual(await messagesCome([al, xk]), before)
    const replay = async (): Promise<void> => {
      await again(false)
      await al.post('adria', xml)
      await xk.post('sharr', arrived)
      await xk.post('sharr', remarks)
    }
    const answers = await unchanged(replay)
    aheadMs = 0
    const told = answers.map(({ type, errors }) => `${type} ${errors.join()}`)
    for (const line of told) assert.match(line, /^(CD906C .* 92 |CC056C .*N0001|CC057C .* 92 )/, told.join('\n'))
    assert.ok(told.includes(`CC056C /CC015C/TransitOperation/LRN 14 N0001 ${lrn}`))
    assert.ok(told.includes(`CC057C /CC007C/TransitOperation/MRN 92 N0006 ${mrn}`))
  })
})

const about = (doc: Doc): string | undefined => text(doc, 'TransitOperation.MRN')
