import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { departure, destination, exit, grn, law, Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import { arrival, incident, leaving, playedTo, query, recordRequest, secured, toDeparture } from '../story.ts'
import { enquiryEnded, holderAsked, inEnquiry, overdue, underRecovery, unsatisfactory } from '../unhappy.ts'
import { atOther, otherDestination, otherTransit } from './diverting.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

/** Departure does not know how the movement will end, and the goods may turn up anywhere. */
const open = ['invalidation-asked', 'status-asked', 'enquiry', 'holder-asked', 'enquiry-ended']
const recovering = ['under-recovery', 'recovery-requested', 'recovery-transferred']
const last = (stage: Stage, type: string) => stage.sent.findLast((sent) => sent.type === type)
const requests = [
  ['CD114C', otherTransit],
  ['CD164C', 'XK000204'],
  ['CD002C', otherDestination],
] as const
const asks = (stage: Stage, [type, at]: (typeof requests)[number]) =>
  stage.document(type, recordRequest(stage, type, at), toDeparture)
const rejectionOf = (stage: Stage) => text(stage.sent.at(-1)?.doc, 'TransitOperation.requestRejectionReasonCode')
const act = (stage: Stage, name: string) => stage.act('departure', departure, name, { text: 'As the law says' })
const toExit = { sender: 'NTA.AL', from: 'administration' as const, role: 'exit' as const, office: exit }

/** The ways between offices while an invalidation is asked for, an enquiry runs, or a debt is recovered. */
export const unsettled: Scene[] = [
  [
    'while the end is open, offices get the record, register incidents, ask, and tell where the goods left',
    () => {
      for (const state of open) {
        const stage = stageIn('departure', state)
        for (const request of requests) {
          moved(asks(stage, request), state, 'diverted')
          assert.equal(rejectionOf(stage), undefined)
        }
        moved(stage.document('CD180C', incident(stage, otherTransit), toDeparture), state, 'incident')
        nothingNew(stage.document('CD180C', incident(stage, otherTransit), toDeparture))
        assert.ok(last(stage, 'CD181C') !== undefined && last(stage, 'CC182C') !== undefined)
        moved(stage.document('CD168C', leaving(stage, 'XK000204'), toDeparture), state, 'left')
        moved(stage.document('CD027C', query(stage), toDeparture), state, 'query-answered')
        const status = text(last(stage, 'CD038C')?.doc, 'TransitOperation.status')
        assert.equal(status, law.states.get(`departure ${state}`)?.common)
        const asked = act(stage, 'ask-status')
        if (state === 'status-asked') assert.equal(asked.outcome, 'conflict')
        else moved(asked, state, 'status-asked')
      }
    },
  ],
  [
    'the goods turn up at another office while they are looked for: the record is given, the arrival ends the enquiry',
    () => {
      for (const make of [overdue, inEnquiry, holderAsked, enquiryEnded, underRecovery]) {
        const stage = make()
        const named = { ...arrival(stage), CustomsOfficeOfDestinationActual: { referenceNumber: otherDestination } }
        moved(stage.document('CC007C', named, atOther), 'requested', 'record-asked')
        stage.carry(({ type }) => type === 'CD094C')
        assert.equal(stage.state('departure', departure), 'arrived')
        assert.equal(stage.state('destination', otherDestination), 'arrived')
      }
    },
  ],
  [
    'a binding itinerary and a guarantee that is not valid there are kept while the goods are looked for',
    () => {
      const stage = inEnquiry()
      stage.guarantees[grn] = { ...(stage.guarantees[grn] ?? assert.fail()), notValidIn: ['XK'] }
      moved(asks(stage, requests[0]), 'enquiry', 'record-refused')
      assert.equal(rejectionOf(stage), '6')
    },
  ],
  [
    'under recovery the record is given as long as no arrival is known; late notices are kept',
    () => {
      for (const state of recovering) {
        const stage = stageIn('departure', state)
        moved(asks(stage, requests[0]), state, 'diverted')
        moved(stage.document('CD180C', incident(stage), toDeparture), state, 'incident')
        assert.ok(last(stage, 'CD181C') === undefined)
      }
      const stage = unsatisfactory()
      moved(act(stage, 'start-recovery'), 'under-recovery', 'recovery-started')
      moved(asks(stage, requests[0]), 'under-recovery', 'record-refused')
      assert.equal(rejectionOf(stage), '2')
      const paid = stageIn('departure', 'recovered')
      moved(paid.document('CD180C', incident(paid), toDeparture), 'recovered', 'incident')
      const over = playedTo('crossed')
      act(over, 'invalidate')
      moved(over.document('CD180C', incident(over), toDeparture), 'invalidated', 'incident')
    },
  ],
  [
    'who was given the record hears of the invalidation as the declared offices do, and cancels it',
    () => {
      const stage = secured('released')
      moved(stage.act('transit', otherTransit, 'request-record'), 'requested', 'record-asked')
      moved(stage.act('exit', 'XK000204', 'request-record'), 'requested', 'record-asked')
      stage.carry()
      moved(asks(stage, ['CD002C', otherDestination]), 'released', 'diverted')
      moved(act(stage, 'invalidate'), 'invalidated', 'invalidated')
      const told = stage.owed.filter(({ type }) => type === 'CD010C').map(({ to }) => to)
      assert.deepEqual(told, [{ office: destination }, { office: otherDestination }])
      stage.carry(({ type, to }) => type === 'CD003C' || ('office' in to && to.office === otherDestination))
      for (const [role, at] of [
        ['transit', transit],
        ['transit', otherTransit],
        ['exit', exit],
        ['exit', 'XK000204'],
        ['destination', destination],
      ] as const)
        assert.equal(stage.state(role, at), 'cancelled', `${role} ${at}`)
    },
  ],
  [
    'an invalidation that comes before the record that was asked for waits, and is refused in the end by an office that gets none',
    () => {
      for (const role of ['transit', 'exit', 'destination'] as const) {
        for (const state of ['requested', 'queried', 'refused']) {
          const asked = stageIn(role, state)
          const [doc, coming] = sample('CD010C', asked, role)
          assert.equal(asked.document('CD010C', doc, coming).outcome, 'waits')
          refusedBy(asked, asked.document('CD010C', doc, { ...coming, lastTry: true }), 'CD906C', [
            `/*/TransitOperation/MRN 90 90 ${asked.mrn}`,
          ])
        }
      }
    },
  ],
  [
    'an office of exit cancels its record, hears of a recovery and of its end, and listens to departure alone',
    () => {
      for (const state of ['expected', 'left']) {
        const stage = stageIn('exit', state)
        moved(stage.document('CD010C', ...sample('CD010C', stage, 'exit')), 'cancelled', 'cancelled')
        for (const type of ['CD010C', 'CD160C', 'CD024C', 'CD165C'])
          nothingNew(stage.document(type, ...sample(type, stage, 'exit')))
        moved(stage.document('CD181C', ...sample('CD181C', stage, 'exit')), 'cancelled', 'incident')
      }
      const none = stageIn('exit', '-')
      const [early, way] = sample('CD010C', none, 'exit')
      assert.equal(none.document('CD010C', early, way).outcome, 'waits')
      refusedBy(none, none.document('CD010C', { ...early, messageType: 'CD024C' }, way), 'CD906C', [
        '/CD010C/messageType 14 CL060 CD024C',
      ])
      const stage = enquiryEnded(holderAsked(inEnquiry(overdue(secured('crossed')))))
      moved(act(stage, 'start-recovery'), 'under-recovery', 'recovery-started')
      stage.carry()
      assert.deepEqual(stage.record('exit', exit).data.recovery, { since: '2026-11-24' })
      moved(act(stage, 'accept-proof'), 'written-off', 'proof-accepted')
      stage.carry()
      assert.equal(stage.record('exit', exit).data.recovery, undefined)
      const [doc] = sample('CD063C', stage, 'exit')
      refusedBy(stage, stage.document('CD063C', doc, { ...toExit, sender: 'NTA.MK' }), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`,
      ])
    },
  ],
]
