import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { consignee, departure, destination, Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import { arrival, fromConsignee, playedTo, put, remarks, without } from '../story.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const fromAlbania = { sender: 'NTA.AL', from: 'administration' as const }

/** The offices of transit and destination, and the consignee. */
export const travelling: Scene[] = [
  [
    'what does not come in time is noted as overdue: the arrival seven days after the limit, the results six days after the arrival',
    () => {
      const due = (stage: Stage) => [...stage.timers].map(([key, at]) => `${key.split(' ').at(-1)} ${at}`)
      const released = playedTo('released')
      assert.equal(released.record('departure', departure).data.limitDate, '2026-12-02')
      assert.deepEqual(due(released), ['arrival-limit 2026-12-10T00:00:00'])
      moved(released.timer('departure', departure, 'arrival-limit'), 'status-asked', 'overdue')
      assert.deepEqual(released.record('departure', departure).data.overdue, {
        timer: 'arrival-limit',
        since: released.now,
      })
      moved(stageIn('departure', 'crossed').timer('departure', departure, 'arrival-limit'), 'status-asked', 'overdue')
      const arrived = stageIn('departure', 'arrived')
      assert.deepEqual(due(arrived), ['control-results 2026-11-30T14:00:00'])
      moved(arrived.timer('departure', departure, 'control-results'), 'arrived', 'overdue')
      moved(arrived.document('CD018C', ...sample('CD018C', arrived)), 'written-off', 'written-off')
      assert.deepEqual(due(arrived), [])
    },
  ],
  [
    'the office of transit: announced, crossed, told of the arrival; a repeated announcement is nothing new',
    () => {
      const stage = playedTo('released')
      const again = () => stage.document('CD050C', ...sample('CD050C', stage))
      nothingNew(again())
      moved(stage.act('transit', transit, 'cross', { passageDate: '2026-11-24' }), 'crossed', 'crossed')
      nothingNew(again())
      moved(stage.document('CD024C', ...sample('CD024C', stage)), 'closed', 'arrived')
      nothingNew(stage.document('CD024C', ...sample('CD024C', stage)))
      nothingNew(again())
      const unseen = playedTo('released')
      moved(unseen.document('CD024C', ...sample('CD024C', unseen)), 'closed', 'arrived')
    },
  ],
  [
    'an advice that overtakes its announcement waits, and is refused with 90 when none comes',
    () => {
      const stage = stageIn('transit', '-')
      const [doc, coming] = sample('CD024C', stage)
      assert.equal(stage.document('CD024C', doc, coming).outcome, 'waits')
      refusedBy(stage, stage.document('CD024C', doc, { ...coming, lastTry: true }), 'CD906C', [
        `/*/TransitOperation/MRN 90 90 ${stage.mrn}`,
      ])
    },
  ],
  [
    'N0014, N0015: only the office of departure announces a movement, under an MRN of its own country',
    () => {
      const foreign = { CustomsOfficeOfDeparture: { referenceNumber: 'MK000401' } }
      const stranger = { sender: 'NTA.MK', from: 'administration' as const }
      const refuse = (stage: Stage, type: string, office: string, id: string) =>
        refusedBy(
          stage,
          stage.document(type, { ...sample(type, stage)[0], ...foreign }, { ...stranger, office }),
          'CD906C',
          [`/*/TransitOperation/MRN 14 ${id} ${stage.mrn}`],
        )
      refuse(stageIn('transit', '-'), 'CD050C', transit, 'N0015')
      refuse(stageIn('destination', '-'), 'CD001C', destination, 'N0015')
      for (const state of ['expected', 'crossed', 'closed'])
        for (const type of ['CD050C', 'CD024C']) refuse(stageIn('transit', state), type, transit, 'N0014')
      for (const state of ['expected', 'arrived', 'unloading', 'unloaded', 'goods-released'])
        refuse(stageIn('destination', state), 'CD001C', destination, 'N0014')
    },
  ],
  [
    'a repeated record at the office of destination is nothing new in any state',
    () => {
      for (const state of ['expected', 'arrived', 'unloading', 'unloaded', 'goods-released']) {
        const stage = stageIn('destination', state)
        nothingNew(stage.document('CD001C', ...sample('CD001C', stage)))
      }
      const first = stageIn('destination', '-')
      moved(
        first.document('CD001C', { ...sample('CD001C', first)[0] }, { ...fromAlbania, office: destination }),
        'expected',
        'expected',
      )
    },
  ],
  [
    'N0004: one notifies an arrival, and remarks on unloading, under one’s own number',
    () => {
      const stage = playedTo('crossed')
      const other = { ...fromConsignee, sender: 'XK999999999' }
      const sent = refusedBy(stage, stage.document('CC007C', arrival(stage), other), 'CC057C', [
        `/*/TraderAtDestination/identificationNumber 14 N0004 ${consignee}`,
      ])
      assert.deepEqual(sent.to, { trader: 'XK999999999' })
      const unloading = playedTo('unloading')
      refusedBy(
        unloading,
        unloading.document('CC044C', remarks(unloading, undefined, 'XK999999999'), other),
        'CC057C',
        ['/*/TraderAtDestination/identificationNumber 14 N0004 XK999999999'],
      )
    },
  ],
  [
    'N0005: the simplified procedure needs C522, held and named',
    () => {
      const error = (value: string) => [`/CC007C/Authorisation/type 14 N0005 ${value}`]
      const unauthorised = playedTo('crossed')
      const sender = 'XK999999999'
      refusedBy(
        unauthorised,
        unauthorised.document('CC007C', arrival(unauthorised, undefined, sender), { ...fromConsignee, sender }),
        'CC057C',
        error('C522'),
      )
      const unnamed = playedTo('crossed')
      refusedBy(
        unnamed,
        unnamed.document('CC007C', arrival(unnamed, put('type', 'C520')), fromConsignee),
        'CC057C',
        error('C520'),
      )
    },
  ],
  [
    'N0006: an arrival is notified once',
    () => {
      for (const state of ['arrived', 'unloading', 'unloaded', 'goods-released']) {
        const stage = stageIn('destination', state)
        refusedBy(stage, stage.document('CC007C', arrival(stage), fromConsignee), 'CC057C', [
          `/CC007C/TransitOperation/MRN 92 N0006 ${stage.mrn}`,
        ])
      }
    },
  ],
  [
    'unloading that is not complete is permitted to go on, until the remarks say that it is',
    () => {
      const stage = playedTo('unloading')
      const partly = remarks(stage, put('unloadingCompletion', '0'))
      moved(stage.document('CC044C', partly, fromConsignee), 'unloading', 'permitted')
      assert.equal(text(stage.lastTold('CC043C').doc, 'CTLControl.continueUnloading'), '1')
      moved(stage.document('CC044C', remarks(stage), fromConsignee), 'unloaded', 'unloaded')
      const after = stage.document('CC044C', remarks(stage), fromConsignee)
      refusedBy(stage, after, 'CC057C', [`/*/TransitOperation/MRN 92 92 ${stage.mrn}`])
    },
  ],
  [
    'the normal procedure: the goods are presented at the office, controlled, released',
    () => {
      const stage = playedTo('crossed')
      const normal = (xml: string): string => put('simplifiedProcedure', '0')(without('Authorisation')(xml))
      const doc = arrival(stage, (xml) =>
        normal(xml).replace(
          /<typeOfLocation>[\s\S]*<\/authorisationNumber>/,
          '<typeOfLocation>A</typeOfLocation><qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice><referenceNumber>XK000301</referenceNumber></CustomsOffice>',
        ),
      )
      moved(stage.document('CC007C', doc, fromConsignee), 'arrived', 'arrived')
      assert.deepEqual(stage.act('destination', destination, 'permit-unloading'), {
        outcome: 'conflict',
        state: 'arrived',
      })
      moved(
        stage.act('destination', destination, 'record-results', { controlResult: 'A2' }),
        'goods-released',
        'goods-released',
      )
      stage.carry()
      assert.equal(stage.state('departure', 'AL000101'), 'written-off')
    },
  ],
  [
    'between administrations a faulty document is refused by CD906C, with pointer, code, reason and value',
    () => {
      for (const [role, state, type] of [
        ['departure', 'released', 'CD118C'],
        ['transit', 'expected', 'CD024C'],
        ['destination', '-', 'CD001C'],
        ['guarantee', 'held', 'CD209C'],
      ] as const) {
        const stage = stageIn(role, state)
        const [doc, coming] = sample(type, stage)
        const decision = stage.document(type, { ...doc, messageType: 'CC045C' }, coming)
        const sent = refusedBy(stage, decision, 'CD906C', [`/${type}/messageType 14 CL060 CC045C`])
        assert.deepEqual(sent.to, { party: coming.sender })
        assert.equal(text(sent.doc, 'Header.MRN'), stage.mrn)
      }
    },
  ],
]
