/** Guarantees and documents about them, for tests of the account machine. */
import assert from 'node:assert/strict'
import { check, type Doc } from '@corridor/customs'
import { accountGuards } from '../src/account/guards.ts'
import {
  type AccountDecision,
  decideAccounts,
  type Event,
  eventName,
  groups,
  type GuaranteeAccount,
  text,
} from '../src/index.ts'
import { asReceived, codeLists, declarant, errorsOf, grn, guaranteeOffice, law, rules, Stage } from './stage.ts'

export const guarantor = 'ALK98765432B'
export const voucher = `${grn}A000001`
const now = '2026-11-24T14:00:00'
const at = { referenceNumber: guaranteeOffice }
const codes: Record<string, 'master' | 'other'> = { Mast: 'master', Code: 'other', Zq7x: 'other' }

export const account = (changes: Partial<GuaranteeAccount> = {}): GuaranteeAccount => ({
  grn,
  office: guaranteeOffice,
  state: 'valid',
  holder: declarant,
  type: '1',
  currency: 'EUR',
  referenceAmount: '10000.00',
  available: '6000.00',
  locked: '3000.00',
  liable: '1000.00',
  validFrom: '2026-01-01',
  validTo: null,
  notValidIn: [],
  terms: { guarantor },
  entries: 4,
  usages: [
    { mrn: '26AL000000000001J4', amount: '3000.00', lockDate: '2026-11-01', releaseDate: null },
    { mrn: '26AL000000000002J2', amount: '500.00', lockDate: '2026-10-01', releaseDate: '2026-10-09' },
  ],
  ...changes,
})

const header = (type: string): Doc => ({
  messageSender: declarant,
  messageRecipient: 'NTA.AL',
  preparationDateAndTime: now,
  messageIdentification: 'M1',
  messageType: type,
})

export const reference = (more: Doc, number = grn): Doc => ({ sequenceNumber: '1', GRN: number, ...more })
const holder = { HolderOfTheTransitProcedure: { identificationNumber: declarant } }
const byGuarantor = { Guarantor: { identificationNumber: guarantor } }

export const documents: Record<string, (number?: string) => Doc> = {
  CC026C: (GRN = grn) => ({
    ...holder,
    CustomsOfficeOfGuarantee: at,
    GuaranteeReference: {
      GRN,
      masterAccessCode: 'Mast',
      AccessCode: { accessCodeCurrent: 'Code', accessCodeNew: 'Next' },
    },
  }),
  CC034C: (GRN = grn) => ({
    Requester: { identificationNumber: declarant, role: '1' },
    GuaranteeReference: [
      reference({ GuaranteeQuery: { queryIdentifier: '4' }, AccessCode: { accessCode: 'Code' } }, GRN),
    ],
  }),
  CC224C: (GRN = voucher) => ({
    ...holder,
    ...byGuarantor,
    CustomsOfficeOfGuarantee: at,
    GuaranteeReference: [
      reference(
        { issueDate: '2026-11-01', accessCode: 'Vouc', TIRCarnet: '0', expiryDate: '2027-10-31', copyGiven: '1' },
        GRN,
      ),
    ],
  }),
  CC228C: (GRN = grn) => ({
    ...holder,
    ...byGuarantor,
    GuaranteeReference: [
      reference(
        {
          currency: 'EUR',
          guaranteeAmount: '10000.00',
          invalidityDate: '2026-12-10',
          liabilityLiberationDate: '2027-12-10',
          CustomsOfficeOfGuarantee: at,
        },
        GRN,
      ),
    ],
  }),
  CC229C: (GRN = voucher) => ({
    ...byGuarantor,
    GuaranteeReference: { GRN, invalidityDate: '2026-12-10', CustomsOfficeOfGuarantee: at },
  }),
}

const senders: Record<string, string> = { CC026C: declarant, CC034C: declarant }

export const taken = new Set<number>()

/** Decides a document about guarantees, as it comes from its usual sender unless told. */
export function come(
  type: string,
  accounts: GuaranteeAccount[],
  doc = documents[type]?.(accounts[0]?.grn) ?? assert.fail(type),
  sender = senders[type] ?? guarantor,
): AccountDecision {
  const table = law.messages.get(type) ?? assert.fail(type)
  const { document = assert.fail(type), findings } = table.read(table.write({ ...header(type), ...doc }))
  assert.deepEqual(findings, [], type)
  const wrong = check(table, document, { codeLists, rules, date: now.slice(0, 10) })
  return decided(accounts, {
    kind: 'document',
    type,
    doc: document,
    findings: wrong,
    sender,
    from: 'trader',
    lastTry: false,
  })
}

export const act = (
  name: string,
  fields: Record<string, string>,
  changes: Partial<GuaranteeAccount> = {},
): AccountDecision => decided([account(changes)], { kind: 'act', act: name, fields, office: guaranteeOffice })

function decided(accounts: GuaranteeAccount[], event: Event): AccountDecision {
  const facts = {
    now,
    today: now.slice(0, 10),
    operator: new Stage().facts('AL').operator,
    accessCode: (_: string, code: string) => codes[code],
    guarantorOf: (number: string) => (number === grn ? guarantor : undefined),
  }
  const byGrn = new Map(accounts.map((one) => [one.grn, one]))
  const decision = decideAccounts(law, byGrn, event, facts)
  assert.deepEqual(decideAccounts(law, byGrn, event, facts), decision, 'the same arguments give the same decision')
  for (const one of accounts) {
    const references = event.kind === 'document' ? groups(event.doc, 'GuaranteeReference') : [{}]
    const named = references.find((group) => event.kind !== 'document' || text(group, 'GRN') === one.grn) ?? {}
    const row = law.account
      .find(one.state, eventName(event))
      .find(({ guard }) => accountGuards[guard]?.({ law, account: one, event, facts, reference: named }))
    if (row !== undefined) taken.add(row.number)
  }
  if ('send' in decision) for (const send of decision.send) asReceived(send, now)
  return decision
}

export const refused = (decision: AccountDecision, errors: string[]): void => {
  assert.ok(decision.outcome === 'refused', JSON.stringify(decision))
  assert.deepEqual(
    decision.send.map(({ type }) => type),
    ['CC906C'],
  )
  assert.deepEqual(
    decision.send.flatMap(errorsOf).map((error) => error.map((part) => part ?? '-').join(' ')),
    errors,
  )
}

export const moved = (decision: AccountDecision): Extract<AccountDecision, { outcome: 'moved' }> => {
  assert.ok(decision.outcome === 'moved', JSON.stringify(decision))
  return decision
}
