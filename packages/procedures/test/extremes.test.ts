/** The smallest and the fullest document that the structure allows: whatever a trader or a partner may send, a decision is made. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Doc } from '@corridor/customs'
import { groupOf } from '../../customs/test/instances.ts'
import { decide, type Decision, type Facts, groups, type Movement, text } from '../src/index.ts'
import { consignee, declarant, departure, destination, grn, law, Stage, transit } from './stage.ts'

const facts: Facts = { ...new Stage().facts('AL'), guaranteeOffice: () => 'AL000901', operator: () => undefined }

const blank = (role: Movement['role'], office: string): Movement => ({
  role,
  office,
  mrn: '',
  lrn: '',
  state: '-',
  data: {},
  secrets: {},
})

function made(type: string, fullness: 'minimal' | 'maximal', more: Doc): Doc {
  const table = law.messages.get(type) ?? assert.fail(type)
  const doc = { ...groupOf(table.root.children, fullness), messageType: type, ...more }
  const { document, findings } = table.read(table.write(doc))
  assert.deepEqual(findings, [])
  return document ?? assert.fail(type)
}

/** As if every rule was kept: here only structure is looked at. */
const decideDocument = (movement: Movement, type: string, doc: Doc, sender: string): Decision =>
  decide(
    law,
    movement,
    {
      kind: 'document',
      type,
      doc,
      findings: [],
      sender,
      from: type.startsWith('CC') ? 'trader' : 'administration',
      lastTry: true,
    },
    facts,
  )

function allReadBack(decision: Decision): string[] {
  const sends = 'send' in decision ? decision.send : []
  for (const { type, doc } of sends) {
    const table = law.messages.get(type) ?? assert.fail(type)
    const header = made(type, 'minimal', {})
    const stamped = Object.fromEntries(Object.entries(header).filter(([name]) => /^(message|preparation)/.test(name)))
    assert.deepEqual(table.read(table.write({ ...stamped, ...doc })).findings, [], type)
  }
  return sends.map(({ type }) => type)
}

const after = (decision: Decision): Movement => {
  assert.equal(decision.outcome, 'moved', JSON.stringify(decision))
  return decision.outcome === 'moved' ? decision.movement : assert.fail()
}

const office = (referenceNumber: string): Doc => ({ referenceNumber })

/** The fullest declaration, with what a decision needs to be served: its own offices, one guarantee, a declarant. */
const declaration = (fullness: 'minimal' | 'maximal'): Doc => {
  const fullest = made('CC015C', fullness, {})
  return {
    ...fullest,
    TransitOperation: { ...groups(fullest, 'TransitOperation')[0], security: '0', additionalDeclarationType: 'A' },
    CustomsOfficeOfDeparture: office(departure),
    CustomsOfficeOfDestinationDeclared: office(destination),
    CustomsOfficeOfTransitDeclared: [{ sequenceNumber: '1', ...office(transit) }],
    HolderOfTheTransitProcedure: {
      identificationNumber: declarant,
      name: 'A',
      Address: { streetAndNumber: 'B', city: 'C', country: 'AL' },
    },
    Guarantee: [
      {
        sequenceNumber: '1',
        guaranteeType: '1',
        GuaranteeReference: [
          { sequenceNumber: '1', GRN: grn, accessCode: 'Zq7x', amountToBeCovered: '9999999999999999', currency: 'EUR' },
        ],
      },
    ],
  }
}

test('the smallest declaration is refused for what the release needs, each element named', () => {
  const decision = decideDocument(blank('departure', departure), 'CC015C', declaration('minimal'), declarant)
  assert.deepEqual(allReadBack(decision), ['CC056C'])
  assert.ok(decision.outcome === 'kept')
  assert.match(decision.detail ?? '', /^N0017 \/CC015C\/Consignment\/containerIndicator/)
})

test('the fullest declaration goes through: every document of the departure can be made of it', () => {
  const opened = decideDocument(blank('departure', departure), 'CC015C', declaration('maximal'), declarant)
  assert.deepEqual(allReadBack(opened), ['CC928C', 'CC028C', 'CD200C'])
  const movement = { ...after(opened), state: 'accepted' }
  const act = (name: string, fields: Record<string, string>) =>
    decide(law, movement, { kind: 'act', act: name, fields, office: departure }, facts)
  assert.deepEqual(allReadBack(act('control', { text: 'é'.repeat(512) })), ['CC060C'])
  assert.deepEqual(allReadBack(act('refuse', { motivation: 'é'.repeat(512) })), ['CC051C'])
  const asked = act('release', { controlResult: 'A1', text: 'é'.repeat(512) })
  assert.deepEqual(allReadBack(asked), ['CD203C'])
  const held = made('CD205C', 'minimal', {
    TransitOperation: { MRN: movement.mrn },
    Guarantee: [{ sequenceNumber: '1', guaranteeType: '1', GuaranteeReference: [{ sequenceNumber: '1', GRN: grn }] }],
  })
  const released = decideDocument(after(asked), 'CD205C', held, 'NTA.AL')
  assert.deepEqual(allReadBack(released), ['CC029C', 'CD001C', 'CD050C', 'CD160C'])
})

for (const fullness of ['minimal', 'maximal'] as const) {
  test(`the ${fullness} records of a partner can be worked with to the end`, () => {
    const mrn = '26AL000101000001J5'
    const common: Doc = { CustomsOfficeOfDeparture: office(departure) }
    const operation = (type: string): Doc => ({
      TransitOperation: { ...groups(made(type, fullness, {}), 'TransitOperation')[0], MRN: mrn },
    })
    const announced = after(
      decideDocument(
        blank('transit', transit),
        'CD050C',
        made('CD050C', fullness, { ...common, ...operation('CD050C') }),
        'NTA.AL',
      ),
    )
    const crossed = decide(law, announced, { kind: 'act', act: 'cross', fields: {}, office: transit }, facts)
    assert.deepEqual(allReadBack(crossed), ['CD118C'])

    const expected = after(
      decideDocument(
        blank('destination', destination),
        'CD001C',
        made('CD001C', fullness, { ...common, ...operation('CD001C') }),
        'NTA.AL',
      ),
    )
    const notice = made('CC007C', fullness, {
      TransitOperation: {
        ...groups(made('CC007C', 'minimal', {}), 'TransitOperation')[0],
        MRN: mrn,
        simplifiedProcedure: '1',
      },
      TraderAtDestination: { identificationNumber: consignee },
      Authorisation: [{ sequenceNumber: '1', type: 'C522', referenceNumber: 'X' }],
    })
    const arrived = decideDocument(expected, 'CC007C', notice, consignee)
    assert.deepEqual(allReadBack(arrived), fullness === 'maximal' ? ['CD180C', 'CD006C'] : ['CD006C'])
    const permitted = decide(
      law,
      after(arrived),
      { kind: 'act', act: 'permit-unloading', fields: {}, office: destination },
      facts,
    )
    assert.deepEqual(allReadBack(permitted), ['CC043C'])
    const permission = 'send' in permitted ? permitted.send[0]?.doc : undefined
    const goods = (doc: Doc | undefined) => groups(doc, 'Consignment.HouseConsignment.ConsignmentItem').length
    // A permission needs the mass of every item: goods without it are left out as a whole, never in part.
    assert.equal(goods(permission), fullness === 'maximal' ? goods(expected.data.record) : 0)
    const remarked = decideDocument(
      after(permitted),
      'CC044C',
      made('CC044C', fullness, { TransitOperation: { MRN: mrn } }),
      consignee,
    )
    const results = decide(
      law,
      { ...after(remarked), state: 'unloaded' },
      {
        kind: 'act',
        act: 'record-results',
        fields: { controlResult: 'A1', stateOfSeals: '1', text: 'é'.repeat(512) },
        office: destination,
      },
      facts,
    )
    assert.deepEqual(allReadBack(results), ['CD018C', 'CC025C'])
    assert.equal(text(after(results).data.record, 'TransitOperation.MRN'), mrn)
  })
}
