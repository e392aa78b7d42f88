import assert from 'node:assert/strict'
import { text, texts } from '../../src/index.ts'
import { accessCode, declarant, departure, grn, guaranteeOffice, Stage } from '../stage.ts'
import { fromGuarantee, stageIn } from '../states.ts'
import {
  advice,
  crossing,
  amendment,
  declaration,
  fromDeclarant,
  guaranteeAnswer,
  invalidationRequest,
  playedTo,
  put,
  results,
  toDeparture,
  without,
} from '../story.ts'
import { fromInspectors, inspection } from '../inspections.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

/** A second guarantee, kept by the office of guarantee of Kosovo. */
const other = '26XK0009010000011'

/** A declaration with two guarantees of two offices; nothing is carried, the answers are given by hand. */
const twoOffices = (): Stage => {
  const stage = new Stage()
  const change = (xml: string): string => {
    const reference = /<GuaranteeReference>[\s\S]*<\/GuaranteeReference>/.exec(xml)?.[0] ?? ''
    return xml.replace(reference, reference + put('sequenceNumber', '2')(put('GRN', other)(reference)))
  }
  moved(stage.document('CC015C', declaration(change), fromDeclarant), 'submitted', 'accepted')
  assert.deepEqual(
    stage.owed.splice(0).map(({ type, to }) => [type, to]),
    [
      ['CD200C', { office: guaranteeOffice }],
      ['CD200C', { office: 'XK000901' }],
    ],
  )
  return stage
}

const answer = (stage: Stage, type: 'CD201C' | 'CD205C', answers: Record<string, string[]>) =>
  stage.document(type, guaranteeAnswer(stage, type, answers), fromGuarantee)

const release = { controlResult: 'A2' }

/** The office of departure: guarantees, control, release, and what comes back from the way. */
export const releasing: Scene[] = [
  [
    'the inspectors’ system tells a satisfactory control: it releases, with their result and words',
    () => {
      const stage = stageIn('departure', 'under-control')
      moved(stage.document('CC017C', inspection(stage), fromInspectors), 'awaiting-guarantee', 'validated')
      stage.carry()
      assert.equal(stage.state('departure', departure), 'released')
      assert.equal(text(stage.lastTold('CC029C').doc, 'ControlResult.code'), 'A1')
      assert.deepEqual(stage.record('departure', departure).data.control?.text, 'Unloaded and counted')
    },
  ],
  [
    'a control that found fault is noted, and the officer decides',
    () => {
      const stage = stageIn('departure', 'under-control')
      refusedBy(
        stage,
        stage.document('CC017C', { ...inspection(stage), messageType: 'CC015C' }, fromInspectors),
        'CC906C',
        ['/CC017C/messageType 14 CL060 CC015C'],
      )
      nothingNew(stage.document('CC017C', inspection(stage, 'B1'), fromInspectors))
      assert.equal(stage.state('departure', departure), 'under-control')
      moved(stage.act('departure', departure, 'refuse', { motivation: 'Other goods' }), 'not-released', 'refused')
    },
  ],
  [
    'a movement that needs no guarantee is released by the inspectors’ result at once',
    () => {
      const stage = new Stage()
      const withoutGuarantee = (xml: string) => without('GuaranteeReference')(put('guaranteeType', 'A')(xml))
      stage.document('CC015C', declaration(withoutGuarantee), fromDeclarant)
      moved(stage.act('departure', departure, 'control', { typeOfControls: '10' }), 'under-control', 'controlled')
      moved(stage.document('CC017C', inspection(stage), fromInspectors), 'released', 'released')
    },
  ],
  [
    'two offices of guarantee: accepted, and released, when the last one has answered',
    () => {
      const stage = twoOffices()
      moved(answer(stage, 'CD201C', { [grn]: [] }), 'submitted')
      moved(answer(stage, 'CD201C', { [other]: [] }), 'accepted', 'guarantee-checked')
      moved(stage.act('departure', departure, 'release', release), 'awaiting-guarantee', 'validated')
      moved(answer(stage, 'CD205C', { [other]: [] }), 'awaiting-guarantee')
      assert.ok(!stage.sent.some(({ type }) => type === 'CC029C'), 'not released before the last amount is held')
      moved(answer(stage, 'CD205C', { [grn]: [] }), 'released', 'released')
    },
  ],
  [
    'a guarantee that cannot be used: the declarant is told why, and the declaration ends by a refusal',
    () => {
      const stage = stageIn('departure', 'guarantee-not-valid')
      const told = stage.lastTold('CC055C')
      assert.deepEqual(
        [texts(told.doc, 'GuaranteeReference.GRN'), texts(told.doc, 'GuaranteeReference.InvalidGuaranteeReason.code')],
        [[grn], ['G09']],
      )
      moved(stage.act('departure', departure, 'refuse', { motivation: 'No guarantee' }), 'not-released', 'refused')
      const sent = stage.lastTold('CC051C')
      assert.equal(text(sent.doc, 'TransitOperation.noReleaseMotivationText'), 'No guarantee')
    },
  ],
  [
    'the declarant is told the access codes that he gave (C0086), and nobody else who hears of the release',
    () => {
      const stage = twoOffices()
      answer(stage, 'CD201C', { [grn]: [], [other]: [] })
      stage.act('departure', departure, 'release', release)
      answer(stage, 'CD205C', { [grn]: [] })
      stage.owed.length = 0
      moved(answer(stage, 'CD205C', { [other]: [] }), 'released', 'released')
      const told = stage.lastTold('CC029C')
      assert.deepEqual(told.to, { trader: declarant })
      assert.deepEqual(texts(told.doc, 'Guarantee.GuaranteeReference.GRN'), [grn, other])
      assert.deepEqual(texts(told.doc, 'Guarantee.GuaranteeReference.accessCode'), [accessCode, accessCode])
      assert.deepEqual(
        stage.owed.map(({ type }) => type),
        ['CD001C', 'CD050C'],
      )
      assert.ok(!JSON.stringify(stage.owed).includes(accessCode))
      assert.ok(!JSON.stringify(stage.record('departure', departure).data).includes(accessCode))
    },
  ],
  [
    'one office holds, the other refuses: what was held is given back, whether its answer came before or after the refusal',
    () => {
      const stage = twoOffices()
      answer(stage, 'CD201C', { [grn]: [], [other]: [] })
      stage.act('departure', departure, 'release', release)
      stage.owed.length = 0
      moved(answer(stage, 'CD205C', { [other]: ['G09'] }), 'guarantee-not-valid', 'guarantee-refused')
      moved(answer(stage, 'CD205C', { [grn]: [] }), 'guarantee-not-valid')
      moved(stage.act('departure', departure, 'refuse', { motivation: 'No' }), 'not-released', 'refused')
      assert.deepEqual(
        stage.owed.splice(0).map(({ type, to, doc }) => [type, to, texts(doc, 'Guarantee.GuaranteeReference.GRN')]),
        [['CD204C', { office: guaranteeOffice }, [grn]]],
      )

      const late = twoOffices()
      answer(late, 'CD201C', { [grn]: [], [other]: [] })
      late.act('departure', departure, 'release', release)
      answer(late, 'CD205C', { [other]: ['G09'] })
      late.act('departure', departure, 'refuse', { motivation: 'No' })
      late.owed.length = 0
      moved(answer(late, 'CD205C', { [grn]: [] }), 'not-released')
      assert.deepEqual(
        late.owed.map(({ type }) => type),
        ['CD204C'],
      )
      assert.equal(answer(late, 'CD201C', { [grn]: [] }).outcome, 'kept')
    },
  ],
  [
    'one office holds, the other refuses, and the declaration is amended or invalidated: what was held is kept for the same use, and given back otherwise',
    () => {
      const halfHeld = (): Stage => {
        const stage = twoOffices()
        answer(stage, 'CD201C', { [grn]: [], [other]: [] })
        stage.act('departure', departure, 'release', release)
        answer(stage, 'CD205C', { [other]: ['G09'] })
        return stage
      }
      const held = (): Stage => {
        const stage = halfHeld()
        answer(stage, 'CD205C', { [grn]: [] })
        stage.owed.length = 0
        return stage
      }
      const owed = (stage: Stage) =>
        stage.owed.map(({ type, doc }) => [type, ...texts(doc, 'Guarantee.GuaranteeReference.GRN')])
      const amended = held()
      moved(amended.document('CC013C', amendment(amended), fromDeclarant), 'submitted', 'amended')
      assert.deepEqual(owed(amended), [['CD200C', grn]], 'for the same amount nothing is cancelled')
      moved(answer(amended, 'CD201C', { [grn]: [] }), 'accepted', 'guarantee-checked')
      amended.owed.length = 0
      moved(amended.act('departure', departure, 'refuse', { motivation: 'No' }), 'not-released', 'refused')
      assert.deepEqual(owed(amended), [['CD204C', grn]])
      const changed = held()
      const more = amendment(changed, put('amountToBeCovered', '6000.00'))
      moved(changed.document('CC013C', more, fromDeclarant), 'submitted', 'amended')
      assert.deepEqual(owed(changed), [
        ['CD204C', grn],
        ['CD200C', grn],
      ])
      const asked = held()
      moved(asked.document('CC014C', invalidationRequest(asked), fromDeclarant), 'invalidated', 'invalidated')
      assert.deepEqual(owed(asked), [['CD204C', grn]])
      const decided = held()
      moved(decided.act('departure', departure, 'invalidate', { text: 'Twice' }), 'invalidated', 'invalidated')
      assert.deepEqual(owed(decided), [['CD204C', grn]])
      const late = halfHeld()
      late.act('departure', departure, 'invalidate', { text: 'Twice' })
      late.owed.length = 0
      moved(answer(late, 'CD205C', { [grn]: [] }), 'invalidated')
      assert.deepEqual(owed(late), [['CD204C', grn]])
    },
  ],
  [
    'what an office of guarantee was not asked, or has answered, changes nothing',
    () => {
      for (const state of ['accepted', 'under-control', 'awaiting-guarantee', 'released', 'written-off']) {
        const stage = stageIn('departure', state)
        nothingNew(answer(stage, 'CD201C', { [grn]: [] }))
        nothingNew(answer(stage, 'CD201C', { [grn]: ['G02'] }))
      }
      for (const state of ['submitted', 'accepted', 'released', 'arrived', 'written-off']) {
        const stage = stageIn('departure', state)
        nothingNew(answer(stage, 'CD205C', { [grn]: [] }))
        nothingNew(answer(stage, 'CD205C', { [grn]: ['G02'] }))
      }
    },
  ],
  [
    'an amendment between the answers of two offices of guarantee waits for the second: what that one holds is known',
    () => {
      const stage = twoOffices()
      answer(stage, 'CD201C', { [grn]: [], [other]: [] })
      stage.act('departure', departure, 'release', release)
      moved(answer(stage, 'CD205C', { [grn]: ['G09'] }), 'guarantee-not-valid', 'guarantee-refused')
      const change = amendment(stage)
      assert.equal(stage.document('CC013C', change, fromDeclarant).outcome, 'waits')
      refusedBy(stage, stage.document('CC013C', change, { ...fromDeclarant, lastTry: true }), 'CC056C', [
        `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
      ])
      moved(answer(stage, 'CD205C', { [other]: [] }), 'guarantee-not-valid')
      stage.owed.length = 0
      moved(stage.document('CC013C', change, fromDeclarant), 'submitted', 'amended')
      assert.deepEqual(
        stage.owed.map(({ type, doc }) => [type, ...texts(doc, 'Guarantee.GuaranteeReference.GRN')]),
        [
          ['CD204C', other],
          ['CD200C', grn],
        ],
      )
    },
  ],
  [
    'an office that was asked to hold two and refuses one holds neither',
    () => {
      const stage = twoOffices()
      answer(stage, 'CD201C', { [grn]: [], [other]: [] })
      stage.act('departure', departure, 'release', release)
      moved(answer(stage, 'CD205C', { [grn]: ['G09'], [other]: [] }), 'guarantee-not-valid', 'guarantee-refused')
      stage.owed.length = 0
      moved(stage.act('departure', departure, 'refuse', { motivation: 'No' }), 'not-released', 'refused')
      assert.deepEqual(stage.owed, [])
    },
  ],
  [
    'a late answer to the check changes nothing of the refusal',
    () => {
      const stage = twoOffices()
      answer(stage, 'CD201C', { [other]: ['G01'] })
      moved(answer(stage, 'CD201C', { [grn]: [] }), 'guarantee-not-valid')
    },
  ],
  [
    'an officer controls, releases or refuses; the declarant hears of each',
    () => {
      const stage = playedTo('accepted')
      moved(
        stage.act('departure', departure, 'control', { typeOfControls: '40', text: 'Open the doors' }),
        'under-control',
        'controlled',
      )
      const control = stage.lastTold('CC060C')
      assert.deepEqual(
        [texts(control.doc, 'TypeOfControls.type'), texts(control.doc, 'TypeOfControls.text'), control.to],
        [['40'], ['Open the doors'], { trader: declarant }],
      )
      moved(stage.act('departure', departure, 'refuse', { motivation: 'Other goods' }), 'not-released', 'refused')
      for (const state of ['accepted', 'under-control']) {
        const again = stageIn('departure', state)
        moved(
          again.act('departure', departure, 'release', { controlResult: 'A1', text: 'Seen' }),
          'awaiting-guarantee',
          'validated',
        )
        again.carry()
        assert.deepEqual(
          [
            text(again.lastTold('CC029C').doc, 'ControlResult.code'),
            text(again.lastTold('CC029C').doc, 'ControlResult.text'),
          ],
          ['A1', 'Seen'],
        )
      }
      moved(
        stageIn('departure', 'accepted').act('departure', departure, 'refuse', { motivation: 'No' }),
        'not-released',
        'refused',
      )
    },
  ],
  [
    'the other administration gets the names of operators whom only ours knows',
    () => {
      const stage = playedTo('released')
      const record = stage.sent.find(({ type }) => type === 'CD001C')?.doc
      assert.equal(text(record, 'HolderOfTheTransitProcedure.name'), 'Adria')
      const number = '<Consignor><identificationNumber>ALL12345678A</identificationNumber></Consignor>'
      const other = new Stage()
      other.document(
        'CC015C',
        declaration((xml) => xml.replace(/<Consignor>[\s\S]*?<\/Consignor>/, number)),
        fromDeclarant,
      )
      other.carry()
      other.act('departure', departure, 'release', release)
      other.carry()
      for (const type of ['CD001C', 'CD050C'])
        assert.equal(text(other.sent.find((sent) => sent.type === type)?.doc, 'Consignment.Consignor.name'), 'Adria')
    },
  ],
  [
    'crossings, arrival and results are taken in any order in which they may come',
    () => {
      const stage = playedTo('crossed')
      moved(stage.document('CD118C', crossing(stage, 'XK000202'), toDeparture), 'crossed', 'crossed')
      assert.deepEqual(
        stage.record('departure', departure).data.crossings?.map(({ office }) => office),
        ['XK000201', 'XK000202'],
      )
      const early = playedTo('released')
      assert.equal(early.document('CD018C', results(early), toDeparture).outcome, 'waits')
      refusedBy(early, early.document('CD018C', results(early), { ...toDeparture, lastTry: true }), 'CD906C', [
        `/*/TransitOperation/MRN 92 92 ${early.mrn}`,
      ])
      moved(early.document('CD006C', advice(early), toDeparture), 'arrived', 'arrived')
      moved(early.document('CD118C', crossing(early), toDeparture), 'arrived', 'crossed')
      for (const state of ['discrepancies', 'written-off']) {
        const late = stageIn('departure', state)
        moved(late.document('CD118C', crossing(late), toDeparture), state, 'crossed')
      }
      const crossed = playedTo('crossed')
      assert.equal(crossed.document('CD018C', results(crossed), toDeparture).outcome, 'waits')
    },
  ],
  [
    'unsatisfactory results: the declarant is told, the guarantee stays held',
    () => {
      const stage = playedTo('arrived')
      moved(stage.document('CD018C', results(stage, 'B1'), toDeparture), 'discrepancies', 'results')
      assert.equal(
        text(stage.lastTold('CC019C').doc, 'TransitOperation.discrepanciesNotificationText'),
        'counted again',
      )
      assert.ok(!stage.owed.some(({ type }) => type === 'CD209C'))
    },
  ],
  [
    'N0014: an administration that the declaration does not name has nothing to say about the movement',
    () => {
      for (const state of ['released', 'crossed', 'arrived', 'written-off']) {
        const stage = stageIn('departure', state)
        const stranger = { ...toDeparture, sender: 'NTA.MK' }
        const error = [`/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`]
        refusedBy(stage, stage.document('CD118C', crossing(stage, 'MK000401'), stranger), 'CD906C', error)
        refusedBy(stage, stage.document('CD006C', advice(stage, 'MK000401'), stranger), 'CD906C', error)
        const sent = refusedBy(
          stage,
          stage.document('CD018C', results(stage, 'A1', 'MK000401'), stranger),
          'CD906C',
          error,
        )
        assert.deepEqual(sent.to, { party: 'NTA.MK' })
        assert.equal(stage.state('departure', departure), state)
      }
    },
  ],
]
