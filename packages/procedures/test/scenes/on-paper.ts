import assert from 'node:assert/strict'
import { makeMrn } from '@corridor/customs'
import { type PaperFacts, text } from '../../src/index.ts'
import { consignee, declarant, departure, destination, grn, Stage, transit } from '../stage.ts'
import {
  arrival,
  declaration,
  fromConsignee,
  fromDeclarant,
  guaranteeAnswer,
  preLodged,
  put,
  query,
  toDeparture,
  without,
  withSecurity,
} from '../story.ts'
import { fromGuarantee } from '../states.ts'
import { moved, refusedBy, type Scene } from './scene.ts'

const reserved = makeMrn('26', 'AL', 'FABCDEFGHIJK', 'J')
const mode = { number: 'AL000101/2026/1', state: 'ended', office: departure }

/** A form that left on the 20th; it is entered on the 24th. */
const form = (change: Partial<PaperFacts> = {}): PaperFacts => ({
  mrn: reserved,
  state: 'issued',
  registered: {
    declarant,
    lrn: 'LRN1',
    at: '2026-11-20T09:30:00',
    day: '2026-11-20',
    packages: 28,
    grossMass: '13780',
  },
  seen: [],
  mode,
  ...change,
})

const stageWith = (paper: PaperFacts): Stage => {
  const stage = new Stage()
  stage.paper = paper
  stage.mrn = paper.mrn
  return stage
}

const entered = (stage: Stage, change?: (xml: string) => string) =>
  stage.document('CC015C', declaration(change), fromDeclarant)

const types = (stage: Stage) => stage.sent.map(({ type }) => type)

/** What leaves on paper and is entered later: docs/decisions/0017. */
export const onPaper: Scene[] = [
  [
    'a form is entered: it keeps its MRN and its day, the guarantee is held, and the offices get their records',
    () => {
      const stage = stageWith(form())
      moved(entered(stage), 'awaiting-guarantee', 'entered-from-paper')
      assert.deepEqual(types(stage), ['CC928C', 'CC028C', 'CD203C'])
      stage.carry()
      const { state, mrn, data } = stage.record('departure', departure)
      assert.deepEqual(
        [state, mrn, data.releaseDate, data.acceptanceDate],
        ['released', reserved, ...Array(2).fill('2026-11-20')],
      )
      assert.equal(stage.guarantees[grn]?.available, '5000.00')
      const announced = stage.sent.findLast(({ type }) => type === 'CD001C')
      assert.equal(text(announced?.doc, 'TransitOperation.releaseDate'), '2026-11-20')
      assert.equal(text(announced?.doc, 'ControlResult.text'), 'Fallback mode AL000101/2026/1')
      assert.equal(stage.state('transit', transit), 'expected')
      assert.equal(stage.state('destination', destination), 'expected')
      // The limit counts from the day on the form.
      assert.equal(data.limitDate, '2026-11-28')
      stage.paper = undefined
      const again = entered(stage)
      refusedBy(stage, again, 'CC056C', ['/CC015C/TransitOperation/LRN 14 N0001 LRN1'])
    },
  ],
  [
    'a form without a guarantee is released with its entry',
    () => {
      const stage = stageWith(form())
      const decision = entered(stage, (xml) => without('GuaranteeReference')(put('guaranteeType', 'A')(xml)))
      moved(decision, 'released', 'entered-from-paper')
      stage.carry()
      assert.equal(stage.state('destination', destination), 'expected')
    },
  ],
  [
    'a guarantee that is refused afterwards is told, and the movement goes on: the goods have left',
    () => {
      const stage = stageWith(form())
      stage.guarantees[grn] = { ...(stage.guarantees[grn] ?? assert.fail()), valid: false }
      entered(stage)
      stage.carry()
      const { state, data } = stage.record('departure', departure)
      assert.deepEqual([state, data.guarantees?.[0]?.state], ['released', 'refused'])
      assert.ok(types(stage).includes('CC055C') && types(stage).includes('CD001C'))
      assert.equal(stage.guarantees[grn].available, '10000.00')
    },
  ],
  [
    'a form with two offices of guarantee, one refuses: the other’s answer counts, before and after the goods are released',
    () => {
      const xk = '26XK0009010000011'
      const two = (xml: string): string => {
        const reference = /<GuaranteeReference>[\s\S]*<\/GuaranteeReference>/.exec(xml)?.[0] ?? ''
        return xml.replace(reference, reference + put('sequenceNumber', '2')(put('GRN', xk)(reference)))
      }
      const says = (stage: Stage, answers: Record<string, string[]>) =>
        stage.document('CD205C', guaranteeAnswer(stage, 'CD205C', answers), fromGuarantee)
      const uses = (stage: Stage) =>
        stage.record('departure', departure).data.guarantees?.map(({ state, asked }) => [state, asked])
      const twoOffices = (): Stage => {
        const stage = stageWith(form())
        moved(entered(stage, two), 'awaiting-guarantee', 'entered-from-paper')
        return stage
      }
      const refusedLast = twoOffices()
      moved(says(refusedLast, { [xk]: [] }), 'awaiting-guarantee')
      moved(says(refusedLast, { [grn]: ['G09'] }), 'released', 'released-unsecured')
      const refusedFirst = twoOffices()
      moved(says(refusedFirst, { [grn]: ['G09'] }), 'released', 'released-unsecured')
      moved(says(refusedFirst, { [xk]: [] }), 'released')
      for (const stage of [refusedFirst, refusedLast]) {
        assert.deepEqual(uses(stage), [
          ['refused', undefined],
          ['held', undefined],
        ])
        stage.owed.length = 0
        moved(stage.act('departure', departure, 'invalidate', { text: 'No' }), 'invalidated', 'invalidated')
        const given = stage.owed.filter(({ type }) => type === 'CD204C')
        assert.deepEqual(
          given.map(({ doc }) => text(doc, 'Guarantee.GuaranteeReference.GRN')),
          [xk],
        )
      }
      const both = twoOffices()
      says(both, { [grn]: ['G09'] })
      const before = types(both).filter((type) => type === 'CC055C').length
      moved(says(both, { [xk]: ['G02'] }), 'released', 'guarantee-refused')
      assert.equal(types(both).filter((type) => type === 'CC055C').length, before + 1)
    },
  ],
  [
    'the office of guarantee does not answer about a form: it is not refused, the goods have left; the officer lets it go on',
    () => {
      const stage = stageWith(form())
      entered(stage)
      for (const name of ['refuse', 'invalidate'])
        assert.equal(stage.act('departure', departure, name, { text: 'No', motivation: 'No' }).outcome, 'conflict')
      const decision = stage.act('departure', departure, 'release', { controlResult: 'A2' })
      moved(decision, 'released', 'released-unsecured')
      const { data } = stage.record('departure', departure)
      assert.deepEqual([data.releaseDate, data.limitDate], ['2026-11-20', '2026-11-28'])
      const announced = stage.sent.findLast(({ type }) => type === 'CD001C')
      assert.equal(text(announced?.doc, 'ControlResult.text'), 'Fallback mode AL000101/2026/1')
    },
  ],
  [
    'the goods arrive before the form is entered: departure waits with its answer, and gives it with the entry',
    () => {
      const stage = stageWith(form())
      moved(stage.document('CC007C', arrival(stage), fromConsignee), 'requested', 'record-asked')
      const asked = stage.owed.shift() ?? assert.fail()
      const noted = stage.document('CD002C', asked.doc, toDeparture)
      assert.ok(noted.outcome === 'kept' && noted.event === 'paper-seen')
      assert.deepEqual([noted.send, noted.paper?.do], [[], 'see'])
      assert.ok(noted.paper?.do === 'see')
      stage.paper = form({ seen: [noted.paper.request] })
      entered(stage)
      stage.carry()
      assert.equal(stage.state('destination', destination), 'arrived')
      assert.equal(stage.state('departure', departure), 'arrived')
      assert.equal(stage.record('destination', destination).data.trader, consignee)
      assert.ok(!types(stage).includes('CD003C'), 'the declared office has the record by CD001C')
    },
  ],
  [
    'an office that is not declared and asked before the entry gets the answer to its own request',
    () => {
      const seen = [
        { document: 'CD114C', identification: 'ASKED1', office: 'XK000202', at: '2026-11-21T08:00:00' },
        { document: 'CD002C', identification: 'ASKED2', office: 'XK000302', at: '2026-11-22T08:00:00' },
      ]
      const stage = stageWith(form({ seen }))
      entered(stage)
      stage.carry(({ type }) => type === 'CD115C' || type === 'CD003C')
      const late = stage.sent.filter(({ type }) => type === 'CD115C' || type === 'CD003C')
      assert.deepEqual(
        late.map(({ type, to, correlation }) => [type, to, correlation]),
        [
          ['CD115C', { office: 'XK000202' }, 'ASKED1'],
          ['CD003C', { office: 'XK000302' }, 'ASKED2'],
        ],
      )
      assert.deepEqual(
        stage.record('departure', departure).data.diverted?.map(({ office }) => office),
        ['XK000202', 'XK000302'],
      )
    },
  ],
  [
    'while the guarantee of a form is being held, who asks for the record waits',
    () => {
      const stage = stageWith(form())
      entered(stage)
      const doc = {
        ...toDeparture,
        doc: {
          messageSender: 'NTA.XK',
          messageRecipient: 'NTA.AL',
          preparationDateAndTime: stage.now,
          messageIdentification: 'M7',
          messageType: 'CD002C',
          TransitOperation: { MRN: reserved },
          CustomsOfficeOfDestinationActual: { referenceNumber: destination },
        },
      }
      assert.equal(stage.document('CD002C', doc.doc, toDeparture).outcome, 'waits')
      const last = stage.document('CD002C', doc.doc, { ...toDeparture, lastTry: true })
      assert.ok(last.outcome === 'moved' && last.event === 'record-refused')
      assert.equal(text(last.send[0]?.doc, 'TransitOperation.requestRejectionReasonCode'), '7')
    },
  ],
  [
    'a query about a form that is not entered says so',
    () => {
      const stage = stageWith(form())
      const decision = stage.document('CD027C', query(stage), toDeparture)
      assert.ok(decision.outcome === 'kept' && decision.event === 'query-refused')
      assert.equal(text(decision.send[0]?.doc, 'TransitOperation.requestRejectionReasonCode'), '7')
    },
  ],
  [
    'a reserved MRN is entered by who declared on its form, at its office, once, after the form was registered',
    () => {
      const lrn = '/CC015C/TransitOperation/LRN'
      const cases: [PaperFacts, (xml: string) => string, string][] = [
        [
          form({ mode: { ...mode, office: 'XK000301' } }),
          (xml) => xml,
          `/CC015C/CustomsOfficeOfDeparture/referenceNumber 14 N0100 AL000101`,
        ],
        [form({ state: 'reserved', registered: null }), (xml) => xml, `${lrn} 92 N0101 LRN1`],
        [form({ state: 'entered' }), (xml) => xml, `${lrn} 92 N0101 LRN1`],
        [form({ state: 'returned' }), (xml) => xml, `${lrn} 92 N0101 LRN1`],
        [form({ mode: { ...mode, state: 'closed' } }), (xml) => xml, `${lrn} 92 N0101 LRN1`],
        [
          form({ registered: { ...(form().registered ?? assert.fail()), declarant: 'ALX' } }),
          (xml) => xml,
          `${lrn} 14 N0102 LRN1`,
        ],
        [form(), withSecurity('1'), '/CC015C/TransitOperation/security 14 N0104 1'],
        [form(), preLodged, '/CC015C/TransitOperation/additionalDeclarationType 14 N0103 D'],
      ]
      for (const [paper, change, error] of cases) {
        const stage = stageWith(paper)
        refusedBy(stage, entered(stage, change), 'CC056C', [error])
        assert.equal(stage.records.size, 0)
      }
    },
  ],
]
