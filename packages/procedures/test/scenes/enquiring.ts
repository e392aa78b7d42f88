import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { declarant, departure, destination, grn, Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import { advice, crossing, fromDeclarant, guaranteeAnswer, playedTo, results, states, toDeparture } from '../story.ts'
import { enquiryEnded, holderAnswer, holderAsked, inEnquiry, overdue, underRecovery, unhappy } from '../unhappy.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const due = (stage: Stage) => [...stage.timers].map(([key, at]) => `${key.split(' ').at(-1)} ${at.slice(0, 10)}`)
const act = (stage: Stage, name: string, fields: Record<string, string> = {}) =>
  stage.act('departure', departure, name, fields)
const answers = (stage: Stage, role: 'transit' | 'destination', responseCode: string) =>
  stage.act(role, role === 'transit' ? transit : destination, 'answer-enquiry', { responseCode })
const asked = {
  asked: () => overdue(),
  enquiry: () => inEnquiry(),
  holder: () => holderAsked(),
  ended: () => enquiryEnded(),
}
const open = Object.values(asked)

/** A movement that does not arrive: status request, enquiry, the holder is asked. */
export const enquiring: Scene[] = [
  [
    'seven days after the limit the state at destination is asked for; not arrived there: the enquiry begins by itself',
    () => {
      const stage = playedTo('released')
      moved(stage.timer('departure', departure, 'arrival-limit'), 'status-asked', 'overdue')
      assert.deepEqual(due(stage), ['status-answer 2026-11-26', 'recovery 2027-07-03'])
      stage.carry()
      assert.equal(states(stage), 'enquiry held expected expected')
      assert.deepEqual(
        stage.record('departure', departure).data.statuses?.map(({ office, status }) => `${office} ${status}`),
        [`${transit} EXP`, `${destination} EXP`],
      )
      assert.deepEqual(due(stage), ['recovery 2027-07-03', 'enquiry-answer 2026-12-22'])
      const requests = stage.sent.filter(({ type }) => type === 'CD142C')
      assert.deepEqual(
        requests.map(({ to }) => to),
        [{ office: destination }, { office: transit }],
      )
      assert.equal(text(requests[0]?.doc, 'Enquiry.limitForTheEnquiryResponseDate'), '2026-12-22')
      assert.ok(stage.record('transit', transit).data.asked?.some((open) => open.for === 'enquiry'))
    },
  ],
  [
    'no answer to the status request within two days: the enquiry begins; a late answer is noted',
    () => {
      const stage = overdue()
      moved(stage.timer('departure', departure, 'status-answer'), 'enquiry', 'enquiry-started')
      stage.carry()
      assert.equal(stage.state('departure', departure), 'enquiry')
      assert.equal(stage.sent.filter(({ type }) => type === 'CD142C').length, 1, 'the crossing is known')
      moved(stage.document('CD095C', unhappy(stage, 'CD095C', departure), toDeparture), 'enquiry', 'status-told')
    },
  ],
  [
    'arrived there: the advice is waited for, and comes; what was asked is cancelled',
    () => {
      const stage = overdue()
      const told = unhappy(stage, 'CD095C', departure, { TransitOperation: { status: 'ULP' } })
      moved(stage.document('CD095C', told, toDeparture), 'status-asked', 'status-told')
      moved(stage.document('CD006C', advice(stage), toDeparture), 'arrived', 'arrived')
      assert.deepEqual(due(stage), ['control-results 2026-11-30'])
      assert.equal(stage.sent.filter(({ type }) => type === 'CD059C').length, 0, 'nobody was enquired')
    },
  ],
  [
    'every office answers that the goods were not presented: the holder is asked, and tells where they went',
    () => {
      const stage = inEnquiry(overdue(playedTo('released')))
      moved(answers(stage, 'destination', '2'), 'expected', 'enquiry-answered')
      assert.equal(answers(stage, 'destination', '2').outcome, 'conflict')
      stage.carry()
      assert.equal(stage.state('departure', departure), 'enquiry', 'the office of transit has not answered')
      moved(answers(stage, 'transit', '4'), 'expected', 'enquiry-answered')
      stage.carry()
      assert.equal(stage.state('departure', departure), 'holder-asked')
      assert.equal(text(stage.lastTold('CC140C').doc, 'TransitOperation.limitForResponseDate'), '2026-12-22')
      assert.deepEqual(due(stage), ['recovery 2027-07-03', 'holder-answer 2026-12-22'])
      const answer = holderAnswer(stage, { CustomsOfficeOfDestinationActual: { referenceNumber: 'MK000401' } })
      moved(stage.document('CC141C', answer, fromDeclarant), 'enquiry-ended', 'holder-answered')
      moved(stage.document('CC141C', answer, fromDeclarant), 'enquiry-ended', 'holder-answered')
      moved(act(stage, 'enquire'), 'enquiry', 'enquiry-started')
      const last = stage.sent.at(-1)
      assert.deepEqual(last?.to, { office: 'MK000401' })
      assert.equal(text(last?.doc, 'Enquiry.text'), 'Delivered to the consignee at Prizren')
    },
  ],
  [
    'nobody answers: after twenty-eight days the holder is asked, after twenty-eight more the office must decide',
    () => {
      const stage = inEnquiry()
      moved(stage.timer('departure', departure, 'enquiry-answer'), 'holder-asked', 'holder-asked')
      moved(stage.timer('departure', departure, 'holder-answer'), 'enquiry-ended', 'overdue')
      assert.deepEqual(due(stage), ['recovery 2027-07-03'])
      const early = inEnquiry()
      moved(act(early, 'ask-holder'), 'holder-asked', 'holder-asked')
    },
  ],
  [
    'information is asked for and given between the authorities',
    () => {
      for (const make of [inEnquiry, holderAsked, enquiryEnded]) {
        const stage = make()
        assert.equal(act(stage, 'give-information').outcome, 'conflict')
        const wanted = { requestedInformation: '2', text: 'Who is the consignee?' }
        moved(stage.act('destination', destination, 'ask-information', wanted), 'expected', 'information-asked')
        const state = stage.state('departure', departure)
        stage.carry()
        assert.equal(stage.state('departure', departure), state)
        moved(
          act(stage, 'give-information', { informationCode: '02', text: 'Sharr Cargo' }),
          state,
          'information-given',
        )
        stage.carry()
        assert.equal(text(stage.sent.at(-1)?.doc, 'ResponseInformation.informationCode'), '02')
        assert.equal(act(stage, 'give-information').outcome, 'conflict')
      }
    },
  ],
  [
    'the movement arrives after all: offices that were asked are told, and the movement ends well',
    () => {
      for (const make of open) {
        const stage = make()
        moved(stage.document('CD118C', crossing(stage), toDeparture), stage.state('departure', departure), 'crossed')
        assert.equal(stage.document('CD018C', results(stage), toDeparture).outcome, 'waits')
        refusedBy(stage, stage.document('CD018C', results(stage), { ...toDeparture, lastTry: true }), 'CD906C', [
          `/*/TransitOperation/MRN 92 92 ${stage.mrn}`,
        ])
        moved(stage.document('CD006C', advice(stage), toDeparture), 'arrived', 'arrived')
        stage.carry()
        assert.deepEqual(due(stage), ['control-results 2026-11-30'])
        assert.deepEqual(stage.record('destination', destination).data.asked ?? [], [])
        assert.equal(answers(stage, 'destination', '1').outcome, 'conflict')
        moved(stage.document('CD018C', results(stage), toDeparture), 'written-off', 'written-off')
      }
      const wide = inEnquiry(overdue(playedTo('released')))
      wide.document('CD006C', advice(wide), toDeparture)
      wide.carry()
      assert.deepEqual(wide.record('transit', transit).data.asked, [])
    },
  ],
  [
    'the holder proves the end of the movement otherwise: it is written off',
    () => {
      for (const make of open.slice(1)) {
        const stage = make()
        moved(act(stage, 'accept-proof', { text: 'Customs stamp of Prizren' }), 'written-off', 'proof-accepted')
        stage.carry()
        assert.equal(stage.state('guarantee', 'AL000901'), 'credited')
        assert.deepEqual(due(stage), [])
      }
    },
  ],
  [
    'N0053, N0014: only the holder of the movement and the offices on its way answer',
    () => {
      const stage = holderAsked()
      const other = { ...fromDeclarant, sender: 'ALL99999999Z' }
      refusedBy(stage, stage.document('CC141C', holderAnswer(stage), other), 'CC056C', [
        `/*/HolderOfTheTransitProcedure/identificationNumber 14 N0053 ${declarant}`,
      ])
      for (const type of ['CD143C', 'CD145C'])
        refusedBy(
          stage,
          stage.document(type, unhappy(stage, type, departure), { ...toDeparture, sender: 'NTA.MK' }),
          'CD906C',
          [`/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`],
        )
    },
  ],
  [
    'late answers are noted in every later state and change nothing; what the holder says unasked is kept',
    () => {
      const later = ['arrived', 'discrepancies', 'written-off', 'under-recovery', 'recovery-requested', 'recovered']
      for (const state of ['holder-asked', 'enquiry-ended', 'recovery-transferred', ...later]) {
        const stage = stageIn('departure', state)
        for (const [type, event] of [
          ['CD095C', 'status-told'],
          ['CD143C', 'enquiry-answered'],
        ] as const)
          moved(stage.document(type, unhappy(stage, type, departure), toDeparture), state, event)
      }
      for (const state of ['status-asked', 'enquiry', 'under-recovery', 'recovery-requested', 'recovery-transferred']) {
        const stage = stageIn('departure', state)
        moved(stage.document('CC141C', holderAnswer(stage), fromDeclarant), state, 'holder-answered')
      }
      for (const make of [...open, underRecovery]) {
        const stage = make()
        for (const type of ['CD201C', 'CD205C'] as const)
          nothingNew(stage.document(type, guaranteeAnswer(stage, type, { [grn]: [] }), sample(type, stage)[1]))
      }
    },
  ],
  [
    'an office answers a status request with the state that it has, and a faulty question with a refusal',
    () => {
      for (const [state, code] of [
        ['expected', 'EXP'],
        ['unloading', 'ULP'],
        ['cancelled', 'CAN'],
      ] as const) {
        const stage = stageIn('destination', state)
        moved(stage.document('CD094C', ...sample('CD094C', stage, 'destination')), state, 'status-told')
        assert.equal(text(stage.sent.at(-1)?.doc, 'TransitOperation.status'), code)
      }
      for (const [role, type] of [
        ['transit', 'CD142C'],
        ['destination', 'CD142C'],
        ['departure', 'CD143C'],
        ['departure', 'CD151C'],
      ] as const) {
        const stage = role === 'departure' ? inEnquiry() : stageIn(role, 'expected')
        const [doc, coming] = sample(type, stage, role)
        refusedBy(stage, stage.document(type, { ...doc, messageType: 'CC045C' }, coming), 'CD906C', [
          `/${type}/messageType 14 CL060 CC045C`,
        ])
      }
      const stranger = stageIn('transit', 'expected')
      const [doc, coming] = sample('CD142C', stranger, 'transit')
      refusedBy(stranger, stranger.document('CD142C', doc, { ...coming, sender: 'NTA.MK' }), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0014 ${stranger.mrn}`,
      ])
    },
  ],
]
