import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { declarant, departure, grn, guaranteeOffice, Stage } from '../stage.ts'
import { fromGuarantee, stageIn } from '../states.ts'
import {
  amendment,
  declaration,
  fromDeclarant,
  guaranteeAnswer,
  invalidationRequest,
  playedTo,
  preLodged,
  presentation,
  put,
  releaseRequest,
  without,
} from '../story.ts'
import { moved, nothingNew, refusedBy, type Scene } from './scene.ts'

const departs = (stage: Stage) => stage.record('departure', departure)
const running = (stage: Stage) => [...stage.timers.keys()].map((key) => key.split(' ').at(-1))
const withConsignor = (xml: string): string =>
  xml.replace(
    '<CustomsOfficeOfDeparture>',
    `<Authorisation><sequenceNumber>1</sequenceNumber><type>C521</type><referenceNumber>ALACR1</referenceNumber></Authorisation>$&`,
  )
const noGuarantee = (xml: string): string => without('GuaranteeReference')(put('guaranteeType', 'A')(xml))
const lodged = (change = (xml: string) => xml): Stage => {
  const stage = new Stage()
  moved(
    stage.document(
      'CC015C',
      declaration((xml) => change(preLodged(xml))),
      fromDeclarant,
    ),
    'pre-lodged',
    'pre-lodged',
  )
  return stage
}

/** A declaration before its release: presented later, amended, invalidated, released by itself. */
export const amending: Scene[] = [
  [
    'pre-lodged: acknowledged without an MRN, which comes with the presentation of the goods',
    () => {
      const stage = lodged(without('DepartureTransportMeans'))
      assert.deepEqual(
        stage.told.map(({ type }) => type),
        ['CC928C'],
      )
      assert.equal(departs(stage).mrn, '')
      assert.deepEqual([...stage.timers.values()], ['2026-12-24T14:00:00'])
      const means = {
        sequenceNumber: '1',
        typeOfIdentification: '30',
        identificationNumber: 'AA999ZZ',
        nationality: 'AL',
      }
      const seen = presentation(stage, { DepartureTransportMeans: [means] })
      moved(stage.document('CC170C', seen, fromDeclarant), 'submitted', 'accepted')
      assert.equal(
        text(departs(stage).data.record, 'Consignment.DepartureTransportMeans.identificationNumber'),
        'AA999ZZ',
      )
      assert.equal(
        text(departs(stage).data.record, 'Consignment.HouseConsignment.ConsignmentItem.goodsItemNumber'),
        '1',
      )
      assert.match(stage.mrn, /^26AL/)
      assert.equal(text(stage.lastTold('CC028C').doc, 'TransitOperation.MRN'), stage.mrn)
      assert.deepEqual(running(stage), [])
      stage.carry()
      assert.equal(stage.state('departure', departure), 'accepted')
      const free = lodged(noGuarantee)
      moved(free.document('CC170C', presentation(free), fromDeclarant), 'accepted', 'accepted')
    },
  ],
  [
    'pre-lodged: means of transport of a house consignment are those of the presentation',
    () => {
      const stage = lodged(without('DepartureTransportMeans'))
      const means = {
        sequenceNumber: '1',
        typeOfIdentification: '30',
        identificationNumber: 'AA111AA',
        nationality: 'AL',
      }
      const house = { sequenceNumber: '1', DepartureTransportMeans: [means] }
      moved(
        stage.document('CC170C', presentation(stage, { HouseConsignment: [house] }), fromDeclarant),
        'submitted',
        'accepted',
      )
      const path = 'Consignment.HouseConsignment.DepartureTransportMeans.identificationNumber'
      assert.equal(text(departs(stage).data.record, path), 'AA111AA')
    },
  ],
  [
    'N0017: what is still missing when the goods are presented is named; nothing is accepted',
    () => {
      const stage = new Stage()
      const unknown = put('identificationNumber', 'ALL99999999Z')
      const from = { ...fromDeclarant, sender: 'ALL99999999Z' }
      moved(
        stage.document(
          'CC015C',
          declaration((xml) => unknown(preLodged(xml))),
          from,
        ),
        'pre-lodged',
        'pre-lodged',
      )
      refusedBy(stage, stage.document('CC170C', presentation(stage), from), 'CC056C', [
        '/CC170C/HolderOfTheTransitProcedure/name 13 N0017 -',
        '/CC170C/HolderOfTheTransitProcedure/Address 13 N0017 -',
      ])
      assert.equal(departs(stage).state, 'pre-lodged')
    },
  ],
  [
    'goods that are not presented in time: the declaration is invalidated, and the declarant is told why',
    () => {
      const stage = lodged()
      moved(stage.timer('departure', departure, 'presentation'), 'invalidated', 'invalidated')
      const told = stage.lastTold('CC009C').doc
      assert.deepEqual(
        ['LRN', 'MRN'].map((name) => text(told, `TransitOperation.${name}`)),
        ['LRN1', undefined],
      )
      assert.equal(text(told, 'Invalidation.initiatedByCustoms'), '1')
      assert.match(text(told, 'Invalidation.justification') ?? '', /not presented/)
      const [wrong] = [stage.document('CC170C', presentation(stage), fromDeclarant)]
      assert.ok(wrong?.outcome === 'kept' && wrong.event === 'refused-document')
    },
  ],
  [
    'an amendment is accepted, and the guarantee is asked about anew',
    () => {
      for (const state of ['accepted', 'guarantee-not-valid']) {
        const stage = stageIn('departure', state)
        moved(
          stage.document('CC013C', amendment(stage, put('grossMass', '13790')), fromDeclarant),
          'submitted',
          'amended',
        )
        assert.equal(text(departs(stage).data.record, 'Consignment.grossMass'), '13790')
        assert.equal(text(departs(stage).data.record, 'TransitOperation.LRN'), 'LRN1')
        assert.equal(text(departs(stage).data.record, 'TransitOperation.amendmentTypeFlag'), undefined)
        const told = stage.lastTold('CC004C')
        assert.deepEqual([told.answers, text(told.doc, 'TransitOperation.MRN')], [true, stage.mrn])
        stage.carry()
        assert.equal(departs(stage).state, 'accepted')
        const free = stageIn('departure', state)
        moved(free.document('CC013C', amendment(free, noGuarantee), fromDeclarant), 'accepted', 'amended')
      }
      const early = lodged()
      moved(
        early.document('CC013C', amendment(early, put('grossMass', '13790')), fromDeclarant),
        'pre-lodged',
        'amended',
      )
      assert.equal(text(early.lastTold('CC004C').doc, 'TransitOperation.LRN'), 'LRN1')
    },
  ],
  [
    'an amendment of the guarantee alone changes nothing else',
    () => {
      const stage = stageIn('departure', 'guarantee-not-valid')
      const before = departs(stage).data.record
      const doc = amendment(stage, put('amountToBeCovered', '900.00'), '1')
      moved(stage.document('CC013C', doc, fromDeclarant), 'submitted', 'amended')
      const { Guarantee: _, ...rest } = before ?? {}
      const { Guarantee: __, ...now } = departs(stage).data.record ?? {}
      assert.deepEqual(now, rest)
      assert.equal(departs(stage).data.guarantees?.[0]?.amount, '900.00')
      const more = stageIn('departure', 'guarantee-not-valid')
      const both = more.document('CC013C', amendment(more, put('grossMass', '13790'), '1'), fromDeclarant)
      refusedBy(more, both, 'CC056C', ['/CC013C/Consignment 14 R0520 -'])
    },
  ],
  [
    'an amendment that could never be released is refused with its own paths',
    () => {
      const twice = (xml: string) =>
        xml.replace(/<GuaranteeReference>[^]*<\/GuaranteeReference>/, (one) => one + put('sequenceNumber', '2')(one))
      const error = `/CC013C/Guarantee[1]/GuaranteeReference[2]/GRN 14 N0013 ${grn}`
      const stage = playedTo('accepted')
      refusedBy(stage, stage.document('CC013C', amendment(stage, twice), fromDeclarant), 'CC056C', [error])
      const asked = stageIn('departure', 'under-control')
      const why = { motivation: 'Mass' }
      moved(asked.act('departure', departure, 'ask-for-amendment', why), 'under-control', 'amendment-asked')
      refusedBy(asked, asked.document('CC013C', amendment(asked, twice), fromDeclarant), 'CC056C', [error])
    },
  ],
  [
    'N0021: after a control was announced only the office asks for an amendment',
    () => {
      const stage = playedTo('under-control')
      const refused = stage.document('CC013C', amendment(stage), fromDeclarant)
      refusedBy(stage, refused, 'CC056C', ['/CC013C/TransitOperation 92 N0021 0'])
      moved(
        stage.act('departure', departure, 'ask-for-amendment', { motivation: 'Mass' }),
        'under-control',
        'amendment-asked',
      )
      assert.equal(text(stage.lastTold('CC022C').doc, 'FunctionalError.originalAttributeValue'), 'Mass')
      moved(stage.document('CC013C', amendment(stage), fromDeclarant), 'submitted', 'amended')
      assert.equal(departs(stage).data.amendmentAsked, '')
      const free = playedTo('under-control')
      free.act('departure', departure, 'ask-for-amendment', { motivation: 'Mass' })
      moved(free.document('CC013C', amendment(free, noGuarantee), fromDeclarant), 'accepted', 'amended')
    },
  ],
  [
    'an amendment or an invalidation that meets an answer about the guarantee waits for it',
    () => {
      for (const [type, state, doc] of [
        ['CC013C', 'submitted', amendment],
        ['CC014C', 'awaiting-guarantee', invalidationRequest],
      ] as const) {
        const stage = stageIn('departure', state)
        assert.equal(stage.document(type, doc(stage), fromDeclarant).outcome, 'waits')
        const last = stage.document(type, doc(stage), { ...fromDeclarant, lastTry: true })
        refusedBy(stage, last, 'CC056C', [`/*/TransitOperation/MRN 92 92 ${stage.mrn}`])
      }
    },
  ],
  [
    'N0020: only who declared amends, presents, asks for release or for invalidation',
    () => {
      const stranger = { ...fromDeclarant, sender: 'ALL99999999Z' }
      for (const [state, type, doc] of [
        ['accepted', 'CC013C', amendment],
        ['accepted', 'CC014C', invalidationRequest],
        ['under-control', 'CC054C', releaseRequest],
      ] as const) {
        const stage = stageIn('departure', state)
        const decision = stage.document(type, doc(stage), stranger)
        assert.ok(decision.outcome === 'kept' && decision.event === 'refused-document', type)
        assert.match(decision.detail ?? '', /^N0020/)
      }
    },
  ],
  [
    'invalidated before the release, because the declarant asks or the office decides',
    () => {
      for (const state of ['pre-lodged', 'submitted', 'accepted', 'guarantee-not-valid']) {
        const stage = stageIn('departure', state)
        moved(stage.document('CC014C', invalidationRequest(stage), fromDeclarant), 'invalidated', 'invalidated')
        const told = stage.lastTold('CC009C')
        assert.deepEqual(
          ['decision', 'initiatedByCustoms', 'justification'].map((name) => text(told.doc, `Invalidation.${name}`)),
          ['1', '0', 'The order was cancelled'],
        )
        assert.equal(told.answers, true)
        assert.deepEqual(running(stage), [])
      }
      for (const state of ['pre-lodged', 'accepted', 'guarantee-not-valid', 'under-control']) {
        const stage = stageIn('departure', state)
        moved(stage.act('departure', departure, 'invalidate', { text: 'Declared twice' }), 'invalidated', 'invalidated')
        assert.equal(text(stage.lastTold('CC009C').doc, 'Invalidation.justification'), 'Declared twice')
      }
      const late = stageIn('departure', 'submitted')
      late.document('CC014C', invalidationRequest(late), fromDeclarant)
      nothingNew(late.document('CD201C', guaranteeAnswer(late, 'CD201C', { [grn]: [] }), fromGuarantee))
    },
  ],
  [
    'under control: an invalidation is refused until the control has taken place; the declarant may ask for the release',
    () => {
      const stage = playedTo('under-control')
      moved(
        stage.document('CC014C', invalidationRequest(stage), fromDeclarant),
        'under-control',
        'invalidation-refused',
      )
      assert.equal(text(stage.lastTold('CC009C').doc, 'Invalidation.decision'), '0')
      moved(stage.document('CC054C', releaseRequest(stage), fromDeclarant), 'under-control', 'release-requested')
      assert.equal(departs(stage).data.releaseRequested, true)
      moved(stage.document('CC054C', releaseRequest(stage, '0'), fromDeclarant), 'under-control', 'release-requested')
      assert.equal(departs(stage).data.releaseRequested, false)
    },
  ],
  [
    'simplified: at an authorised consignor’s the goods are released when the office has not decided in time',
    () => {
      const stage = new Stage()
      stage.authorised = true
      const dated = (xml: string) =>
        withConsignor(xml).replace('</bindingItinerary>', '$&<limitDate>2026-12-03</limitDate>')
      stage.document('CC015C', declaration(dated), fromDeclarant)
      stage.carry()
      assert.deepEqual(running(stage), ['release'])
      moved(stage.timer('departure', departure, 'release'), 'awaiting-guarantee', 'validated')
      stage.carry()
      assert.equal(departs(stage).state, 'released')
      assert.equal(departs(stage).data.limitDate, '2026-12-03')
      assert.equal(text(stage.lastTold('CC029C').doc, 'ControlResult.code'), 'A3')
      assert.deepEqual([...stage.timers.values()], ['2026-12-11T00:00:00'])
      assert.equal(stage.state('guarantee', guaranteeOffice), 'held')
      const claimed = new Stage()
      claimed.document('CC015C', declaration(dated), fromDeclarant)
      claimed.carry()
      assert.deepEqual(running(claimed), [], `${declarant} holds no authorisation`)
    },
  ],
  [
    'simplified without a guarantee: the goods are released by themselves all the same, however the declaration was accepted',
    () => {
      const dated = (xml: string) =>
        withConsignor(xml).replace('</bindingItinerary>', '$&<limitDate>2026-12-03</limitDate>')
      const bare = (xml: string) => noGuarantee(dated(xml))
      const amendedBare = (xml: string) =>
        noGuarantee(withConsignor(xml)).replace('</amendmentTypeFlag>', '$&<limitDate>2026-12-03</limitDate>')
      const simplified = (change: (xml: string) => string): Stage => {
        const stage = new Stage()
        stage.authorised = true
        stage.document('CC015C', declaration(change), fromDeclarant)
        stage.carry()
        return stage
      }
      const declared = simplified(bare)
      const presented = simplified((xml) => bare(preLodged(xml)))
      presented.document('CC170C', presentation(presented), fromDeclarant)
      const changed = simplified(dated)
      moved(changed.document('CC013C', amendment(changed, amendedBare), fromDeclarant), 'accepted', 'amended')
      for (const stage of [declared, presented, changed]) {
        assert.deepEqual(running(stage), ['release'])
        moved(stage.timer('departure', departure, 'release'), 'released', 'released')
        assert.equal(text(stage.lastTold('CC029C').doc, 'ControlResult.code'), 'A3')
      }
      const lost = simplified(bare)
      lost.authorised = false
      assert.equal(lost.timer('departure', departure, 'release').outcome, 'kept')
      moved(lost.document('CC013C', amendment(lost, noGuarantee), fromDeclarant), 'accepted', 'amended')
      assert.deepEqual(running(lost), [])
    },
  ],
]
