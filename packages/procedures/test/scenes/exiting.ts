import assert from 'node:assert/strict'
import { withoutRules } from '@corridor/customs'
import { text } from '../../src/index.ts'
import { departure, exit, grn, rules, Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import {
  arrival,
  declaration,
  fromConsignee,
  fromDeclarant,
  put,
  without,
  forwarded,
  leaving,
  playedOn,
  playedTo,
  secured,
  statusRequest,
  toDeparture,
  withExit,
  withSecurity,
} from '../story.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const toExit = { sender: 'NTA.AL', from: 'administration' as const, role: 'exit' as const, office: exit }
const foreign = { CustomsOfficeOfDeparture: { referenceNumber: 'MK000401' } }
const passed = { passageDate: '2026-11-24' }
const place = { place: 'R7, km 12', postcode: '20000', city: 'Prizren' }

/** Offices of exit for transit, and the letters that security data give an MRN. */
export const exiting: Scene[] = [
  [
    'exit for transit: announced at release, left, closed by the arrival',
    () => {
      for (const security of ['2', '3'] as const) {
        const stage = playedTo('released', new Stage(), declaration(withExit(security)))
        assert.equal(stage.state('exit', exit), 'expected')
        moved(stage.act('exit', exit, 'leave', passed), 'left', 'left')
        stage.carry()
        assert.deepEqual(stage.record('departure', departure).data.exits, [{ office: exit, date: '2026-11-24' }])
        nothingNew(stage.document('CD160C', ...sample('CD160C', stage)))
      }
      const stage = secured('written-off')
      assert.equal(stage.state('exit', exit), 'closed')
      nothingNew(stage.document('CD024C', sample('CD024C', stage)[0], toExit))
      for (const state of ['released', 'crossed', 'arrived', 'discrepancies', 'written-off']) {
        const late = stageIn('departure', state)
        // The declaration of these stages names no office of exit: it was given the record since.
        const record = late.record('departure', departure)
        const key = `departure ${departure} ${late.mrn}`
        late.records.set(key, { ...record, data: { ...record.data, diverted: [{ role: 'exit', office: exit }] } })
        moved(late.document('CD168C', leaving(late), toDeparture), state, 'left')
      }
    },
  ],
  [
    'diversion at exit: another office asks, leaves, and is closed; or is refused',
    () => {
      const stage = secured('released')
      moved(stage.act('exit', 'XK000204', 'request-record'), 'requested', 'record-asked')
      stage.carry()
      moved(stage.act('exit', 'XK000204', 'leave', passed), 'left', 'left')
      stage.carry()
      const early = playedTo('accepted')
      moved(early.act('exit', exit, 'request-record'), 'requested', 'record-asked')
      early.carry()
      assert.deepEqual([early.state('exit', exit), early.record('exit', exit).data.rejection], ['refused', '5'])
      for (const state of ['requested', 'refused', 'queried']) {
        const there = stageIn('exit', state)
        nothingNew(there.document('CD181C', forwarded(there), toExit))
        if (state !== 'requested') nothingNew(there.document('CD165C', ...sample('CD165C', there)))
        moved(there.document('CD160C', ...sample('CD160C', there)), 'expected', 'expected')
      }
      const asked = stageIn('exit', 'requested')
      const [{ CustomsOfficeOfExitForTransitDeclared: _, CustomsOfficeOfTransitDeclared: __, ...record }] = sample(
        'CD160C',
        asked,
      )
      const answer = {
        ...record,
        messageType: 'CD165C',
        ...foreign,
        CustomsOfficeOfExitForTransitActual: { referenceNumber: exit },
      }
      refusedBy(asked, asked.document('CD165C', answer, toExit), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0015 ${asked.mrn}`,
      ])
    },
  ],
  [
    'the goods arrive while an office of exit waits for the record: it is closed as soon as it has it',
    () => {
      for (const type of ['CD165C', 'CD160C'] as const) {
        const stage = secured('released')
        moved(stage.act('exit', 'XK000204', 'request-record'), 'requested', 'record-asked')
        stage.carry((sent) => sent.type === 'CD165C')
        stage.document('CC007C', arrival(stage), fromConsignee)
        stage.carry((sent) => sent.type === 'CD165C')
        assert.equal(stage.state('exit', 'XK000204'), 'requested')
        const [doc, coming] = type === 'CD165C' ? [undefined, undefined] : sample('CD160C', stage)
        if (doc !== undefined) moved(stage.document(type, doc, { ...coming, office: 'XK000204' }), 'closed', 'arrived')
        stage.carry()
        assert.equal(stage.state('exit', 'XK000204'), 'closed')
      }
    },
  ],
  [
    'at exit as at transit: early advice waits, strangers are refused, incidents and questions are answered',
    () => {
      const none = stageIn('exit', '-')
      for (const type of ['CD024C', 'CD181C']) {
        const [doc] = sample(type, none)
        assert.equal(none.document(type, doc, toExit).outcome, 'waits')
        refusedBy(none, none.document(type, doc, { ...toExit, lastTry: true }), 'CD906C', [
          `/*/TransitOperation/MRN 90 90 ${none.mrn}`,
        ])
      }
      refusedBy(none, none.document('CD160C', { ...sample('CD160C', none)[0], ...foreign }, toExit), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0015 ${none.mrn}`,
      ])
      nothingNew(none.document('CD038C', sample('CD038C', none)[0], toExit))
      const asks = (stage: Stage) => ({
        ...statusRequest(stage),
        CustomsOfficeOfExitForTransit: { referenceNumber: exit },
      })
      none.document('CD094C', asks(none), toExit)
      assert.equal(text(none.sent.at(-1)?.doc, 'TransitOperation.status'), 'UNK')
      refusedBy(none, none.document('CD094C', { ...asks(none), ...foreign }, toExit), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0015 ${none.mrn}`,
      ])
      refusedBy(
        none,
        none.document('CD160C', { ...sample('CD160C', none)[0], messageType: 'CD050C' }, toExit),
        'CD906C',
        ['/CD160C/messageType 14 CL060 CD050C'],
      )
      const stage = secured('released')
      refusedBy(stage, stage.document('CD024C', { ...sample('CD024C', stage)[0], ...foreign }, toExit), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`,
      ])
      moved(
        stage.act('exit', exit, 'register-incident', { code: '5', text: 'A tyre', ...place }),
        'expected',
        'incident',
      )
      stage.carry()
      nothingNew(
        stage.document('CD181C', stage.sent.findLast(({ type }) => type === 'CD181C')?.doc ?? {}, {
          ...toExit,
          lastTry: true,
        }),
      )
      moved(stage.document('CD181C', forwarded(stage), toExit), 'expected', 'incident')
      moved(stage.act('exit', exit, 'query'), 'expected', 'query-sent')
      moved(stage.act('departure', departure, 'ask-status'), 'released', 'status-asked')
      stage.carry()
      assert.equal(stage.record('exit', exit).data.query?.status, 'REL')
      nothingNew(stage.document('CD038C', sample('CD038C', stage)[0], toExit))
      assert.deepEqual(
        stage.record('departure', departure).data.statuses?.map(({ office, status }) => `${office} ${status}`),
        ['XK000201 EXP', `${exit} EXP`, 'XK000301 EXP'],
      )
      const unseen = stageIn('exit', '-')
      moved(unseen.act('exit', exit, 'query'), 'queried', 'query-sent')
      refusedBy(
        stage,
        stage.document('CD168C', leaving(stage, 'MK000401'), { ...toDeparture, sender: 'NTA.MK' }),
        'CD906C',
        [`/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`],
      )
      refusedBy(stage, stage.document('CD168C', { ...leaving(stage), messageType: 'CD118C' }, toDeparture), 'CD906C', [
        '/CD168C/messageType 14 CL060 CD118C',
      ])
    },
  ],
  [
    'security data are in the MRN: J none, L entry, K exit, M both',
    () => {
      assert.equal(playedTo('accepted').mrn[16], 'J')
      const entry = playedTo('written-off', new Stage(), declaration(withSecurity('1')))
      assert.deepEqual([entry.mrn[16], entry.state('departure', departure)], ['L', 'written-off'])
      assert.equal(secured('accepted').mrn[16], 'K')
      assert.equal(playedTo('accepted', new Stage(), declaration(withExit('3'))).mrn[16], 'M')
    },
  ],
  [
    'TIR: NCTS carries it between offices of the Union only, so that this corridor refuses it with the rule',
    () => {
      const stage = new Stage()
      refusedBy(stage, stage.document('CC015C', declaration(tir), fromDeclarant), 'CC056C', [
        '/CC015C/CustomsOfficeOfDestinationDeclared/referenceNumber 14 R0901 XK000301',
        '/CC015C/CustomsOfficeOfDeparture/referenceNumber 14 R0901 AL000101',
      ])
    },
  ],
  [
    'TIR where both administrations agree to it: nothing is held, the border asks for the record, and the goods are written off',
    () => {
      const stage = new Stage()
      stage.systems.push('speed')
      stage.rules = withoutRules(rules, ['R0901'])
      playedTo('released', stage, declaration(tir))
      moved(stage.act('transit', transit, 'request-record'), 'requested', 'record-asked')
      stage.carry()
      playedOn('crossed', 'written-off', stage)
      assert.equal(stage.state('departure', departure), 'written-off')
      assert.equal(text(stage.lastTold('CC029C').doc, 'TransitOperation.TIRCarnetNumber'), 'XA25123456')
      assert.deepEqual(
        stage.told.filter(({ to }) => 'system' in to).map(({ type, to }) => [type, to]),
        [['CD012C', { system: 'speed' }]],
      )
      const guarantees = stage.sent.filter(({ type }) => /^CD20\d/.test(type))
      assert.deepEqual([guarantees, stage.guarantees[grn]?.available], [[], '10000.00'])
    },
  ],
]

/** The declaration under a TIR carnet: the association answers for the duty, and no office of transit is named. */
function tir(xml: string): string {
  return without('CustomsOfficeOfTransitDeclared')(
    without('GuaranteeReference')(put('guaranteeType', 'B')(put('declarationType', 'TIR')(xml))),
  )
    .replace('</additionalDeclarationType>', '$&<TIRCarnetNumber>XA25123456</TIRCarnetNumber>')
    .replace(
      /(<HolderOfTheTransitProcedure>\s*<identificationNumber>[^<]*<\/identificationNumber>)/,
      '$1<TIRHolderIdentificationNumber>ALB/001/1</TIRHolderIdentificationNumber>',
    )
}
