import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { departure, destination, Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import { playedTo, query, queryAnswer, statusAnswer, statusRequest, toDeparture } from '../story.ts'
import { otherTransit } from './diverting.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const fromAlbania = { sender: 'NTA.AL', from: 'administration' as const }
const asksAt = (stage: Stage, office: string): void => {
  const state = stage.state('transit', office)
  moved(stage.act('transit', office, 'query'), state === '-' ? 'queried' : state, 'query-sent')
  stage.carry()
}

/** Questions about a movement, and what offices answer. */
export const querying: Scene[] = [
  [
    'a movement query of an office that has no record: the answer is the record with its state at departure',
    () => {
      const stage = playedTo('crossed')
      asksAt(stage, otherTransit)
      const { data, state } = stage.record('transit', otherTransit)
      assert.deepEqual([state, data.query?.status, data.query?.rejection], ['queried', 'CRO', undefined])
      assert.equal(text(data.record, 'Consignment.grossMass'), '13780')
      assert.equal(stage.sent.findLast(({ type }) => type === 'CD038C')?.answers, true)
      moved(stage.act('transit', otherTransit, 'request-record'), 'requested', 'record-asked')
      stage.carry()
      assert.equal(stage.state('transit', otherTransit), 'expected')
    },
  ],
  [
    'a movement query of an office that has its record changes nothing of it but the answer',
    () => {
      for (const step of ['released', 'arrived', 'written-off']) {
        const stage = playedTo(step)
        const before = stage.record('transit', transit)
        asksAt(stage, transit)
        const { query: answer, ...rest } = stage.record('transit', transit).data
        assert.deepEqual(rest, before.data)
        assert.equal(answer?.status, { released: 'REL', arrived: 'ARR', 'written-off': 'WRO' }[step])
        moved(stage.act('destination', destination, 'query'), stage.state('destination', destination), 'query-sent')
        stage.carry()
        nothingNew(stage.document('CD038C', queryAnswer(stage), { ...fromAlbania, office: transit }))
        const at = { ...fromAlbania, role: 'destination' as const, office: destination }
        nothingNew(stage.document('CD038C', queryAnswer(stage, destination), at))
      }
      const at = { ...fromAlbania, role: 'destination' as const, office: destination }
      nothingNew(new Stage().document('CD038C', queryAnswer(playedTo('accepted'), destination), at))
      nothingNew(
        new Stage().document('CD038C', queryAnswer(playedTo('accepted')), { ...at, role: 'transit', office: transit }),
      )
      const asked = stageIn('destination', 'queried')
      asked.carry()
      assert.equal(asked.record('destination', destination).data.query?.rejection, '5')
    },
  ],
  [
    'a movement query is refused: unknown, not released, invalidated',
    () => {
      const unknown = new Stage()
      unknown.mrn = playedTo('accepted').mrn
      for (const [stage, code] of [
        [unknown, '1'],
        [playedTo('accepted'), '5'],
        [stageIn('departure', 'invalidated'), '4'],
      ] as const) {
        asksAt(stage, otherTransit)
        const { data, state } = stage.record('transit', otherTransit)
        assert.deepEqual([state, data.query?.rejection, data.record], ['queried', code, undefined])
      }
      const stage = playedTo('released')
      refusedBy(stage, stage.document('CD027C', { ...query(stage), messageType: 'CD038C' }, toDeparture), 'CD906C', [
        '/CD027C/messageType 14 CL060 CD038C',
      ])
    },
  ],
  [
    'departure asks the offices on the way for their state; each answers, also one that knows nothing',
    () => {
      const stage = playedTo('crossed')
      moved(stage.act('departure', departure, 'ask-status'), 'crossed', 'status-asked')
      stage.carry()
      const told = () =>
        stage.record('departure', departure).data.statuses?.map(({ office, status }) => `${office} ${status}`)
      assert.deepEqual(told(), [`${transit} CRO`, `${destination} EXP`])
      moved(stage.document('CD095C', statusAnswer(stage, transit, 'ZZZ'), toDeparture), 'crossed', 'status-told')
      assert.deepEqual(told(), [`${destination} EXP`, `${transit} ZZZ`])

      const lost = playedTo('accepted')
      lost.act('departure', departure, 'release', { controlResult: 'A1' })
      lost.carry(({ type }) => type === 'CD001C' || type === 'CD050C')
      moved(lost.act('departure', departure, 'ask-status'), 'released', 'status-asked')
      lost.carry(({ type }) => type === 'CD001C' || type === 'CD050C')
      assert.deepEqual(
        lost.record('departure', departure).data.statuses?.map(({ status }) => status),
        ['UNK', 'UNK'],
      )
      assert.equal(lost.state('destination', destination), '-')
    },
  ],
  [
    'N0014, N0015: only offices on the way tell their state, only the country of the MRN asks for it',
    () => {
      const stage = playedTo('released')
      const stranger = { ...toDeparture, sender: 'NTA.MK' }
      refusedBy(stage, stage.document('CD095C', statusAnswer(stage, 'MK000401'), stranger), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`,
      ])
      for (const [role, office] of [
        ['transit', transit],
        ['destination', destination],
      ] as const)
        for (const at of [stage, stageIn(role, '-')]) {
          const doc = { ...statusRequest(at), CustomsOfficeOfDeparture: { referenceNumber: 'MK000401' } }
          const decision = at.document('CD094C', doc, { ...stranger, role, office })
          refusedBy(at, decision, 'CD906C', [`/*/TransitOperation/MRN 14 N0015 ${at.mrn}`])
          const faulty = { ...sample('CD094C', at)[0], messageType: 'CD095C' }
          refusedBy(at, at.document('CD094C', faulty, { ...fromAlbania, role, office }), 'CD906C', [
            '/CD094C/messageType 14 CL060 CD095C',
          ])
        }
    },
  ],
]
