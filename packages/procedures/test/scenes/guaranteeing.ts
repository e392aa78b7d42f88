import assert from 'node:assert/strict'
import type { Doc } from '@corridor/customs'
import { groups, text, texts } from '../../src/index.ts'
import { departure, destination, grn, guaranteeOffice, law, Stage } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import { declaration, fromDeclarant, playedTo, put } from '../story.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const fromDeparture = { sender: 'NTA.AL', from: 'administration' as const, office: guaranteeOffice }

const other = '26AL0009010000028'

/** The same document about other guarantees. */
const about = (doc: Doc, grns: string[]): Doc => {
  const guarantee = groups(doc, 'Guarantee')[0] ?? assert.fail()
  const reference = groups(guarantee, 'GuaranteeReference')[0] ?? assert.fail()
  return {
    ...doc,
    Guarantee: [
      {
        ...guarantee,
        GuaranteeReference: grns.map((GRN, index) => ({ ...reference, sequenceNumber: String(index + 1), GRN })),
      },
    ],
  }
}

const reasonsIn = (doc: Doc): string[] => texts(doc, 'Guarantee.GuaranteeReference.InvalidGuaranteeReason.code')

/** A movement with two guarantees of the same office, both held. */
const twoHeld = (): Stage => {
  const stage = new Stage()
  stage.guarantees[other] = { ...(stage.guarantees[grn] ?? assert.fail()) }
  const change = (xml: string): string => {
    const reference = /<GuaranteeReference>[\s\S]*<\/GuaranteeReference>/.exec(xml)?.[0] ?? ''
    return xml.replace(reference, reference + put('sequenceNumber', '2')(put('GRN', other)(reference)))
  }
  stage.document('CC015C', declaration(change), fromDeclarant)
  stage.carry()
  stage.act('departure', departure, 'release', { controlResult: 'A2' })
  stage.carry()
  assert.equal(stage.state('guarantee', guaranteeOffice), 'held')
  return stage
}

/** The office of guarantee. */
export const guaranteeing: Scene[] = [
  [
    'G01 … G13: each reason against a guarantee; a wrong access code is answered alone',
    () => {
      const cases: [string, string[], Partial<Stage['guarantees'][string]>][] = [
        ['not valid', ['G02'], { valid: false }],
        ['access code', ['G03'], { accessCodeMatches: false, valid: false, holder: 'X', available: '0' }],
        ['holder', ['G04'], { holder: 'ALL99999999Z' }],
        ['country', ['G08'], { notValidIn: ['XK'] }],
        ['another country', [], { notValidIn: ['RS'] }],
        ['amount', ['G09'], { available: '4999.99' }],
        ['the exact amount', [], { available: '5000.00' }],
        ['a currency without a rate', ['G09'], { currency: 'ALL' }],
        ['a currency with a rate', [], { currency: 'CHF', available: '4750.00' }],
        ['a centime less than the rate asks for', ['G09'], { currency: 'CHF', available: '4749.99' }],
        ['a second use of a comprehensive guarantee', [], { usedBy: 'another' }],
        ['suspended goods', [], { terms: { restrictedUseForSuspendedGoods: true } }],
        ['commodity', ['G12'], { terms: { commodities: ['0808', '2204'] } }],
        ['every commodity', [], { terms: { commodities: ['0808', '2204', '94'] } }],
        ['office of destination', ['G11'], { terms: { officeOfDestination: 'XK000302' } }],
        ['office of departure', ['G11'], { terms: { officeOfDeparture: 'AL000102' } }],
        ['both offices', [], { terms: { officeOfDeparture: departure, officeOfDestination: destination } }],
        ['type', ['G13'], { type: '0' }],
        [
          'all at once',
          ['G02', 'G04', 'G08', 'G09', 'G13'],
          { valid: false, holder: 'X', notValidIn: ['AL'], available: '1', type: '9' },
        ],
      ]
      for (const [name, reasons, facts] of cases) {
        const stage = stageIn('guarantee', '-')
        stage.guarantees[grn] = { ...(stage.guarantees[grn] ?? assert.fail()), ...facts }
        stage.carry()
        assert.deepEqual(reasonsIn(stage.sent.find(({ type }) => type === 'CD201C')?.doc ?? {}), reasons, name)
        assert.equal(
          stage.state('departure', departure),
          reasons.length === 0 ? 'accepted' : 'guarantee-not-valid',
          name,
        )
      }
      const suspended = stageIn('guarantee', '-')
      suspended.suspendedGoods.push('220421')
      suspended.guarantees[grn] = {
        ...(suspended.guarantees[grn] ?? assert.fail()),
        terms: { restrictedUseForSuspendedGoods: true },
      }
      suspended.carry()
      assert.deepEqual(reasonsIn(suspended.sent.find(({ type }) => type === 'CD201C')?.doc ?? {}), ['G06'])
      assert.equal(
        text(suspended.lastTold('CC055C').doc, 'GuaranteeReference.InvalidGuaranteeReason.text'),
        law.guaranteeReasons.get('G06'),
      )
      const unknown = stageIn('guarantee', '-')
      delete unknown.guarantees[grn]
      unknown.carry()
      assert.deepEqual(reasonsIn(unknown.sent.find(({ type }) => type === 'CD201C')?.doc ?? {}), ['G01'])
    },
  ],
  [
    'an amount is held when it is there, asked about before or not, and refused when it is gone in between',
    () => {
      const stage = playedTo('accepted')
      stage.guarantees[grn] = { ...(stage.guarantees[grn] ?? assert.fail()), available: '4999.99' }
      stage.act('departure', departure, 'release', { controlResult: 'A2' })
      stage.carry()
      assert.equal(stage.state('guarantee', guaranteeOffice), 'checked')
      assert.equal(stage.state('departure', departure), 'guarantee-not-valid')
      assert.equal(stage.guarantees[grn].available, '4999.99')

      const unasked = stageIn('guarantee', '-')
      moved(unasked.document('CD203C', ...sample('CD203C', unasked)), 'held', 'guarantee-held')
      const short = stageIn('guarantee', '-')
      short.guarantees[grn] = { ...(short.guarantees[grn] ?? assert.fail()), available: '1.00' }
      moved(short.document('CD203C', ...sample('CD203C', short)), 'checked', 'guarantee-refused')
      moved(short.document('CD200C', ...sample('CD200C', short)), 'checked', 'guarantee-checked')
    },
  ],
  [
    'the same use again is answered again and held once; another one waits for the end of what is held',
    () => {
      const stage = playedTo('released')
      const before = stage.guarantees[grn]?.available
      assert.equal(before, '5000.00')
      const [doc, coming] = sample('CD203C', stage)
      moved(stage.document('CD203C', doc, coming), 'held')
      assert.deepEqual(reasonsIn(stage.owed.at(-1)?.doc ?? {}), [])
      assert.equal(stage.owed.at(-1)?.type, 'CD205C')
      moved(stage.document('CD200C', sample('CD200C', stage)[0], coming), 'held')
      assert.equal(stage.owed.at(-1)?.type, 'CD201C')
      assert.equal(stage.guarantees[grn]?.available, before)
      const out = [`/*/TransitOperation/MRN 92 92 ${stage.mrn}`]
      const another = about(doc, [other])
      assert.equal(stage.document('CD203C', another, coming).outcome, 'waits')
      refusedBy(stage, stage.document('CD203C', another, { ...coming, lastTry: true }), 'CD906C', out)
    },
  ],
  [
    'the credit comes once, also when it comes in parts or twice',
    () => {
      const stage = twoHeld()
      const [doc, coming] = sample('CD209C', stage)
      moved(stage.document('CD209C', about(doc, [other]), coming), 'held', 'guarantee-released')
      assert.deepEqual([stage.guarantees[grn]?.available, stage.guarantees[other]?.available], ['5000.00', '10000.00'])
      moved(stage.document('CD209C', about(doc, [other]), coming), 'held', 'guarantee-released')
      assert.equal(stage.guarantees[other]?.available, '10000.00')
      moved(stage.document('CD209C', about(doc, [grn]), coming), 'credited', 'guarantee-released')
      nothingNew(stage.document('CD209C', about(doc, [grn, other]), coming))
      assert.deepEqual([stage.guarantees[grn]?.available, stage.guarantees[other]?.available], ['10000.00', '10000.00'])
    },
  ],
  [
    'N0016: what the movement does not use cannot be credited',
    () => {
      for (const state of ['held', 'credited']) {
        const stage = stageIn('guarantee', state)
        const [doc, coming] = sample('CD209C', stage)
        refusedBy(stage, stage.document('CD209C', about(doc, [grn, other]), coming), 'CD906C', [
          `/*/Guarantee/GuaranteeReference/GRN 14 N0016 ${grn}`,
        ])
        assert.equal(stage.state('guarantee', guaranteeOffice), state)
      }
    },
  ],
  [
    'an individual guarantee and a voucher cover one movement: G10, G05; cancelled uses do not count; a voucher has 24 characters',
    () => {
      const voucher = `${grn}A000001`
      const cases: [string, string, string | null, string[]][] = [
        ['2', grn, null, []],
        ['2', grn, 'another', ['G10']],
        ['9', grn, 'another', []],
        ['4', voucher, null, []],
        ['4', voucher, 'another', ['G05']],
        ['4', grn, null, ['G13']],
        ['1', voucher, null, ['G13']],
      ]
      for (const [type, number, usedBy, reasons] of cases) {
        const stage = stageIn('guarantee', '-')
        stage.guarantees[number] = { ...(stage.guarantees[grn] ?? assert.fail()), type, usedBy }
        const [doc, coming] = sample('CD200C', stage)
        const asked = about(doc, [number])
        const [group] = groups(asked, 'Guarantee')
        stage.document('CD200C', { ...asked, Guarantee: [{ ...group, guaranteeType: type }] }, coming)
        assert.deepEqual(reasonsIn(stage.sent.at(-1)?.doc ?? {}), reasons, `${type} ${number} ${usedBy}`)
      }
    },
  ],
  [
    'an amount in another currency is locked at the rate of the day of acceptance',
    () => {
      const stage = stageIn('guarantee', '-')
      stage.guarantees[grn] = { ...(stage.guarantees[grn] ?? assert.fail()), currency: 'CHF' }
      const decision = stage.document('CD203C', ...sample('CD203C', stage))
      assert.ok(decision.outcome === 'moved')
      assert.deepEqual(decision.ledger, [
        {
          op: 'lock',
          grn,
          amount: '4750.00',
          currency: 'CHF',
          asked: { amount: '5000.00', currency: 'EUR', rate: '1/0.95 2026-11-24' },
        },
      ])
      stage.carry()
      const without = stageIn('guarantee', '-')
      without.guarantees[grn] = { ...(without.guarantees[grn] ?? assert.fail()), currency: 'MKD' }
      const refused = without.document('CD203C', ...sample('CD203C', without))
      moved(refused, 'checked', 'guarantee-refused')
      assert.ok(refused.outcome === 'moved')
      assert.equal(refused.detail, `${grn} refused G09 no rate for EUR`)
    },
  ],
  [
    'a use that is cancelled is free again, in parts or twice, and can be had again',
    () => {
      const stage = twoHeld()
      const [doc, coming] = sample('CD204C', stage)
      const cancelled = stage.document('CD204C', about(doc, [other]), coming)
      moved(cancelled, 'held', 'guarantee-cancelled')
      assert.deepEqual(cancelled.outcome === 'moved' && cancelled.ledger.map(({ op }) => op), ['cancel'])
      moved(stage.document('CD204C', about(doc, [grn, other]), coming), 'cancelled', 'guarantee-cancelled')
      assert.deepEqual([stage.guarantees[grn]?.available, stage.guarantees[other]?.available], ['10000.00', '10000.00'])
      nothingNew(stage.document('CD204C', about(doc, [grn, other]), coming))
      refusedBy(stage, stage.document('CD209C', ...sample('CD209C', stage)), 'CD906C', [
        `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
      ])
      moved(stage.document('CD203C', ...sample('CD203C', stage)), 'held', 'guarantee-held')
      assert.equal(stage.guarantees[grn]?.available, '5000.00')
      const asked = stageIn('guarantee', 'cancelled')
      moved(asked.document('CD200C', ...sample('CD200C', asked)), 'checked', 'guarantee-checked')
      const short = stageIn('guarantee', 'cancelled')
      short.guarantees[grn] = { ...(short.guarantees[grn] ?? assert.fail()), available: '1.00' }
      moved(short.document('CD203C', ...sample('CD203C', short)), 'checked', 'guarantee-refused')
      for (const state of ['held', 'cancelled']) {
        const strange = stageIn('guarantee', state)
        refusedBy(strange, strange.document('CD204C', about(doc, [other]), coming), 'CD906C', [
          `/*/Guarantee/GuaranteeReference/GRN 14 N0016 ${other}`,
        ])
      }
    },
  ],
  [
    'what is held is claimed from the guarantor (CC023C), and given back when the debt is paid or the movement ended after all',
    () => {
      const guarantor = 'ALK98765432B'
      const stage = stageIn('guarantee', 'held')
      stage.guarantees[grn] = { ...(stage.guarantees[grn] ?? assert.fail()), terms: { guarantor } }
      const claimed = stage.act('guarantee', guaranteeOffice, 'claim', { text: 'No arrival' })
      moved(claimed, 'liable', 'guarantee-claimed')
      assert.deepEqual(claimed.outcome === 'moved' && claimed.ledger, [
        { op: 'liability', grn, amount: '5000.00', currency: 'EUR', reason: 'No arrival' },
      ])
      const told = stage.lastTold('CC023C')
      assert.deepEqual(told.to, { trader: guarantor })
      assert.equal(text(told.doc, 'GuarantorNotification.guarantorNotificationText'), 'No arrival')
      assert.equal(text(told.doc, 'TransitOperation.MRN'), stage.mrn)
      const settled = stage.act('guarantee', guaranteeOffice, 'settle')
      moved(settled, 'credited', 'guarantee-released')
      assert.deepEqual(settled.outcome === 'moved' && settled.ledger.map(({ op }) => op), ['liberation'])
      nothingNew(stage.document('CD209C', ...sample('CD209C', stage)))
      const late = stageIn('guarantee', 'liable')
      assert.equal(
        late.told.some(({ type }) => type === 'CC023C'),
        false,
        'nobody but the holder answers for it',
      )
      const [doc, coming] = sample('CD209C', late)
      refusedBy(late, late.document('CD209C', about(doc, [grn, other]), coming), 'CD906C', [
        `/*/Guarantee/GuaranteeReference/GRN 14 N0016 ${grn}`,
      ])
      moved(late.document('CD209C', doc, coming), 'credited', 'guarantee-released')
    },
  ],
  [
    'N0070: where guarantees are national, none is used for a movement that starts elsewhere',
    () => {
      for (const type of ['CD200C', 'CD203C']) {
        const stage = stageIn('guarantee', '-')
        stage.mutual = false
        refusedBy(stage, stage.document(type, ...sample(type, stage)), 'CD906C', [
          `/*/CustomsOfficeOfDeparture/referenceNumber 14 N0070 ${departure}`,
        ])
      }
    },
  ],
  [
    'N0013: a request that names a guarantee twice is refused',
    () => {
      for (const state of ['-', 'checked', 'cancelled']) {
        for (const type of ['CD200C', 'CD203C']) {
          const stage = stageIn('guarantee', state)
          const [doc, coming] = sample(type, stage)
          refusedBy(stage, stage.document(type, about(doc, [grn, grn]), coming), 'CD906C', [
            `/*/Guarantee/GuaranteeReference/GRN 14 N0013 ${grn}`,
          ])
        }
      }
    },
  ],
  [
    'N0014, N0015: nobody else uses or frees a guarantee under the MRN of a movement',
    () => {
      for (const state of ['checked', 'held', 'credited', 'cancelled', 'liable']) {
        for (const type of ['CD200C', 'CD203C', 'CD204C', 'CD209C']) {
          const stage = stageIn('guarantee', state)
          const doc = { ...sample(type, stage)[0], CustomsOfficeOfDeparture: { referenceNumber: 'XK000301' } }
          refusedBy(stage, stage.document(type, doc, { ...fromDeparture, sender: 'NTA.XK' }), 'CD906C', [
            `/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`,
          ])
          assert.equal(stage.state('guarantee', guaranteeOffice), state)
        }
      }
      for (const type of ['CD200C', 'CD203C']) {
        const stage = stageIn('guarantee', '-')
        const doc = { ...sample(type, stage)[0], CustomsOfficeOfDeparture: { referenceNumber: 'XK000301' } }
        refusedBy(stage, stage.document(type, doc, { ...fromDeparture, sender: 'NTA.XK' }), 'CD906C', [
          `/*/TransitOperation/MRN 14 N0015 ${text(doc, 'TransitOperation.MRN')}`,
        ])
      }
    },
  ],
]
