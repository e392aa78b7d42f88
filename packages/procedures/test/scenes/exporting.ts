import assert from 'node:assert/strict'
import { checkDigit } from '@corridor/customs'
import { groups, text, texts } from '../../src/index.ts'
import { departure, destination, errorsOf, grn, guaranteeOffice, type Sent, Stage } from '../stage.ts'
import { answered, asked, exportAnswer, exported, exportMrns, fromExportSystem, unanswered } from '../exports.ts'
import {
  amendment,
  declaration,
  fromDeclarant,
  guaranteeAnswer,
  invalidationRequest,
  playedOn,
  preLodged,
  presentation,
  put,
  results,
  toDeparture,
  without,
} from '../story.ts'
import { fromGuarantee, stageIn } from '../states.ts'
import { inEnquiry, overdue, underRecovery } from '../unhappy.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const noGuarantee = (xml: string): string => without('GuaranteeReference')(put('guaranteeType', 'A')(xml))
const [first, second] = exportMrns

const types = (sent: readonly Sent[]): string[] => sent.map(({ type }) => type)
/** What the export system was told, by type. */
const told = (stage: Stage): string[] => stage.told.filter(({ to }) => 'system' in to).map(({ type }) => type)
const answer = (stage: Stage, response: '0' | '1', mrns?: readonly string[], at?: string) =>
  stage.document('CC191C', exportAnswer(stage, response, mrns, at), fromExportSystem)
const act = (
  stage: Stage,
  name: string,
  fields: Record<string, string> = { text: 'Told on the telephone', proof: 'Told on the telephone' },
) => stage.act('departure', departure, name, fields)
/** Declared, confirmed, and played on to a step of the story. */
const confirmedTo = (last: string): Stage => playedOn('under-control', last, answered(asked()))
const mrnsIn = (sent: Sent, path = 'ExportOperation.MRN'): string[] => texts(sent.doc, path)

/** Goods whose export is followed by transit: the office of departure is the office of exit, and asks its export system. */
export const exporting: Scene[] = [
  [
    'the export system is asked for all exports at once; what it confirms goes on to the guarantee',
    () => {
      const stage = asked()
      assert.equal(stage.state('departure', departure), 'awaiting-export')
      assert.deepEqual(types(stage.owed), [], 'no guarantee is asked for yet')
      const { doc, to } = stage.lastTold('CC190C')
      assert.deepEqual(to, { system: 'aes' })
      const [operation] = groups(doc, 'TransitOperation')
      assert.deepEqual(
        ['AESCommunicationPurpose', 'MRN', 'declarationAcceptanceDate', 'amendmentAcceptanceDateAndTime'].map((name) =>
          text(operation, name),
        ),
        ['1', stage.mrn, '2026-11-24', undefined],
      )
      assert.deepEqual(groups(operation, 'ExportOperation'), [
        { sequenceNumber: '1', MRN: first, transitProcedureCategory: '1' },
      ])
      const items = groups(doc, 'Consignment.HouseConsignment.ConsignmentItem')
      assert.deepEqual(
        items.map((item) => text(item, 'Commodity.GoodsMeasure.netMass')),
        ['9000', '2900', '1200'],
      )
      assert.deepEqual([...stage.timers], [['departure AL000101 export-answer', '2026-11-24T16:00:00']])
      moved(answer(stage, '1'), 'submitted', 'export-confirmed')
      assert.deepEqual([...stage.timers], [])
      assert.deepEqual(stage.record('departure', departure).data.exports, {
        mrns: [first],
        askedAt: stage.now,
        answeredAt: stage.now,
        isGood: true,
        results: [{ mrn: first, result: 'A1' }],
      })
      assert.deepEqual(types(stage.owed), ['CD200C'])
      nothingNew(answer(stage, '1'))
    },
  ],
  [
    'an answer that is wrong by itself is refused to the export system',
    () => {
      const stage = asked()
      const wrong = { ...exportAnswer(stage), messageType: 'CC015C' }
      refusedBy(stage, stage.document('CC191C', wrong, fromExportSystem), 'CC906C', [
        '/CC191C/messageType 14 CL060 CC015C',
      ])
      assert.deepEqual(stage.lastTold('CC906C').to, { system: 'aes' })
    },
  ],
  [
    'two houses of two exports are one question; goods that were not exported are not in it',
    () => {
      const stage = asked((xml) => {
        const house = /<HouseConsignment>[\s\S]*<\/HouseConsignment>/.exec(xml)![0]
        const other = secondHouse(house)
        const third = secondHouse(house, '3', 6)
        const at = (each: string, mrn: string) => exported(mrn)(each)
        return xml
          .replace(house, `${at(house, first)}${at(other, second)}${third}`)
          .replace('<grossMass>13780</grossMass>\n    <Consignor>', '<grossMass>41340</grossMass>\n    <Consignor>')
      })
      const { doc } = stage.lastTold('CC190C')
      assert.deepEqual(texts(doc, 'TransitOperation.ExportOperation.MRN'), [first, second])
      assert.equal(groups(doc, 'Consignment.HouseConsignment.ConsignmentItem').length, 6)
      const errors = ['/CC191C/AESResults/ExportOperation 14 N0092 26AL000101EXP001A7']
      refusedBy(stage, answer(stage, '1', [first]), 'CC906C', errors)
      refusedBy(stage, answer(stage, '1', [first, first]), 'CC906C', errors)
      refusedBy(stage, answer(stage, '1', [first, second, '26AL000101EXP003A5']), 'CC906C', errors)
      moved(answer(stage, '1', [second, first]), 'submitted', 'export-confirmed')
    },
  ],
  [
    'without anything to guarantee what is confirmed is accepted',
    () => {
      moved(
        answer(
          asked((xml) => exported()(noGuarantee(xml))),
          '1',
        ),
        'accepted',
        'export-confirmed',
      )
    },
  ],
  [
    'a pre-lodged declaration is asked about when the goods are presented',
    () => {
      const stage = new Stage()
      moved(
        stage.document(
          'CC015C',
          declaration((xml) => exported()(preLodged(xml))),
          fromDeclarant,
        ),
        'pre-lodged',
        'pre-lodged',
      )
      assert.deepEqual(told(stage), [])
      moved(stage.document('CC170C', presentation(stage), fromDeclarant), 'awaiting-export', 'accepted')
      assert.equal(text(stage.lastTold('CC190C').doc, 'TransitOperation.MRN'), stage.mrn)
    },
  ],
  [
    'an administration without an export system asks nobody',
    () => {
      const stage = new Stage()
      stage.systems = []
      moved(stage.document('CC015C', declaration(exported()), fromDeclarant), 'submitted', 'accepted')
      assert.deepEqual(told(stage), [])
    },
  ],
  [
    'N0091: more exports than the documents to the export system have room for are refused at the door',
    () => {
      const stage = new Stage()
      const many = (xml: string) => {
        const previous = (mrn: string, at: number) =>
          `<PreviousDocument><sequenceNumber>${at + 1}</sequenceNumber><type>N830</type><referenceNumber>${mrn}</referenceNumber></PreviousDocument>`
        const house = /<HouseConsignment>[\s\S]*<\/HouseConsignment>/.exec(xml)![0]
        const naming = (each: string, mrns: string[]) =>
          each.replace('<ConsignmentItem>', `${mrns.map(previous).join('')}<ConsignmentItem>`)
        return xml
          .replace(house, naming(house, manyMrns.slice(0, 99)) + naming(secondHouse(house), manyMrns.slice(99)))
          .replace('<grossMass>13780</grossMass>\n    <Consignor>', '<grossMass>27560</grossMass>\n    <Consignor>')
      }
      const decision = stage.document('CC015C', declaration(many), fromDeclarant)
      refusedBy(stage, decision, 'CC056C', [`/CC015C/Consignment/HouseConsignment 14 N0091 ${manyMrns[99]}`])
    },
  ],
  [
    'what the export system does not confirm is not released: the declarant is asked to mend it, and may, or declare without it',
    () => {
      const stage = asked()
      moved(answer(stage, '0'), 'export-refused', 'export-refused')
      assert.deepEqual([...stage.timers], [])
      const sent = stage.lastTold('CC022C')
      assert.deepEqual(
        errorsOf(sent).map((error) => error.join(' ')),
        [` 14 N0093 ${first}`],
      )
      assert.equal(act(stage, 'release', { controlResult: 'A2' }).outcome, 'conflict')
      assert.equal(act(stage, 'confirm-export').outcome, 'conflict')
      nothingNew(answer(stage, '0'))
      moved(act(stage, 'ask-export', {}), 'awaiting-export', 'export-asked')
      stage.now = '2026-11-24T15:00:00'
      answered(stage, '0')
      const other = exported('26AL000101EXP003A5')
      moved(stage.document('CC013C', amendment(stage, other), fromDeclarant), 'awaiting-export', 'amended')
      const { doc } = stage.lastTold('CC190C')
      assert.deepEqual(texts(doc, 'TransitOperation.ExportOperation.MRN'), ['26AL000101EXP003A5'])
      assert.equal(text(doc, 'TransitOperation.amendmentAcceptanceDateAndTime'), stage.now)
      moved(answer(stage, '1', ['26AL000101EXP003A5']), 'submitted', 'export-confirmed')
    },
  ],
  [
    'an amendment that names no export any more: the export system hears that no transit follows, and the transit goes on without it',
    () => {
      for (const make of [() => answered(asked(), '0'), () => unanswered()]) {
        const stage = make()
        moved(stage.document('CC013C', amendment(stage), fromDeclarant), 'submitted', 'amended')
        assert.equal(text(stage.lastTold('CC040C').doc, 'TransitOperation.MRN'), stage.mrn)
        assert.equal(stage.record('departure', departure).data.exports, undefined)
        const free = make()
        moved(free.document('CC013C', amendment(free, noGuarantee), fromDeclarant), 'accepted', 'amended')
        assert.deepEqual(told(free), ['CC190C', 'CC040C'])
        const wrong = make()
        const elsewhere = put('GRN', '26MK0009010000013')
        refusedBy(wrong, wrong.document('CC013C', amendment(wrong, elsewhere), fromDeclarant), 'CC056C', [
          '/CC013C/Guarantee[1]/GuaranteeReference[1]/GRN 12 N0012 26MK0009010000013',
        ])
      }
    },
  ],
  [
    'a confirmed transit that is amended is asked about again; guarantees alone change nothing about the export',
    () => {
      for (const before of ['accepted', 'under-control']) {
        const stage = answered(asked())
        if (before === 'under-control') act(stage, 'control', {})
        if (before === 'under-control') act(stage, 'ask-for-amendment', { motivation: 'The mass is wrong' })
        moved(stage.document('CC013C', amendment(stage, exported()), fromDeclarant), 'awaiting-export', 'amended')
        assert.deepEqual(told(stage), ['CC190C', 'CC190C'])
      }
      const stage = answered(asked())
      moved(stage.document('CC013C', amendment(stage, exported(), '1'), fromDeclarant), 'submitted', 'amended')
      assert.deepEqual(told(stage), ['CC190C'])
      const dropped = answered(asked())
      moved(dropped.document('CC013C', amendment(dropped), fromDeclarant), 'submitted', 'amended')
      assert.deepEqual(told(dropped), ['CC190C', 'CC040C'])
    },
  ],
  [
    'while the export system is being asked an amendment waits, and at the last try is refused',
    () => {
      const stage = asked()
      assert.equal(stage.document('CC013C', amendment(stage, exported()), fromDeclarant).outcome, 'waits')
      const last = stage.document('CC013C', amendment(stage, exported()), { ...fromDeclarant, lastTry: true })
      refusedBy(stage, last, 'CC056C', [`/*/TransitOperation/MRN 92 92 ${stage.mrn}`])
    },
  ],
  [
    'an export system that does not answer: the office is told, asks again, or goes on with another proof; a late answer counts',
    () => {
      const stage = asked()
      stage.now = '2026-11-24T16:00:00'
      moved(stage.timer('departure', departure, 'export-answer'), 'export-unanswered', 'overdue')
      assert.deepEqual(stage.record('departure', departure).data.overdue, { timer: 'export-answer', since: stage.now })
      moved(answer(stage, '1'), 'submitted', 'export-confirmed')
      const again = unanswered()
      moved(act(again, 'ask-export', {}), 'awaiting-export', 'export-asked')
      assert.deepEqual(told(again), ['CC190C', 'CC190C'])
      const proven = unanswered()
      moved(act(proven, 'confirm-export'), 'submitted', 'export-confirmed')
      const { exports } = proven.record('departure', departure).data
      assert.deepEqual([exports?.isGood, exports?.confirmed], [true, 'Told on the telephone'])
      const free = unanswered(asked((xml) => exported()(noGuarantee(xml))))
      moved(act(free, 'confirm-export'), 'accepted', 'export-confirmed')
      moved(answer(unanswered(asked((xml) => exported()(noGuarantee(xml)))), '1'), 'accepted', 'export-confirmed')
      moved(answer(unanswered(), '0'), 'export-refused', 'export-refused')
    },
  ],
  [
    'what never becomes a transit is told: the export system may let the goods leave otherwise',
    () => {
      for (const state of ['awaiting-export', 'export-unanswered', 'export-refused']) {
        const refused = stageIn('departure', state)
        moved(act(refused, 'refuse', { motivation: 'Not exported' }), 'not-released', 'refused')
        const invalidated = stageIn('departure', state)
        moved(act(invalidated, 'invalidate'), 'invalidated', 'invalidated')
        const given = stageIn('departure', state)
        moved(given.document('CC014C', invalidationRequest(given), fromDeclarant), 'invalidated', 'invalidated')
        for (const stage of [refused, invalidated, given]) {
          assert.equal(told(stage).at(-1), 'CC040C')
          assert.deepEqual([...stage.timers], [])
        }
      }
      const late = answered(asked())
      moved(act(late, 'refuse', { motivation: 'Not here' }), 'not-released', 'refused')
      assert.equal(told(late).at(-1), 'CC040C')
    },
  ],
  [
    'what an office of guarantee holds that nobody asked for is given back while the export system is asked',
    () => {
      const amended = (): Stage => {
        const stage = answered(asked())
        stage.document('CC013C', amendment(stage, exported()), fromDeclarant)
        return stage
      }
      for (const make of [amended, () => unanswered(amended()), () => answered(amended(), '0')]) {
        const stage = make()
        nothingNew(stage.document('CD201C', guaranteeAnswer(stage, 'CD201C', { [grn]: [] }), fromGuarantee))
        const decision = stage.document('CD205C', guaranteeAnswer(stage, 'CD205C', { [grn]: [] }), fromGuarantee)
        assert.ok(decision.outcome === 'moved')
        assert.deepEqual(
          decision.send.map(({ type, to }) => [type, to]),
          [['CD204C', { office: guaranteeOffice }]],
        )
      }
    },
  ],
  [
    'invalidated after the release: CC040C',
    () => {
      for (const byTrader of [false, true]) {
        const stage = confirmedTo('released')
        if (byTrader) stage.document('CC014C', invalidationRequest(stage), fromDeclarant)
        moved(act(stage, 'invalidate'), 'invalidated', 'invalidated')
        assert.deepEqual(told(stage), ['CC190C', 'CC040C'])
      }
    },
  ],
  [
    'the results of destination are told to the export system as they are; it confirms the exit with them',
    () => {
      const stage = confirmedTo('written-off')
      const { doc } = stage.lastTold('CC042C')
      assert.deepEqual(groups(doc, 'ExportOperation'), [
        { sequenceNumber: '1', MRN: first, ControlResult: { code: 'A1', date: '2026-11-24' } },
      ])
      assert.equal(text(doc, 'CustomsOfficeOfDestination.referenceNumber'), destination)
      assert.equal(text(doc, 'TransitOperation.declarationType'), 'T1')
      assert.deepEqual(told(stage), ['CC190C', 'CC042C'])
      const found = confirmedTo('arrived')
      moved(found.document('CD018C', results(found, 'B1'), toDeparture), 'discrepancies', 'results')
      assert.equal(text(found.lastTold('CC042C').doc, 'ExportOperation.ControlResult.code'), 'B1')
      moved(act(found, 'resolve-discrepancies'), 'written-off', 'discrepancies-resolved')
      assert.equal(text(found.lastTold('CC042C').doc, 'ExportOperation.ControlResult.code'), 'A2')
    },
  ],
  [
    'a debt and another proof are told too',
    () => {
      const stage = inEnquiry(overdue(confirmedTo('crossed')))
      moved(act(stage, 'start-recovery'), 'under-recovery', 'recovery-started')
      const { doc } = stage.lastTold('CC048C')
      assert.deepEqual(mrnsIn(stage.lastTold('CC048C')), [first])
      assert.equal(text(doc, 'TransitOperation.recoveryCommunicationDate'), '2026-11-24')
      moved(act(stage, 'accept-proof'), 'written-off', 'proof-accepted')
      assert.equal(text(stage.lastTold('CC042C').doc, 'ExportOperation.ControlResult.code'), 'A2')
      const plain = underRecovery()
      assert.deepEqual(told(plain), [], 'a movement that follows no export tells the export system nothing')
    },
  ],
  [
    'the release links the movement with its exports at the central services, where they are there',
    () => {
      const stage = new Stage()
      stage.systems = ['aes', 'central']
      playedOn('under-control', 'released', answered(asked(exported(), stage)))
      const sent = stage.lastTold('CD078C')
      assert.deepEqual([sent.to, mrnsIn(sent)], [{ system: 'central' }, [first]])
    },
  ],
]

/** A house like the first one, with items of its own. */
function secondHouse(house: string, number = '2', more = 3): string {
  return put(
    'sequenceNumber',
    number,
  )(house).replace(
    /(<declarationGoodsItemNumber>)(\d)/g,
    (_, start: string, at: string) => `${start}${Number(at) + more}`,
  )
}

const manyMrns = Array.from({ length: 100 }, (_, at) => exportMrn(at))

/** An export MRN of a number, with its check digit. */
function exportMrn(number: number): string {
  const start = `26AL000101EX${String(number).padStart(4, '0')}A`
  return start + (checkDigit(start) ?? '')
}
