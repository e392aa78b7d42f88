import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { departure, destination, grn, guaranteeOffice, Stage } from '../stage.ts'
import { fromGuarantee, stageIn } from '../states.ts'
import { amendment, fromDeclarant, guaranteeAnswer, playedOn, playedTo, results, toDeparture } from '../story.ts'
import {
  answered,
  asked,
  exportAnswer,
  exported,
  fromExportSystem,
  unanswered as exportUnanswered,
} from '../exports.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

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
  [
    'the export system was asked twice: its late answer to the first question says nothing, the answer to the second counts',
    () => {
      const stage = exportUnanswered()
      const says = (response: '0' | '1', at: string) =>
        stage.document('CC191C', exportAnswer(stage, response, undefined, at), fromExportSystem)
      const first = stage.now
      stage.now = '2026-11-24T15:00:00'
      moved(stage.document('CC013C', amendment(stage, exported()), fromDeclarant), 'awaiting-export', 'amended')
      nothingNew(says('1', first))
      moved(says('1', '2026-11-24T15:00:10'), 'submitted', 'export-confirmed')
      nothingNew(says('0', '2026-11-24T15:00:05'))
    },
  ],
  [
    'the export system refuses after it confirmed: before the release the declaration goes back to the declarant',
    () => {
      const refuses = (stage: Stage, lastTry = false) => {
        const doc = exportAnswer(stage, '0', undefined, '2026-11-24T14:30:00')
        return stage.document('CC191C', doc, { ...fromExportSystem, lastTry })
      }
      const checked = (stage: Stage, reasons: string[] = []) =>
        stage.document('CD201C', guaranteeAnswer(stage, 'CD201C', { [grn]: reasons }), fromGuarantee)
      const confirmed = (): Stage => {
        const stage = asked()
        stage.document('CC191C', exportAnswer(stage), fromExportSystem)
        return stage
      }
      const submitted = confirmed()
      moved(refuses(submitted), 'export-refused', 'export-refused')
      assert.equal(text(submitted.lastTold('CC022C').doc, 'FunctionalError.errorReason'), 'N0093')
      moved(checked(submitted), 'export-refused')
      for (const reasons of [[], ['G09']]) {
        const stage = confirmed()
        checked(stage, reasons)
        moved(refuses(stage), 'export-refused', 'export-refused')
      }
      const waiting = confirmed()
      checked(waiting)
      act(waiting, 'release', { controlResult: 'A2' })
      refusedBy(waiting, refuses(waiting), 'CC906C', [`/*/TransitOperation/MRN 92 92 ${waiting.mrn}`])
    },
  ],
  [
    'it refuses while another office of guarantee has not answered: it waits until it is known what that one holds',
    () => {
      const xk = '26XK0009010000011'
      const stage = asked((xml) => {
        const reference = /<GuaranteeReference>[\s\S]*<\/GuaranteeReference>/.exec(xml)?.[0] ?? ''
        const second = reference.replaceAll(grn, xk).replace('>1</sequenceNumber>', '>2</sequenceNumber>')
        return exported()(xml.replace(reference, reference + second))
      })
      stage.document('CC191C', exportAnswer(stage), fromExportSystem)
      const says = (type: 'CD201C' | 'CD205C', answers: Record<string, string[]>) =>
        stage.document(type, guaranteeAnswer(stage, type, answers), fromGuarantee)
      says('CD201C', { [grn]: [], [xk]: [] })
      act(stage, 'release', { controlResult: 'A2' })
      moved(says('CD205C', { [grn]: ['G09'] }), 'guarantee-not-valid', 'guarantee-refused')
      const doc = exportAnswer(stage, '0', undefined, '2026-11-24T14:30:00')
      assert.equal(stage.document('CC191C', doc, fromExportSystem).outcome, 'waits')
      refusedBy(stage, stage.document('CC191C', doc, { ...fromExportSystem, lastTry: true }), 'CC906C', [
        `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
      ])
      moved(says('CD205C', { [xk]: [] }), 'guarantee-not-valid')
      moved(stage.document('CC191C', doc, fromExportSystem), 'export-refused', 'export-refused')
      assert.equal(stage.sent.filter(({ type }) => type === 'CD204C').length, 1)
    },
  ],
]
