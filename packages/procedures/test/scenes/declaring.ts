import assert from 'node:assert/strict'
import { text } from '../../src/index.ts'
import { declarant, departure, grn, Stage } from '../stage.ts'
import { declaration, fromDeclarant, playedTo, put, without } from '../story.ts'
import { moved, refusedBy, rejectionReason, type Scene } from './scene.ts'

const declare = (change: (xml: string) => string, sender = declarant) => {
  const stage = new Stage()
  const decision = stage.document('CC015C', declaration(change), { ...fromDeclarant, sender })
  return { stage, decision }
}

const noGuarantee = (xml: string): string => without('GuaranteeReference')(put('guaranteeType', 'A')(xml))

/** The office of departure and the declarant. */
export const declaring: Scene[] = [
  [
    'a declaration is acknowledged, accepted under a new MRN, and its guarantee is asked about',
    () => {
      const stage = new Stage()
      moved(stage.document('CC015C', declaration(), fromDeclarant), 'submitted', 'accepted')
      assert.deepEqual(
        stage.told.map(({ type, to, answers }) => [type, to, answers]),
        [
          ['CC928C', { trader: declarant }, true],
          ['CC028C', { trader: declarant }, true],
        ],
      )
      assert.match(stage.mrn, /^26AL[A-Z0-9]{12}J\d$/)
      assert.deepEqual(
        stage.owed.map(({ type, to }) => [type, to]),
        [['CD200C', { office: 'AL000901' }]],
      )
      assert.deepEqual(stage.record('departure', departure).secrets, { [grn]: 'Zq7x' })
      stage.carry()
      assert.equal(stage.state('departure', departure), 'accepted')
    },
  ],
  [
    'a declaration that breaks a rule is refused with pointer, code, reason, value and remedy',
    () => {
      const { stage, decision } = declare(put('typeOfPackages', 'Q1'))
      const path = '/CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging[1]/typeOfPackages'
      const sent = refusedBy(stage, decision, 'CC056C', [`${path} 12 CL017 Q1`])
      assert.deepEqual(sent.to, { trader: declarant })
      assert.match(rejectionReason(sent), /^Give a code of CL017 /)
      assert.equal(text(sent.doc, 'TransitOperation.LRN'), 'LRN1')
      assert.equal(stage.records.size, 0)
    },
  ],
  [
    'many faults are one refusal: each remedy is said once, under the numbers of its errors, within 512 characters',
    () => {
      const { stage, decision } = declare((xml) => xml.replaceAll('>CT<', '>Q1<').replace('>N380<', '>X999<'))
      assert.ok(decision.outcome === 'kept')
      const sent = stage.lastTold('CC056C')
      const said = rejectionReason(sent)
      assert.match(said, /^\d(, \d)*: Give a code of CL\d+ .* \d(, \d)*: Give a code of /)
      assert.ok(Array.from(said).length <= 512)
      assert.equal(said.match(/CL017/g)?.length, 1)
    },
  ],
  [
    'N0003: one declares for oneself or as representative',
    () => {
      const { stage, decision } = declare((xml) => xml, 'ALL99999999Z')
      const sent = refusedBy(stage, decision, 'CC056C', [
        `/CC015C/HolderOfTheTransitProcedure/identificationNumber 14 N0003 ${declarant}`,
      ])
      assert.deepEqual(sent.to, { trader: 'ALL99999999Z' })
      const representative =
        '<Representative><identificationNumber>ALL99999999Z</identificationNumber><status>2</status></Representative><Guarantee>'
      const other = declare((xml) => xml.replace('<Guarantee>', representative), 'ALL99999999Z')
      moved(other.decision, 'submitted', 'accepted')
      assert.equal(other.stage.record('departure', departure).data.trader, 'ALL99999999Z')
    },
  ],
  [
    'N0001: an LRN is used once by a declarant, in every state; another declarant may have the same',
    () => {
      const stage = playedTo('accepted')
      const before = stage.record('departure', departure)
      const again = stage.document('CC015C', declaration(), fromDeclarant)
      refusedBy(stage, again, 'CC056C', ['/CC015C/TransitOperation/LRN 14 N0001 LRN1'])
      assert.equal(stage.record('departure', departure), before, 'the first declaration is as it was')
      const done = playedTo('written-off')
      refusedBy(done, done.document('CC015C', declaration(), fromDeclarant), 'CC056C', [
        '/CC015C/TransitOperation/LRN 14 N0001 LRN1',
      ])
    },
  ],
  [
    'N0017: what the documents that follow need is asked for at the door',
    () => {
      // Nobody knows this holder here, so the declaration has to name him: the other administration knows him even less.
      const unknown = put('identificationNumber', 'ALL99999999Z')
      const { stage, decision } = declare(unknown, 'ALL99999999Z')
      const sent = refusedBy(stage, decision, 'CC056C', [
        '/CC015C/HolderOfTheTransitProcedure/name 13 N0017 -',
        '/CC015C/HolderOfTheTransitProcedure/Address 13 N0017 -',
      ])
      assert.match(rejectionReason(sent), /^Give this element: /)
      // A holder without a number cannot be compared with the holder of the guarantee.
      const numberless = declare((xml) =>
        xml.replace(
          /(<HolderOfTheTransitProcedure>)[\s\S]*?(<\/HolderOfTheTransitProcedure>)/,
          '$1<name>Nobody</name><Address><streetAndNumber>Rruga 1</streetAndNumber><postcode>1001</postcode><city>Tirana</city><country>AL</country></Address>$2' +
            `<Representative><identificationNumber>${declarant}</identificationNumber><status>2</status></Representative>`,
        ),
      )
      refusedBy(numberless.stage, numberless.decision, 'CC056C', [
        '/CC015C/HolderOfTheTransitProcedure/identificationNumber 13 N0017 -',
      ])
    },
  ],
  [
    'N0011: an office that is not of the corridor could never be told',
    () => {
      const { stage, decision } = declare((xml) => xml)
      moved(decision, 'submitted', 'accepted')
      const unknown = new Stage()
      const facts = unknown.facts.bind(unknown)
      unknown.facts = (country) => {
        const known = facts(country)
        return {
          ...known,
          office: (reference) => (reference.startsWith('XK0003') ? undefined : known.office(reference)),
        }
      }
      const refused = unknown.document('CC015C', declaration(), fromDeclarant)
      refusedBy(unknown, refused, 'CC056C', [
        '/CC015C/CustomsOfficeOfDestinationDeclared/referenceNumber 12 N0011 XK000301',
      ])
      assert.ok(stage.owed.length === 1)
    },
  ],
  [
    'N0012: a guarantee of a country without office of guarantee could never be checked',
    () => {
      const { stage, decision } = declare(put('GRN', '26MK0009010000013'))
      const wrong = refusedBy(stage, decision, 'CC056C', [
        '/CC015C/Guarantee[1]/GuaranteeReference[1]/GRN 12 N0012 26MK0009010000013',
      ])
      assert.match(rejectionReason(wrong), /characters 3 and 4 of the GRN/)
    },
  ],
  [
    'N0013: a guarantee is named once',
    () => {
      const { stage, decision } = declare((xml) => {
        const reference = /<GuaranteeReference>[\s\S]*<\/GuaranteeReference>/.exec(xml)?.[0] ?? ''
        const second = put('sequenceNumber', '2')(reference)
        return xml.replace(reference, reference + second)
      })
      refusedBy(stage, decision, 'CC056C', [`/CC015C/Guarantee[1]/GuaranteeReference[2]/GRN 14 N0013 ${grn}`])
    },
  ],
  [
    'a declaration without anything to guarantee is accepted at once, and released without an office of guarantee',
    () => {
      for (const control of [false, true]) {
        const { stage, decision } = declare(noGuarantee)
        moved(decision, 'accepted', 'accepted')
        assert.deepEqual(stage.owed, [])
        if (control) moved(stage.act('departure', departure, 'control', {}), 'under-control', 'controlled')
        moved(stage.act('departure', departure, 'release', { controlResult: 'A2' }), 'released', 'released')
        assert.deepEqual(
          stage.owed.map(({ type }) => type),
          ['CD001C', 'CD050C'],
        )
        assert.deepEqual(stage.lastTold('CC029C').to, { trader: declarant })
      }
    },
  ],
]
