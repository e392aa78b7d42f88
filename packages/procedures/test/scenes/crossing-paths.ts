import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { departure, destination, grn, guaranteeOffice, type Stage } from '../stage.ts'
import { fromGuarantee, sample, stageIn } from '../states.ts'
import {
  advice,
  arrival,
  cancellation,
  fromConsignee,
  guaranteeAnswer,
  playedTo,
  remarks,
  results,
  states,
  toDeparture,
} from '../story.ts'
import { inEnquiry, underRecovery, unhappy } from '../unhappy.ts'
import { otherDestination } from './diverting.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const toGuarantee = { sender: 'NTA.AL', from: 'administration' as const, office: guaranteeOffice }
const proven = (): Stage => {
  const stage = inEnquiry()
  moved(stage.act('departure', departure, 'accept-proof', { text: 'Stamped copy' }), 'written-off', 'proof-accepted')
  stage.carry()
  return stage
}
const answersRecovery = (stage: Stage, accepted: '0' | '1') =>
  stage.document(
    'CD151C',
    unhappy(stage, 'CD151C', departure, {
      Recovery: { recoveryAcceptance: accepted, recoveryCommunicationDate: '2026-11-24', text: 'As asked' },
    }),
    toDeparture,
  )

/** Documents that cross each other on the way: what the exploration of all orders (packages/explorer) has found. */
export const crossingPaths: Scene[] = [
  [
    'alternative proof has ended the movement and the goods turn up at an office that was not declared: it gets the record',
    () => {
      const stage = proven()
      const named = { ...arrival(stage), CustomsOfficeOfDestinationActual: { referenceNumber: otherDestination } }
      stage.document('CC007C', named, { ...fromConsignee, office: otherDestination })
      stage.carry()
      assert.equal(stage.state('destination', otherDestination), 'arrived')
      assert.equal(states(stage), 'written-off credited closed closed')
      assert.equal(stage.record('departure', departure).data.arrival?.office, otherDestination)
    },
  ],
  [
    'alternative proof has ended the movement and the goods turn up all the same: their office gets its answers',
    () => {
      const stage = proven()
      stage.document('CC007C', arrival(stage), fromConsignee)
      stage.carry()
      assert.equal(states(stage), 'written-off credited closed arrived')
      stage.act('destination', destination, 'permit-unloading')
      stage.document('CC044C', remarks(stage), fromConsignee)
      stage.act('destination', destination, 'record-results', { controlResult: 'B1', stateOfSeals: '1', text: 'short' })
      assert.equal(stage.state('destination', destination), 'waiting-discrepancies')
      stage.carry()
      assert.equal(states(stage), 'written-off credited closed goods-released')
      refusedBy(stage, stage.document('CD018C', results(stage), toDeparture), 'CD906C', [
        `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
      ])
      const good = proven()
      moved(good.document('CD006C', advice(good), toDeparture), 'written-off', 'arrived')
      moved(good.document('CD018C', results(good), toDeparture), 'written-off', 'results')
    },
  ],
  [
    'N0055: the goods arrive once; advice and results of another office are refused',
    () => {
      for (const state of ['arrived', 'discrepancies', 'written-off']) {
        const stage = stageIn('departure', state)
        for (const [type, doc] of [
          ['CD006C', advice(stage, otherDestination)],
          ['CD018C', results(stage, 'A1', otherDestination)],
        ] as const)
          refusedBy(stage, stage.document(type, doc, toDeparture), 'CD906C', [
            `/*/CustomsOfficeOfDestinationActual/referenceNumber 92 N0055 ${otherDestination}`,
          ])
      }
    },
  ],
  [
    'an invalidation that is quicker at departure than the release of the goods at destination: both offices know',
    () => {
      const released = playedTo('written-off')
      const unsolved = stageIn('destination', 'discrepancies-unsolved')
      for (const [stage, state] of [
        [released, 'goods-released'],
        [unsolved, 'discrepancies-unsolved'],
      ] as const) {
        moved(stage.document('CD010C', ...sample('CD010C', stage, 'destination')), state, 'cancelled')
        assert.equal(stage.record('destination', destination).data.invalidatedAt, stage.now)
      }
    },
  ],
  [
    'the movement is invalidated when its guarantee is claimed or settled: nothing is held, and nothing is given back twice',
    () => {
      const claimed = stageIn('guarantee', 'liable')
      moved(claimed.document('CD203C', ...sample('CD203C', claimed)), 'liable')
      moved(claimed.document('CD204C', cancellation(claimed), toGuarantee), 'cancelled', 'guarantee-cancelled')
      assert.equal(claimed.guarantees[grn]?.available, '10000.00')
      const settled = stageIn('guarantee', 'credited')
      nothingNew(settled.document('CD204C', cancellation(settled), toGuarantee))
    },
  ],
  [
    'a request for use that came twice: what it held after the end of the declaration is given back',
    () => {
      const stage = stageIn('departure', 'not-released')
      moved(stage.document('CD205C', guaranteeAnswer(stage, 'CD205C', { [grn]: [] }), fromGuarantee), 'not-released')
      assert.deepEqual(
        stage.owed.slice(-1).map(({ type }) => type),
        ['CD204C'],
      )
    },
  ],
  [
    'an office asked about the movement, or was refused its record, and the arrival is quicker than the record: it is closed',
    () => {
      for (const [role, record] of [
        ['transit', 'CD050C'],
        ['exit', 'CD160C'],
        ['destination', 'CD001C'],
      ] as const)
        for (const state of ['queried', 'refused']) {
          const stage = stageIn(role, state)
          const at = sample('CD024C', stage, role)[0]
          const elsewhere = { ...at, CustomsOfficeOfDestinationActual: { referenceNumber: otherDestination } }
          moved(stage.document('CD024C', elsewhere, sample('CD024C', stage, role)[1]), state)
          moved(stage.document(record, ...sample(record, stage, role)), 'closed', 'arrived')
        }
    },
  ],
  [
    'whatever departure tells of a movement waits where the record has not come yet',
    () => {
      for (const [role, documents] of [
        ['transit', ['CD059C', 'CD063C', 'CD142C']],
        ['exit', ['CD059C', 'CD063C']],
        ['destination', ['CD049C', 'CD059C', 'CD063C', 'CD142C', 'CD144C', 'CD150C', 'CD152C']],
      ] as const)
        for (const type of documents) {
          const stage = stageIn(role, '-')
          const [doc, coming] = sample(type, stage, role)
          assert.equal(stage.document(type, doc, coming).outcome, 'waits', `${role} ${type}`)
          refusedBy(stage, stage.document(type, doc, { ...coming, lastTry: true }), 'CD906C', [
            `/*/TransitOperation/MRN 90 90 ${stage.mrn}`,
          ])
        }
    },
  ],
  [
    'the destination asks back, or takes a recovery over, when departure has done without',
    () => {
      const arrived = playedTo('arrived')
      nothingNew(arrived.document('CD145C', unhappy(arrived, 'CD145C', departure), toDeparture))
      const paid = underRecovery()
      moved(
        paid.act('departure', departure, 'request-recovery', { text: 'There' }),
        'recovery-requested',
        'recovery-requested',
      )
      moved(
        paid.act('departure', departure, 'record-payment', { collectionDate: '2026-11-24' }),
        'recovered',
        'recovered',
      )
      moved(answersRecovery(paid, '1'), 'recovered', 'recovered')
      assert.equal(text(paid.owed.at(-1)?.doc, 'CustomsOfficeOfRecovery.referenceNumber'), destination)
      assert.equal(paid.owed.at(-1)?.type, 'CD152C')
      nothingNew(answersRecovery(paid, '0'))
    },
  ],
]
