import assert from 'node:assert/strict'
import { groups, text } from '../../src/index.ts'
import { consignee, departure, destination, grn, guaranteeOffice, type Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import {
  advice,
  arrival,
  crossing,
  fromConsignee,
  fromDeclarant,
  guaranteeAnswer,
  invalidationRequest,
  playedTo,
  put,
  remarks,
  results,
  states,
  toDeparture,
  without,
} from '../story.ts'
import { unsatisfactory } from '../unhappy.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const fromAlbania = { sender: 'NTA.AL', from: 'administration' as const }
const says = { text: 'Declared twice' }
const act = (stage: Stage, name: string, fields: Record<string, string> = says) =>
  stage.act('departure', departure, name, fields)
const ask = (stage: Stage) => stage.document('CC014C', invalidationRequest(stage), fromDeclarant)
const types = (stage: Stage, from: number) => stage.sent.slice(from).map(({ type }) => type)
const again = (stage: Stage) =>
  stage.document('CD205C', guaranteeAnswer(stage, 'CD205C', { [grn]: [] }), sample('CD205C', stage)[1])

/** Invalidation after the release, and discrepancies at destination. */
export const invalidating: Scene[] = [
  [
    'the office invalidates after the release: all offices cancel their records, the guarantee is free',
    () => {
      for (const [state, atTransit] of [
        ['released', 'expected'],
        ['crossed', 'crossed'],
      ] as const) {
        const stage = playedTo(state)
        assert.equal(stage.state('transit', transit), atTransit)
        const before = stage.sent.length
        moved(act(stage, 'invalidate'), 'invalidated', 'invalidated')
        assert.deepEqual(types(stage, before), ['CC009C', 'CD010C', 'CD204C'])
        assert.equal(text(stage.lastTold('CC009C').doc, 'Invalidation.initiatedByCustoms'), '1')
        stage.carry()
        assert.equal(states(stage), 'invalidated cancelled cancelled cancelled')
        assert.equal(stage.guarantees[grn]?.available, '10000.00')
        assert.deepEqual([...stage.timers], [])
        moved(again(stage), 'invalidated')
        stage.carry()
        assert.equal(states(stage), 'invalidated cancelled cancelled cancelled')
      }
    },
  ],
  [
    'N0050, N0051: the declarant asks after the release, once; the office agrees; an arrival after that is refused',
    () => {
      const stage = playedTo('crossed')
      moved(ask(stage), 'invalidation-asked', 'invalidation-asked')
      refusedBy(stage, ask(stage), 'CC056C', [`/CC014C/TransitOperation/MRN 92 N0050 ${stage.mrn}`])
      nothingNew(again(stage))
      nothingNew(stage.document('CD201C', guaranteeAnswer(stage, 'CD201C', { [grn]: [] }), sample('CD201C', stage)[1]))
      moved(act(stage, 'invalidate'), 'invalidated', 'invalidated')
      const told = stage.lastTold('CC009C').doc
      assert.deepEqual(
        ['decision', 'initiatedByCustoms', 'justification'].map((name) => text(told, `Invalidation.${name}`)),
        ['1', '0', 'Declared twice'],
      )
      stage.carry()
      assert.equal(states(stage), 'invalidated cancelled cancelled cancelled')
      refusedBy(stage, stage.document('CC007C', arrival(stage), fromConsignee), 'CC057C', [
        `/*/TransitOperation/MRN 92 N0051 ${stage.mrn}`,
      ])
      refusedBy(stage, stage.document('CC044C', remarks(stage), fromConsignee), 'CC057C', [
        `/*/TransitOperation/MRN 92 N0051 ${stage.mrn}`,
      ])
    },
  ],
  [
    'the office refuses to invalidate: the movement goes on as before, with its time limit',
    () => {
      for (const state of ['released', 'crossed']) {
        const stage = playedTo(state)
        moved(ask(stage), 'invalidation-asked', 'invalidation-asked')
        moved(act(stage, 'refuse-invalidation', { motivation: 'The goods have left' }), state, 'invalidation-refused')
        assert.equal(text(stage.lastTold('CC009C').doc, 'Invalidation.decision'), '0')
        assert.deepEqual([...stage.timers.values()], ['2026-12-10T00:00:00'])
      }
    },
  ],
  [
    'while the invalidation is asked for the goods go on: crossed, overdue, arrived, which ends the question',
    () => {
      const stage = playedTo('released')
      ask(stage)
      moved(stage.document('CD118C', crossing(stage), toDeparture), 'invalidation-asked', 'crossed')
      moved(stage.timer('departure', departure, 'arrival-limit'), 'invalidation-asked', 'overdue')
      assert.equal(stage.document('CD018C', results(stage), toDeparture).outcome, 'waits')
      refusedBy(stage, stage.document('CD018C', results(stage), { ...toDeparture, lastTry: true }), 'CD906C', [
        `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
      ])
      moved(stage.document('CD006C', advice(stage), toDeparture), 'arrived', 'arrived')
      assert.match(text(stage.lastTold('CC009C').doc, 'Invalidation.justification') ?? '', /have arrived/)
      assert.equal(stage.lastTold('CC009C').answers, false)
    },
  ],
  [
    'N0052: what was on its way when the movement was invalidated: a crossing is noted, an arrival is refused',
    () => {
      const stage = playedTo('released')
      act(stage, 'invalidate')
      moved(stage.document('CD118C', crossing(stage), toDeparture), 'invalidated', 'crossed')
      for (const [type, doc] of [
        ['CD006C', advice(stage)],
        ['CD018C', results(stage)],
      ] as const)
        refusedBy(stage, stage.document(type, doc, toDeparture), 'CD906C', [
          `/*/TransitOperation/MRN 92 N0052 ${stage.mrn}`,
        ])
    },
  ],
  [
    'an invalidation cancels the record at destination in each state before the goods are released, and once',
    () => {
      for (const state of ['expected', 'arrived', 'unloading', 'unloaded', 'waiting-discrepancies']) {
        const stage = stageIn('destination', state)
        moved(stage.document('CD010C', ...sample('CD010C', stage, 'destination')), 'cancelled', 'cancelled')
        nothingNew(stage.document('CD010C', ...sample('CD010C', stage, 'destination')))
        nothingNew(stage.document('CD001C', ...sample('CD001C', stage)))
      }
      for (const state of ['expected', 'crossed']) {
        const stage = stageIn('transit', state)
        moved(stage.document('CD010C', ...sample('CD010C', stage, 'transit')), 'cancelled', 'cancelled')
        for (const type of ['CD010C', 'CD050C', 'CD024C'])
          nothingNew(stage.document(type, ...sample(type, stage, 'transit')))
      }
      const closed = stageIn('transit', 'closed')
      nothingNew(closed.document('CD010C', ...sample('CD010C', closed, 'transit')))
    },
  ],
  [
    'an invalidation that overtakes its announcement waits, and is refused with 90 when none comes; N0014 for strangers',
    () => {
      for (const role of ['transit', 'destination'] as const) {
        const stage = stageIn(role, '-')
        const [doc, coming] = sample('CD010C', stage, role)
        assert.equal(stage.document('CD010C', doc, coming).outcome, 'waits')
        refusedBy(stage, stage.document('CD010C', doc, { ...coming, lastTry: true }), 'CD906C', [
          `/*/TransitOperation/MRN 90 90 ${stage.mrn}`,
        ])
        const cancelled = stageIn(role, 'cancelled')
        const [record, way] = sample(role === 'transit' ? 'CD050C' : 'CD001C', cancelled, role)
        const foreign = { ...record, CustomsOfficeOfDeparture: { referenceNumber: 'MK000401' } }
        const type = record['messageType'] as string
        for (const [each, type1] of [
          [foreign, type],
          [{ ...sample('CD010C', cancelled, role)[0] }, 'CD010C'],
        ] as const)
          refusedBy(cancelled, cancelled.document(type1, each, { ...way, sender: 'NTA.MK' }), 'CD906C', [
            `/*/TransitOperation/MRN 14 N0014 ${cancelled.mrn}`,
          ])
        const spoilt = cancelled.document(type, { ...record, messageType: 'CC045C' }, { ...way, ...fromAlbania })
        refusedBy(cancelled, spoilt, 'CD906C', [`/${type}/messageType 14 CL060 CC045C`])
      }
    },
  ],
  [
    'discrepancies that are resolved: destination waits, departure decides, the goods are released and the guarantee is free',
    () => {
      const stage = playedTo('unloading')
      const broken = remarks(stage, (xml) => put('stateOfSeals', '0')(put('unloadingCompletion', '0')(xml)))
      moved(stage.document('CC044C', broken, fromConsignee), 'unloading', 'permitted')
      moved(stage.document('CC044C', broken, fromConsignee), 'unloading', 'permitted')
      assert.equal(text(stage.lastTold('CC043C').doc, 'CTLControl.continueUnloading'), '2')
      moved(stage.document('CC044C', remarks(stage), fromConsignee), 'unloaded', 'unloaded')
      unsatisfactory(stage)
      assert.equal(states(stage), 'discrepancies held closed waiting-discrepancies')
      const sent = stage.sent.findLast(({ type }) => type === 'CD018C')
      assert.equal(text(sent?.doc, 'ControlResult.stateOfSeals'), '0')
      assert.equal(text(stage.lastTold('CC019C').doc, 'TransitOperation.discrepanciesNotificationText'), 'two short')
      refusedBy(stage, stage.document('CC007C', arrival(stage), fromConsignee), 'CC057C', [
        `/CC007C/TransitOperation/MRN 92 N0006 ${stage.mrn}`,
      ])
      nothingNew(stage.document('CD001C', ...sample('CD001C', stage)))
      moved(act(stage, 'resolve-discrepancies'), 'written-off', 'discrepancies-resolved')
      stage.carry()
      assert.equal(states(stage), 'written-off credited closed goods-released')
      assert.equal(text(stage.lastTold('CC025C').doc, 'TransitOperation.releaseIndicator'), '1')
      assert.deepEqual(stage.lastTold('CC025C').to, { trader: consignee })
      nothingNew(stage.document('CD049C', ...sample('CD049C', stage)))
      assert.equal(stage.state('guarantee', guaranteeOffice), 'credited')
    },
  ],
  [
    'discrepancies that stay: the debt is recovered, and what is there leaves the procedure, all, some or none of it',
    () => {
      for (const [withheld, indicator, released] of [
        ['', '1', []],
        ['1', '2', ['2', '0', '0']],
        ['1, 2 and 3', '3', ['2', '2', '2']],
        ['7', '1', []],
      ] as const) {
        const stage = unsatisfactory()
        moved(act(stage, 'start-recovery'), 'under-recovery', 'recovery-started')
        stage.carry()
        assert.equal(stage.state('destination', destination), 'discrepancies-unsolved')
        nothingNew(stage.document('CD049C', ...sample('CD049C', stage)))
        moved(stage.act('destination', destination, 'release-goods', { withheld }), 'goods-released', 'goods-released')
        const { doc } = stage.lastTold('CC025C')
        assert.equal(text(doc, 'TransitOperation.releaseIndicator'), indicator)
        assert.deepEqual(
          groups(doc, 'Consignment.HouseConsignment.ConsignmentItem').map((item) => item['releaseType']),
          released,
        )
      }
    },
  ],
  [
    'minor discrepancies (A4, A5) end the movement; in the normal procedure great ones make the goods wait as well',
    () => {
      for (const controlResult of ['A4', 'A5']) {
        const stage = playedTo('unloaded')
        const recorded = stage.act('destination', destination, 'record-results', { controlResult, text: 'one torn' })
        moved(recorded, 'goods-released', 'goods-released')
        stage.carry()
        assert.equal(stage.state('departure', departure), 'written-off')
      }
      const stage = playedTo('crossed')
      const normal = (xml: string): string =>
        put(
          'simplifiedProcedure',
          '0',
        )(without('Authorisation')(xml)).replace(
          /<typeOfLocation>[\s\S]*<\/authorisationNumber>/,
          '<typeOfLocation>A</typeOfLocation><qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice><referenceNumber>XK000301</referenceNumber></CustomsOffice>',
        )
      stage.document('CC007C', arrival(stage, normal), fromConsignee)
      const found = stage.act('destination', destination, 'record-results', { controlResult: 'B1' })
      moved(found, 'waiting-discrepancies', 'results')
    },
  ],
]
