/** Refusals of documents about guarantees. */
import assert from 'node:assert/strict'
import type { Doc } from '@corridor/customs'
import { accessCode, declarant, declaration, directoryOf, grn, registerFor } from '../nodes.ts'
import { makeWorld, type RefusalCase, released, written } from './case.ts'
import { registerUndertaking, undertaking } from './declaring.ts'

const guarantor = 'ALK98765432B'
const at = { referenceNumber: 'AL000901' }
const holder = (identificationNumber: string): Doc => ({ identificationNumber })

/** A document about a guarantee, posted by a trader. */
const posted = (account: string, sender: string, type: string, doc: Doc): RefusalCase => ({
  by: 'CC906C',
  to: sender,
  reach:
    async ({ al }) =>
    () =>
      al.post(account, written(type, sender, doc)),
})

const codes = (masterAccessCode: string, AccessCode: Doc, who: string = declarant): Doc => ({
  HolderOfTheTransitProcedure: holder(who),
  CustomsOfficeOfGuarantee: at,
  GuaranteeReference: { GRN: grn, masterAccessCode, AccessCode },
})

const voucher = (number: string): Doc => ({
  HolderOfTheTransitProcedure: holder(declarant),
  Guarantor: holder(guarantor),
  CustomsOfficeOfGuarantee: at,
  GuaranteeReference: [
    {
      sequenceNumber: '1',
      GRN: number,
      issueDate: '2026-11-01',
      accessCode: 'Vouc',
      TIRCarnet: '0',
      expiryDate: '2027-10-31',
      copyGiven: '0',
    },
  ],
})

const cancelled = (number: string, invalidityDate = '2026-12-01', named = guarantor): Doc => ({
  HolderOfTheTransitProcedure: holder(declarant),
  Guarantor: holder(named),
  GuaranteeReference: [
    {
      sequenceNumber: '1',
      GRN: number,
      currency: 'EUR',
      guaranteeAmount: '9000.00',
      invalidityDate,
      liabilityLiberationDate: '2027-12-01',
      CustomsOfficeOfGuarantee: at,
    },
  ],
})

/** A CD209C for a guarantee, in the name of an office of departure. */
const credit = (mrn: string, departure: string, number = grn): Doc => ({
  TransitOperation: { MRN: mrn, arrivalDateAndTimeActual: '2026-11-24T14:00:00' },
  CustomsOfficeOfDeparture: { referenceNumber: departure },
  Guarantee: [
    {
      sequenceNumber: '1',
      guaranteeType: '1',
      GuaranteeReference: [{ sequenceNumber: '1', GRN: number, CustomsOfficeOfGuarantee: at }],
    },
  ],
})

/** A comprehensive guarantee that the guarantor gave, under a number of its own. */
const comprehensive = (number: string): Parameters<typeof registerFor>[1] => ({
  grn: number,
  holder: declarant,
  currency: 'EUR',
  terms: { guarantor },
})

export const guaranteeing: Record<string, RefusalCase> = {
  N0014: {
    by: 'CD906C',
    to: 'NTA.XK',
    async reach(world) {
      const mrn = await released(world)
      return () => world.al.take('CD209C', written('CD209C', 'NTA.XK', credit(mrn, 'XK000301')))
    },
  },
  N0016: {
    by: 'CD906C',
    to: 'NTA.AL',
    async reach(world) {
      const mrn = await released(world)
      const doc = written('CD209C', 'NTA.AL', credit(mrn, 'AL000101', '26AL0009010000028'))
      return () => world.al.take('CD209C', doc, { sender: 'NTA.AL' })
    },
  },
  N0070: {
    by: 'CD906C',
    to: 'NTA.AL',
    world: () => makeWorld(['al', directoryOf('al', 'mutual')], ['xk', directoryOf('xk', 'national')]),
    async reach({ al, xk }) {
      const kosovan = '26XK0009010000019'
      await registerFor(xk, { grn: kosovan, holder: declarant, currency: 'EUR' })
      await al.post('adria', declaration({ grn: kosovan, accessCode }))
      const { payload } = await al.lastSent('CD200C')
      return () => xk.take('CD200C', payload)
    },
  },
  N0071: posted('adria', declarant, 'CC034C', {
    Requester: { identificationNumber: declarant, role: '1' },
    GuaranteeReference: [
      {
        sequenceNumber: '1',
        GRN: '26AL0009010000046',
        GuaranteeQuery: { queryIdentifier: '4', periodFromDate: '2026-11-01' },
        AccessCode: { accessCode },
      },
    ],
  }),
  N0072: posted('guarantor', guarantor, 'CC026C', codes(accessCode, { accessCodeNew: 'New1' }, guarantor)),
  N0073: posted('adria', declarant, 'CC026C', codes('Zq7y', { accessCodeNew: 'New1' })),
  N0074: posted('adria', declarant, 'CC026C', codes(accessCode, { accessCodeCurrent: 'None', accessCodeNew: 'New1' })),
  N0075: {
    by: 'CC906C',
    to: declarant,
    async reach({ al }) {
      await registerUndertaking(al)
      const doc = { ...voucher(`${undertaking}A000009`), Guarantor: holder(declarant) }
      return () => al.post('adria', written('CC224C', declarant, doc))
    },
  },
  N0076: {
    by: 'CC906C',
    to: guarantor,
    async reach({ al }) {
      await registerFor(al, comprehensive('26AL0009010000082'))
      const doc: Doc = {
        Guarantor: holder(guarantor),
        GuaranteeReference: { GRN: '26AL0009010000082', invalidityDate: '2026-12-01', CustomsOfficeOfGuarantee: at },
      }
      return () => al.post('guarantor', written('CC229C', guarantor, doc))
    },
  },
  N0077: {
    by: 'CC906C',
    to: guarantor,
    async reach({ al }) {
      await registerUndertaking(al)
      const sell = () => al.post('guarantor', written('CC224C', guarantor, voucher(`${undertaking}A000001`)))
      await sell()
      return sell
    },
  },
  N0078: {
    by: 'CC906C',
    to: guarantor,
    async reach({ al }) {
      await registerUndertaking(al)
      return () => al.post('guarantor', written('CC228C', guarantor, cancelled(undertaking)))
    },
  },
  N0079: {
    by: 'CC906C',
    to: guarantor,
    async reach({ al }) {
      await registerFor(al, comprehensive('26AL0009010000091'))
      return () => al.post('guarantor', written('CC228C', guarantor, cancelled('26AL0009010000091', '2026-11-01')))
    },
  },
  N0080: {
    by: 'CC906C',
    to: guarantor,
    async reach({ al }) {
      const number = '26AL0009010000100'
      await registerFor(al, comprehensive(number))
      const cancel = () => al.post('guarantor', written('CC228C', guarantor, cancelled(number)))
      await cancel()
      const [row] = await al.db.query<{ state: string }>('select state from guarantee where grn = $1', [number])
      assert.equal(row?.state, 'cancelled')
      return cancel
    },
  },
}
