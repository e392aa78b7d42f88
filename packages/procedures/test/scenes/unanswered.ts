import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { departure, destination, grn, guaranteeOffice, Stage } from '../stage.ts'
import { fromGuarantee, stageIn } from '../states.ts'
import { guaranteeAnswer, playedOn, playedTo, results, toDeparture } from '../story.ts'
import { answered, asked } from '../exports.ts'
import { moved, refusedBy, type Scene } from './scene.ts'

const act = (stage: Stage, name: string, fields: Record<string, string> = {}) =>
  stage.act('departure', departure, name, { text: 'No answer came', motivation: 'No answer came', ...fields })
const types = (stage: Stage, from = 0) => stage.sent.slice(from).map(({ type }) => type)

/** The goods arrived, and nobody tells what was found: the timer has said so. */
const overdueResults = (stage = playedTo('arrived')): Stage => {
  moved(stage.timer('departure', departure, 'control-results'), 'arrived', 'overdue')
  return stage
}
const underRecovery = (stage = overdueResults()): Stage => {
  moved(act(stage, 'start-recovery'), 'under-recovery', 'recovery-started')
  stage.carry()
  return stage
}

/** What an office waits for and never gets: an officer ends the wait. */
export const unanswered: Scene[] = [
  [
    'an office of guarantee that never answers: the officer refuses or invalidates, and what it holds later is given back',
    () => {
      for (const [state, question] of [
        ['submitted', 'CD201C'],
        ['awaiting-guarantee', 'CD205C'],
      ] as const) {
        for (const [name, end, told] of [
          ['refuse', 'not-released', 'CC051C'],
          ['invalidate', 'invalidated', 'CC009C'],
        ] as const) {
          const stage = stageIn('departure', state)
          moved(act(stage, name), end, name === 'refuse' ? 'refused' : 'invalidated')
          assert.equal(text(stage.lastTold(told).doc, 'TransitOperation.MRN'), stage.mrn)
          assert.ok(!types(stage).includes('CD204C'), 'nothing is held yet')
          stage.document(question, guaranteeAnswer(stage, question, { [grn]: [] }), fromGuarantee)
          assert.equal(stage.state('departure', departure), end)
          assert.equal(types(stage).includes('CD204C'), question === 'CD205C')
        }
      }
    },
  ],
  [
    'the goods arrived and no results come: the officer asks, and ends the movement by another proof; late results change nothing',
    () => {
      const early = playedTo('arrived')
      moved(act(early, 'ask-status'), 'arrived', 'status-asked')
      assert.equal(act(early, 'accept-proof').outcome, 'conflict', 'the results are not overdue')
      assert.equal(act(early, 'start-recovery').outcome, 'conflict')
      const stage = overdueResults(playedOn('under-control', 'arrived', answered(asked())))
      moved(act(stage, 'accept-proof'), 'written-off', 'proof-accepted')
      assert.ok(types(stage).includes('CC042C'))
      stage.carry()
      assert.equal(stage.state('guarantee', guaranteeOffice), 'credited')
      assert.deepEqual([...stage.timers], [])
      moved(stage.document('CD018C', results(stage), toDeparture), 'written-off', 'results')
    },
  ],
  [
    'the goods arrived and no results come: the debt is recovered; satisfactory results that come late end it',
    () => {
      const stage = underRecovery()
      assert.deepEqual([...stage.timers], [])
      assert.notEqual(stage.record('destination', destination).data.recovery, undefined)
      moved(stage.document('CD018C', results(stage), toDeparture), 'written-off', 'written-off')
      stage.carry()
      assert.equal(stage.state('guarantee', guaranteeOffice), 'credited')
      assert.equal(stage.record('destination', destination).data.recovery, undefined)
    },
  ],
  [
    'late results with discrepancies: the recovery goes on, and destination hears that they are not resolved',
    () => {
      const stage = underRecovery(overdueResults(playedTo('unloaded')))
      stage.act('destination', destination, 'record-results', { controlResult: 'B1', stateOfSeals: '0', text: 'short' })
      stage.carry()
      assert.equal(stage.state('departure', departure), 'under-recovery')
      assert.equal(stage.state('destination', destination), 'discrepancies-unsolved')
      assert.ok(types(stage).includes('CC019C'))
      refusedBy(stage, stage.document('CD018C', results(stage), toDeparture), 'CD906C', [
        `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
      ])
    },
  ],
]
