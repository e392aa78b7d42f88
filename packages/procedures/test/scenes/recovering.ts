import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { departure, destination, grn, guaranteeOffice, type Stage, transit } from '../stage.ts'
import { stageIn } from '../states.ts'
import { advice, crossing, results, states, toDeparture } from '../story.ts'
import { enquiryEnded, holderAsked, inEnquiry, overdue, underRecovery, unhappy, unsatisfactory } from '../unhappy.ts'
import { moved, refusedBy, type Scene } from './scene.ts'

const act = (stage: Stage, name: string, fields: Record<string, string> = { text: 'As the law says' }) =>
  stage.act('departure', departure, name, fields)
const at = (stage: Stage, name: string, text = 'We collect it') => stage.act('destination', destination, name, { text })
const paid = { collectionDate: '2026-11-24' }
const requested = () => stageIn('departure', 'recovery-requested')
const transferred = () => stageIn('departure', 'recovery-transferred')

/** The debt of a movement that did not end: claimed, taken over, paid, or proven to be none. */
export const recovering: Scene[] = [
  [
    'the enquiry ends without a result: the debt is claimed from the holder, all offices hear of it; it is paid',
    () => {
      for (const make of [inEnquiry, holderAsked, enquiryEnded]) {
        const stage = make()
        moved(act(stage, 'start-recovery', { text: 'No proof' }), 'under-recovery', 'recovery-started')
        const { doc } = stage.lastTold('CC035C')
        assert.deepEqual(
          ['amountClaimed', 'currency', 'recoveryNotificationText'].map((name) =>
            text(doc, `RecoveryNotification.${name}`),
          ),
          ['5000.00', 'EUR', 'No proof'],
        )
        stage.carry()
        for (const [role, where] of [
          ['transit', transit],
          ['destination', destination],
        ] as const)
          assert.deepEqual(stage.record(role, where).data.recovery, { since: '2026-11-24' })
        assert.deepEqual([...stage.timers], [])
        assert.equal(stage.state('guarantee', guaranteeOffice), 'held')
        moved(act(stage, 'record-payment', paid), 'recovered', 'recovered')
        stage.carry()
        assert.equal(stage.state('guarantee', guaranteeOffice), 'credited')
        assert.equal(text(stage.lastTold('CC045C').doc, 'TransitOperation.MRN'), stage.mrn)
        moved(stage.document('CD118C', crossing(stage), toDeparture), 'recovered', 'crossed')
      }
    },
  ],
  [
    'seven months after the limit the recovery begins by itself',
    () => {
      for (const make of [overdue, inEnquiry, holderAsked, enquiryEnded]) {
        const stage = make()
        moved(stage.timer('departure', departure, 'recovery'), 'under-recovery', 'recovery-started')
        assert.deepEqual([...stage.timers], [])
      }
    },
  ],
  [
    'discrepancies that stay are recovered; destination hears that they are not resolved',
    () => {
      const stage = unsatisfactory()
      const before = stage.sent.length
      moved(act(stage, 'start-recovery'), 'under-recovery', 'recovery-started')
      assert.deepEqual(
        stage.sent.slice(before).map(({ type }) => type),
        ['CD049C', 'CC035C', 'CD063C'],
      )
      stage.carry()
      assert.equal(states(stage), 'under-recovery held closed discrepancies-unsolved')
      refusedBy(stage, stage.document('CD006C', advice(stage), toDeparture), 'CD906C', [
        `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
      ])
    },
  ],
  [
    'another authority is asked to take the recovery over: it accepts, and hears when the debt is paid',
    () => {
      const stage = underRecovery()
      moved(act(stage, 'request-recovery', { text: 'Incurred at Prizren' }), 'recovery-requested', 'recovery-requested')
      assert.equal(text(stage.sent.at(-1)?.doc, 'GuaranteeReference.GRN'), grn)
      assert.equal(at(stage, 'accept-recovery').outcome, 'conflict')
      stage.carry()
      moved(at(stage, 'accept-recovery'), 'expected', 'recovery-accepted')
      assert.equal(at(stage, 'refuse-recovery').outcome, 'conflict')
      stage.carry()
      assert.equal(stage.state('departure', departure), 'recovery-transferred')
      moved(act(stage, 'record-payment', paid), 'recovered', 'recovered')
      stage.carry()
      assert.equal(stage.record('destination', destination).data.recovery?.collectedOn, '2026-11-24')
    },
  ],
  [
    'another authority declines, and departure goes on; or the debt is paid before it answers',
    () => {
      const stage = requested()
      moved(at(stage, 'refuse-recovery', 'Not incurred here'), 'expected', 'recovery-declined')
      stage.carry()
      assert.equal(stage.state('departure', departure), 'under-recovery')
      moved(act(requested(), 'record-payment', paid), 'recovered', 'recovered')
      const asked = requested()
      const answer = unhappy(asked, 'CD151C', departure, {
        Recovery: { recoveryAcceptance: '1', recoveryCommunicationDate: '2026-11-24', text: 'Yes' },
      })
      refusedBy(asked, asked.document('CD151C', answer, { ...toDeparture, sender: 'NTA.MK' }), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0014 ${asked.mrn}`,
      ])
      moved(asked.document('CD151C', answer, toDeparture), 'recovery-transferred', 'recovery-accepted')
    },
  ],
  [
    'the end is proven otherwise, or the goods arrive after all: there is no debt, and all offices hear of it',
    () => {
      for (const make of [underRecovery, requested, transferred]) {
        const proven = make()
        moved(act(proven, 'accept-proof'), 'written-off', 'proof-accepted')
        proven.carry()
        assert.equal(proven.record('destination', destination).data.recovery, undefined)
        const late = make()
        moved(late.document('CD118C', crossing(late), toDeparture), late.state('departure', departure), 'crossed')
        assert.equal(late.document('CD018C', results(late), toDeparture).outcome, 'waits')
        refusedBy(late, late.document('CD018C', results(late), { ...toDeparture, lastTry: true }), 'CD906C', [
          `/*/TransitOperation/MRN 92 92 ${late.mrn}`,
        ])
        moved(late.document('CD006C', advice(late), toDeparture), 'arrived', 'arrived')
        late.carry()
        assert.equal(late.record('transit', transit).data.recovery, undefined)
        moved(late.document('CD018C', results(late), toDeparture), 'written-off', 'written-off')
      }
    },
  ],
]
