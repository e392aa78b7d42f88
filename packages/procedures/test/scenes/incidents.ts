import assert from 'node:assert/strict'
import { groups, meansNow, sealsNow, text, texts } from '../../src/index.ts'
import { declarant, departure, destination, Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import { arrival, forwarded, fromConsignee, incident, playedTo, put, toDeparture } from '../story.ts'
import { otherTransit } from './diverting.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const place = { place: 'R7, km 12', postcode: '20000', city: 'Prizren' }
const codesOf = (stage: Stage, role: 'departure' | 'transit' | 'destination', office: string): unknown[] =>
  (stage.record(role, office).data.incidents ?? []).map((each) => each.incident['code'])
const toDestination = { sender: 'NTA.AL', from: 'administration' as const, office: destination }

/** What the acts of the six codes say, by act. */
const cases: [string, Record<string, string>][] = [
  ['register-incident', { code: '1' }],
  ['register-seals', { code: '2', seals: 'XK-1 XK-2' }],
  ['register-transhipment', { code: '3', identificationNumber: '01-234-AB', nationality: 'XK', seals: 'XK-3' }],
  ['register-seals', { code: '4', seals: 'XK-4' }],
  ['register-incident', { code: '5' }],
  [
    'register-transhipment',
    { code: '6', identificationNumber: '05-678-CD', nationality: 'XK', container: 'MSCU1234565' },
  ],
]

const notified = (xml: string): string =>
  put(
    'incidentFlag',
    '1',
  )(xml).replace(
    '</LocationOfGoods>',
    `$&<Incident><sequenceNumber>1</sequenceNumber><code>3</code><text>Transhipped after a breakdown</text>
      <Endorsement><date>2026-11-24</date><authority>Customs, Prizren</authority><place>Prizren</place><country>XK</country></Endorsement>
      <Location><qualifierOfIdentification>U</qualifierOfIdentification><UNLocode>XKPRZ</UNLocode><country>XK</country></Location>
      <Transhipment><containerIndicator>0</containerIndicator><TransportMeans><typeOfIdentification>30</typeOfIdentification>
      <identificationNumber>01-777-ZZ</identificationNumber><nationality>XK</nationality></TransportMeans></Transhipment></Incident>`,
  )

/** Incidents on the way and controls en route: registered, kept, forwarded, told. */
export const incidents: Scene[] = [
  [
    'incidents of codes 1 to 6 at the office of transit: departure keeps them, tells the holder, and the offices that are left',
    () => {
      const stage = playedTo('released')
      cases.forEach(([act, fields], index) => {
        const words = { text: `Incident ${index + 1}`, ...place, ...fields }
        moved(stage.act('transit', transit, act, words), 'expected', 'incident')
        stage.carry()
      })
      const all = ['1', '2', '3', '4', '5', '6']
      for (const [role, office] of [
        ['departure', departure],
        ['transit', transit],
        ['destination', destination],
      ] as const) {
        assert.deepEqual(codesOf(stage, role, office), all, role)
        const { data } = stage.record(role, office)
        assert.deepEqual(sealsNow(data), ['XK-4'])
        assert.equal(text(meansNow(data), 'identificationNumber'), '05-678-CD')
      }
      const told = stage.told.filter(({ type }) => type === 'CC182C')
      assert.deepEqual(
        told.map(({ to, doc }) => ['trader' in to && to.trader, text(doc, 'Consignment.Incident.code')]),
        all.map((code) => [declarant, code]),
      )
      const forward = stage.sent.find(({ type }) => type === 'CD181C')?.doc
      assert.deepEqual(texts(forward, 'CustomsOfficeOfTransitDeclared.referenceNumber'), [])
      moved(stage.act('transit', transit, 'cross', { passageDate: '2026-11-24' }), 'crossed', 'crossed')
      moved(
        stage.act('transit', transit, 'register-incident', { code: '5', text: 'A tyre', ...place }),
        'crossed',
        'incident',
      )
      stage.carry()
      stage.document('CC007C', arrival(stage), fromConsignee)
      moved(stage.act('destination', destination, 'permit-unloading'), 'unloading', 'permitted')
      assert.deepEqual(texts(stage.lastTold('CC043C').doc, 'Consignment.Incident.code'), [...all, '5'])
      const late = { code: '5', text: 'Too late', ...place }
      assert.equal(stage.act('destination', destination, 'register-incident', late).outcome, 'conflict')
    },
  ],
  [
    'an incident registered at destination before the arrival is told to the offices of transit that are left',
    () => {
      for (const [act, fields] of cases.slice(0, 3)) {
        const stage = playedTo('released')
        const { code } = fields
        moved(stage.act('destination', destination, act, { text: 'Seen', ...place, ...fields }), 'expected', 'incident')
        stage.carry()
        assert.deepEqual(
          [codesOf(stage, 'transit', transit), codesOf(stage, 'destination', destination)],
          [[code], [code]],
        )
      }
    },
  ],
  [
    'an arrival notification that says there was an incident: the office registers it, as old as the notification',
    () => {
      const stage = playedTo('crossed')
      stage.document('CC007C', arrival(stage, put('incidentFlag', '1')), fromConsignee)
      stage.carry()
      stage.now = '2026-11-24T18:00:00'
      for (const [act, fields] of cases.slice(0, 3))
        moved(stage.act('destination', destination, act, { text: 'Seen', ...place, ...fields }), 'arrived', 'incident')
      stage.carry()
      assert.deepEqual(codesOf(stage, 'departure', departure), ['1', '2', '3'])
    },
  ],
  [
    'incidents in an arrival notification (in the transitional period) are registered before the arrival is advised',
    () => {
      const stage = playedTo('crossed')
      stage.transitional = true
      moved(stage.document('CC007C', arrival(stage, notified), fromConsignee), 'arrived', 'arrived')
      assert.deepEqual(
        stage.owed.map(({ type }) => type),
        ['CD180C', 'CD006C'],
      )
      stage.carry()
      assert.equal(text(meansNow(stage.record('departure', departure).data), 'identificationNumber'), '01-777-ZZ')
      assert.equal(stage.state('departure', departure), 'arrived')
      assert.equal(text(stage.lastTold('CC182C').doc, 'Consignment.Incident.code'), '3')

      const asked = playedTo('accepted')
      asked.transitional = true
      asked.act('departure', departure, 'release', { controlResult: 'A1' })
      asked.carry((sent) => sent.type === 'CD001C')
      asked.document('CC007C', arrival(asked, notified), fromConsignee)
      asked.carry()
      assert.deepEqual(codesOf(asked, 'departure', departure), ['3'])
    },
  ],
  [
    'a record that is asked for has the incidents; with one, a binding itinerary is no reason to refuse it',
    () => {
      const stage = playedTo('released')
      stage.act('transit', transit, 'register-incident', { code: '1', text: 'Landslide', ...place })
      stage.carry()
      moved(stage.act('transit', otherTransit, 'request-record'), 'requested', 'record-asked')
      stage.carry()
      assert.deepEqual(codesOf(stage, 'transit', otherTransit), ['1'])
      moved(
        stage.act('transit', transit, 'register-incident', { code: '5', text: 'Again', ...place }),
        'expected',
        'incident',
      )
      stage.carry()
      assert.deepEqual(codesOf(stage, 'transit', otherTransit), ['1', '5'])
    },
  ],
  [
    'a control en route reaches the other offices as an incident of code 7; seals that it changed are beside it',
    () => {
      const stage = playedTo('released')
      const seen = { controlResult: 'A1', text: 'Opened and counted', ...place }
      moved(stage.act('transit', transit, 'record-control', seen), 'expected', 'incident')
      moved(stage.act('transit', transit, 'record-control', { ...seen, seals: 'XK-9' }), 'expected', 'incident')
      stage.carry()
      const { data } = stage.record('destination', destination)
      assert.deepEqual(codesOf(stage, 'destination', destination), ['7', '7', '2'])
      assert.equal(data.incidents?.[0]?.incident['text'], 'A1: Opened and counted')
      assert.deepEqual(sealsNow(data), ['XK-9'])
      assert.equal(groups(stage.lastTold('CC182C').doc, 'Consignment.Incident').length, 2)
    },
  ],
  [
    'N0037: a notice that comes late is kept; one of after the arrival is refused',
    () => {
      for (const state of ['arrived', 'discrepancies', 'written-off']) {
        const stage = stageIn('departure', state)
        moved(stage.document('CD180C', incident(stage), toDeparture), state, 'incident')
        nothingNew(stage.document('CD180C', incident(stage), toDeparture))
        assert.equal(stage.owed.length, 0)
        const doc = {
          ...incident(stage),
          TransitOperation: { MRN: stage.mrn, incidentNotificationDateAndTime: '2026-11-25T09:00:00' },
        }
        refusedBy(stage, stage.document('CD180C', doc, toDeparture), 'CD906C', [
          '/CD180C/TransitOperation/incidentNotificationDateAndTime 92 N0037 2026-11-25T09:00:00',
        ])
      }
      const released = stageIn('departure', 'released')
      refusedBy(
        released,
        released.document('CD180C', incident(released, 'MK000401'), { ...toDeparture, sender: 'NTA.MK' }),
        'CD906C',
        [`/*/TransitOperation/MRN 14 N0014 ${released.mrn}`],
      )
    },
  ],
  [
    'an incident that is passed on is kept once; before its record it waits; one that another office tells is refused',
    () => {
      for (const role of ['transit', 'destination'] as const) {
        const office = { transit, destination }[role]
        const comes = { ...toDestination, office, role }
        const states =
          role === 'transit'
            ? ['expected', 'crossed', 'closed', 'cancelled']
            : ['expected', 'arrived', 'unloading', 'unloaded', 'waiting-discrepancies', 'goods-released', 'closed']
        for (const state of states) {
          const stage = stageIn(role, state)
          moved(stage.document('CD181C', forwarded(stage), comes), state, 'incident')
          nothingNew(stage.document('CD181C', forwarded(stage), comes))
          const foreign = { ...forwarded(stage), CustomsOfficeOfDeparture: { referenceNumber: 'MK000401' } }
          refusedBy(stage, stage.document('CD181C', foreign, { ...comes, sender: 'NTA.MK' }), 'CD906C', [
            `/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`,
          ])
        }
        for (const state of ['requested', 'refused']) {
          const stage = stageIn(role, state)
          nothingNew(stage.document('CD181C', forwarded(stage), comes))
        }
        const none = stageIn(role, '-')
        const [doc] = sample('CD181C', none)
        assert.equal(none.document('CD181C', doc, comes).outcome, 'waits')
        refusedBy(none, none.document('CD181C', doc, { ...comes, lastTry: true }), 'CD906C', [
          `/*/TransitOperation/MRN 90 90 ${none.mrn}`,
        ])
        refusedBy(none, none.document('CD181C', { ...doc, messageType: 'CD180C' }, comes), 'CD906C', [
          '/CD181C/messageType 14 CL060 CD180C',
        ])
      }
      const faulty = playedTo('released')
      refusedBy(
        faulty,
        faulty.document('CD180C', { ...incident(faulty), messageType: 'CD181C' }, toDeparture),
        'CD906C',
        ['/CD180C/messageType 14 CL060 CD181C'],
      )
    },
  ],
]
