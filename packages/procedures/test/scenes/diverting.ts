import assert from 'node:assert/strict'
import { makeMrn } from '@corridor/customs'
import { groups, text } from '../../src/index.ts'
import { departure, destination, grn, Stage, transit } from '../stage.ts'
import { sample, stageIn } from '../states.ts'
import {
  arrival,
  crossing,
  declaration,
  fromConsignee,
  fromDeclarant,
  playedTo,
  put,
  recordRequest,
  rejection,
  toDeparture,
} from '../story.ts'
import { moved, nothingNew, refusedBy, rejectionReason, type Scene } from './scene.ts'

/** Offices that the declaration does not name. */
export const otherTransit = 'XK000202'
export const otherDestination = 'XK000302'
export const atOther = { ...fromConsignee, office: otherDestination }
const ofGermany = makeMrn('26', 'DE', 'ABCDEFGHIJK1', 'J')
const bound = (xml: string): string =>
  put(
    'bindingItinerary',
    '1',
  )(xml).replace(
    '</DepartureTransportMeans>',
    '$&<CountryOfRoutingOfConsignment><sequenceNumber>1</sequenceNumber><country>XK</country></CountryOfRoutingOfConsignment>',
  )
const named = (xml: string): string =>
  xml.replace(/(<CustomsOfficeOfDestinationActual>\s*<referenceNumber>)[^<]*/, `$1${otherDestination}`)

/** Played to a step with a declaration that was changed. */
function declaredAs(change: (xml: string) => string, last = 'released'): Stage {
  const stage = new Stage()
  stage.document('CC015C', declaration(change), fromDeclarant)
  stage.carry()
  if (last === 'released') stage.act('departure', departure, 'release', { controlResult: 'A1' })
  stage.carry()
  return stage
}

const asks = (stage: Stage, office = otherTransit): void => {
  moved(stage.act('transit', office, 'request-record'), 'requested', 'record-asked')
  stage.carry()
}

const codeOf = (stage: Stage, type: string): string | undefined =>
  text(stage.sent.findLast((sent) => sent.type === type)?.doc, 'TransitOperation.requestRejectionReasonCode')

/** Where the goods wait for what departure decides. */
const waiting = ['waiting-discrepancies', 'discrepancies-unsolved']

/** Offices that do not hold the record, and what the office of departure answers. */
export const diverting: Scene[] = [
  [
    'diversion at transit: the office asks, gets the record, and notifies the crossing; the declared one is closed by the arrival',
    () => {
      const stage = playedTo('released')
      asks(stage)
      const given = stage.sent.findLast((sent) => sent.type === 'CD115C') ?? assert.fail()
      assert.equal(given.answers, true)
      assert.equal(text(given.doc, 'CustomsOfficeOfTransitActual.guaranteeNotValidForCountry'), '0')
      assert.equal(groups(given.doc, 'Consignment.HouseConsignment.ConsignmentItem').length, 3)
      assert.equal(stage.state('transit', otherTransit), 'expected')
      assert.deepEqual(stage.record('departure', departure).data.diverted, [{ role: 'transit', office: otherTransit }])
      moved(stage.act('transit', otherTransit, 'cross', { passageDate: '2026-11-24' }), 'crossed', 'crossed')
      stage.carry()
      assert.equal(stage.state('departure', departure), 'crossed')
      stage.document('CC007C', arrival(stage), fromConsignee)
      stage.carry()
      assert.deepEqual([stage.state('transit', transit), stage.state('transit', otherTransit)], ['closed', 'closed'])
    },
  ],
  [
    'diversion to another country: its administration takes part from then on',
    () => {
      const stage = playedTo('released')
      const fromMacedonia = { ...toDeparture, sender: 'NTA.MK' }
      const passes = () => stage.document('CD118C', crossing(stage, 'MK000401'), fromMacedonia)
      refusedBy(stage, passes(), 'CD906C', [`/*/TransitOperation/MRN 14 N0014 ${stage.mrn}`])
      asks(stage, 'MK000401')
      moved(passes(), 'crossed', 'crossed')
      asks(playedTo('crossed'), 'MK000401')
    },
  ],
  [
    'refused diversions: unknown, not released, binding itinerary, guarantee not valid there, arrived, invalidated',
    () => {
      const refusals: [Stage, string][] = [
        [playedTo('accepted'), '5'],
        [declaredAs(bound), '3'],
        [playedTo('arrived'), '2'],
        [stageIn('departure', 'discrepancies'), '2'],
        [playedTo('written-off'), '2'],
        [stageIn('departure', 'invalidated'), '4'],
        [stageIn('departure', 'not-released'), '5'],
      ]
      const abroad = playedTo('released')
      abroad.guarantees[grn] = { ...(abroad.guarantees[grn] ?? assert.fail()), notValidIn: ['XK'] }
      const unknown = new Stage()
      unknown.mrn = playedTo('accepted').mrn
      for (const [stage, code] of [...refusals, [abroad, '6'], [unknown, '1']] as [Stage, string][]) {
        asks(stage)
        assert.deepEqual([codeOf(stage, 'CD115C'), stage.state('transit', otherTransit)], [code, 'refused'])
        assert.equal(stage.record('transit', otherTransit).data.rejection, code)
      }
      const flag = abroad.sent.findLast((sent) => sent.type === 'CD115C')?.doc
      assert.equal(text(flag, 'CustomsOfficeOfTransitActual.guaranteeNotValidForCountry'), '1')
      abroad.guarantees[grn] = { ...(abroad.guarantees[grn] ?? assert.fail()), notValidIn: [] }
      asks(abroad)
      assert.equal(abroad.state('transit', otherTransit), 'expected')
    },
  ],
  [
    'a declared office that asks is not bound elsewhere: its announcement was lost',
    () => {
      const stage = declaredAs(bound, 'accepted')
      stage.act('departure', departure, 'release', { controlResult: 'A1' })
      stage.carry((sent) => sent.type === 'CD050C')
      moved(stage.act('transit', transit, 'request-record'), 'requested', 'record-asked')
      stage.carry((sent) => sent.type === 'CD050C')
      assert.equal(stage.state('transit', transit), 'expected')
      stage.carry()
      assert.equal(stage.state('transit', transit), 'expected')
    },
  ],
  [
    'an announcement that comes while the record is asked for is the record; the answer then says nothing new',
    () => {
      for (const state of ['requested', 'refused']) {
        const stage = stageIn('transit', state)
        moved(stage.document('CD050C', ...sample('CD050C', stage)), 'expected', 'expected')
        nothingNew(stage.document('CD115C', ...sample('CD115C', stage)))
      }
      for (const state of ['expected', 'crossed', 'closed', 'refused']) {
        const stage = stageIn('transit', state)
        nothingNew(stage.document('CD115C', ...sample('CD115C', stage)))
      }
    },
  ],
  [
    'the goods arrive while an office of transit waits for the record: it is closed as soon as it has it',
    () => {
      for (const type of ['CD115C', 'CD050C'] as const) {
        const stage = playedTo('released')
        moved(stage.act('transit', otherTransit, 'request-record'), 'requested', 'record-asked')
        stage.carry((sent) => sent.type === 'CD115C')
        stage.document('CC007C', arrival(stage), fromConsignee)
        stage.carry((sent) => sent.type === 'CD115C')
        assert.equal(stage.state('transit', otherTransit), 'requested')
        const [doc, coming] = type === 'CD115C' ? [undefined, undefined] : sample('CD050C', stage)
        if (doc !== undefined)
          moved(stage.document(type, doc, { ...coming, office: otherTransit }), 'closed', 'arrived')
        stage.carry()
        assert.equal(stage.state('transit', otherTransit), 'closed')
      }
    },
  ],
  [
    'N0015: a record is given by the country of the MRN; one that no administration allocated is not asked for',
    () => {
      const stage = stageIn('transit', 'requested')
      const [doc, coming] = sample('CD050C', stage)
      const foreign = { ...doc, messageType: 'CD115C', CustomsOfficeOfDeparture: { referenceNumber: 'MK000401' } }
      const flag = { CustomsOfficeOfTransitActual: { referenceNumber: transit, guaranteeNotValidForCountry: '0' } }
      const { CustomsOfficeOfTransitDeclared: _, ...given } = foreign as typeof foreign & Record<string, unknown>
      refusedBy(stage, stage.document('CD115C', { ...given, ...flag }, coming), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0015 ${stage.mrn}`,
      ])
      refusedBy(stage, stage.document('CD050C', foreign && { ...foreign, messageType: 'CD050C' }, coming), 'CD906C', [
        `/*/TransitOperation/MRN 14 N0015 ${stage.mrn}`,
      ])
      const there = stageIn('destination', 'requested')
      const { CustomsOfficeOfDestinationDeclared: __, ...aar } = sample('CD001C', there)[0]
      const actual = { CustomsOfficeOfDestinationActual: { referenceNumber: destination } }
      const answer = {
        ...aar,
        ...actual,
        messageType: 'CD003C',
        CustomsOfficeOfDeparture: foreign.CustomsOfficeOfDeparture,
      }
      refusedBy(
        there,
        there.document('CD003C', answer, { ...coming, role: 'destination', office: destination }),
        'CD906C',
        [`/*/TransitOperation/MRN 14 N0015 ${there.mrn}`],
      )
      const strange = new Stage()
      strange.mrn = ofGermany
      assert.deepEqual(strange.act('transit', transit, 'request-record'), { outcome: 'conflict', state: '-' })
    },
  ],
  [
    'diversion at destination: the arrival is recorded when the record comes, and closes the declared office',
    () => {
      const stage = playedTo('crossed')
      moved(stage.document('CC007C', arrival(stage, named), atOther), 'requested', 'record-asked')
      refusedBy(stage, stage.document('CC007C', arrival(stage, named), atOther), 'CC057C', [
        `/CC007C/TransitOperation/MRN 92 N0006 ${stage.mrn}`,
      ])
      stage.carry()
      assert.deepEqual(
        [stage.state('destination', otherDestination), stage.state('destination', destination)],
        ['arrived', 'closed'],
      )
      assert.equal(stage.state('departure', departure), 'arrived')
      assert.equal(stage.state('transit', transit), 'closed')
      moved(stage.act('destination', otherDestination, 'permit-unloading'), 'unloading', 'permitted')
      assert.equal(
        text(stage.lastTold('CC043C').doc, 'CustomsOfficeOfDestinationActual.referenceNumber'),
        otherDestination,
      )
      refusedBy(stage, stage.document('CC007C', arrival(stage), fromConsignee), 'CC057C', [
        `/CC007C/TransitOperation/MRN 92 N0032 ${stage.mrn}`,
      ])
      refusedBy(
        stage,
        stage.document('CC007C', arrival(stage), { ...fromConsignee, sender: 'XK999999999' }),
        'CC057C',
        [`/*/TraderAtDestination/identificationNumber 14 N0004 XK810123456`],
      )
      nothingNew(stage.document('CD001C', ...sample('CD001C', stage)))
      nothingNew(stage.document('CD024C', ...sample('CD024C', stage)))
    },
  ],
  [
    'an announcement that comes after the request is the record: the arrival is recorded',
    () => {
      const stage = playedTo('accepted')
      stage.act('departure', departure, 'release', { controlResult: 'A1' })
      stage.carry((sent) => sent.type === 'CD001C')
      moved(stage.document('CC007C', arrival(stage), fromConsignee), 'requested', 'record-asked')
      stage.carry((sent) => ['CD002C', 'CD003C'].includes(sent.type))
      assert.equal(stage.state('destination', destination), 'arrived')
      stage.carry()
      assert.equal(stage.state('destination', destination), 'arrived')
      assert.equal(stage.state('departure', departure), 'arrived')
    },
  ],
  [
    'refused at destination: the trader reads why, and may notify again',
    () => {
      const early = playedTo('accepted')
      early.document('CC007C', arrival(early), fromConsignee)
      early.carry()
      assert.equal(early.state('destination', destination), 'refused')
      const told = early.lastTold('CC057C')
      assert.deepEqual([told.correlation, text(told.doc, 'FunctionalError.errorReason')], ['M1', 'N0035'])
      assert.match(rejectionReason(told), /not released for transit/)
      early.act('departure', departure, 'release', { controlResult: 'A1' })
      early.carry()
      assert.equal(early.state('destination', destination), 'expected')

      const twice = playedTo('arrived')
      twice.document('CC007C', arrival(twice, named), atOther)
      twice.carry()
      assert.equal(text(twice.lastTold('CC057C').doc, 'FunctionalError.errorReason'), 'N0032')
      moved(twice.document('CC007C', arrival(twice, named), atOther), 'requested', 'record-asked')
      const odd = rejection(twice, 'CD003C', otherDestination, '9')
      moved(
        twice.document('CD003C', odd, { sender: 'NTA.AL', from: 'administration', office: otherDestination }),
        'refused',
        'record-refused',
      )
      assert.equal(text(twice.lastTold('CC057C').doc, 'FunctionalError.errorReason'), 'N0030')

      const strange = new Stage()
      strange.mrn = ofGermany
      const doc = arrival(strange)
      refusedBy(strange, strange.document('CC007C', doc, fromConsignee), 'CC057C', [
        `/*/TransitOperation/MRN 90 90 ${strange.mrn}`,
      ])
    },
  ],
  [
    'the declared office of destination hears of an arrival elsewhere, at once or after its announcement',
    () => {
      const stage = stageIn('destination', '-')
      const [doc, coming] = sample('CD024C', stage)
      const at = { ...coming, role: 'destination' as const, office: destination }
      assert.equal(stage.document('CD024C', doc, at).outcome, 'waits')
      refusedBy(stage, stage.document('CD024C', doc, { ...at, lastTry: true }), 'CD906C', [
        `/*/TransitOperation/MRN 90 90 ${stage.mrn}`,
      ])
      for (const state of [
        'requested',
        'arrived',
        'unloading',
        'unloaded',
        ...waiting,
        'goods-released',
        'cancelled',
      ]) {
        const there = stageIn('destination', state)
        nothingNew(there.document('CD024C', sample('CD024C', there)[0], at))
        if (state !== 'requested') nothingNew(there.document('CD003C', ...sample('CD003C', there)))
      }
      const foreign = { CustomsOfficeOfDeparture: { referenceNumber: 'MK000401' } }
      for (const state of [
        'expected',
        'arrived',
        'unloading',
        'unloaded',
        ...waiting,
        'goods-released',
        'closed',
        'cancelled',
      ]) {
        const there = stageIn('destination', state)
        for (const type of state === 'closed' ? ['CD024C', 'CD001C'] : ['CD024C'])
          refusedBy(
            there,
            there.document(type, { ...sample(type, there)[0], ...foreign }, { ...at, sender: 'NTA.MK' }),
            'CD906C',
            [`/*/TransitOperation/MRN 14 N0014 ${there.mrn}`],
          )
      }
    },
  ],
  [
    'faulty requests are refused by CD906C',
    () => {
      const stage = playedTo('released')
      const request = { ...recordRequest(stage, 'CD114C', otherTransit), messageType: 'CD002C' }
      refusedBy(stage, stage.document('CD114C', request, toDeparture), 'CD906C', [
        '/CD114C/messageType 14 CL060 CD002C',
      ])
    },
  ],
]
