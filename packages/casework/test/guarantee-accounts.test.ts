/** What holders and guarantors do to guarantees by documents, at a real node. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Doc } from '@corridor/customs'
import { groups, text, texts } from '@corridor/procedures'
import {
  accepted,
  accessCode,
  clock,
  declarant,
  declaration,
  errorsOf,
  grn,
  law,
  parties,
  put,
  registerFor,
  released,
  startNode,
  type TestNode,
} from './nodes.ts'

const undertaking = '26AL0009010000055'
const voucher = `${undertaking}A000001`
const guarantor = 'ALK98765432B'
const at = { referenceNumber: 'AL000901' }
let al: TestNode
let serial = 0

before(async () => {
  al = await startNode('al')
  await registerFor(al, { grn: undertaking, holder: guarantor, currency: 'EUR', type: '4', terms: { guarantor } })
})
after(() => al.stop())

/** A trader posts a document. @returns what was sent after it */
async function post(account: string, sender: string, type: string, doc: Doc): Promise<{ type: string; doc: Doc }[]> {
  const last = (await al.sent()).at(-1)?.id ?? 0
  const header = {
    messageSender: sender,
    messageRecipient: parties.al,
    preparationDateAndTime: clock().toISOString().slice(0, 19),
    messageIdentification: `G${++serial}`,
    messageType: type,
  }
  await al.post(account, law.messages.get(type)?.write({ ...header, ...doc }) ?? assert.fail(type))
  return al.sent(last)
}

const setCode = (masterAccessCode: string, AccessCode: Doc) =>
  post('adria', declarant, 'CC026C', {
    HolderOfTheTransitProcedure: { identificationNumber: declarant },
    CustomsOfficeOfGuarantee: at,
    GuaranteeReference: { GRN: grn, masterAccessCode, AccessCode },
  })

const stateWith = async (code: string): Promise<string> => {
  await al.post('adria', put(declaration(), 'accessCode', code))
  const mrn = text((await al.lastSent('CC028C')).doc, 'TransitOperation.MRN') ?? ''
  return (await al.view('durres', mrn))?.status.code ?? ''
}

test('CC026C: a new access code works beside the master code, is replaced, and works no more', async () => {
  assert.equal(await stateWith('New1'), 'guarantee-not-valid')
  assert.deepEqual(await setCode(accessCode, { accessCodeNew: 'New1' }), [])
  assert.equal(await stateWith('New1'), 'accepted')
  assert.deepEqual(await setCode(accessCode, { accessCodeCurrent: 'New1', accessCodeNew: 'New2' }), [])
  assert.deepEqual([await stateWith('New1'), await stateWith('New2')], ['guarantee-not-valid', 'accepted'])
  assert.equal(await stateWith(accessCode), 'accepted')
  const [refusal] = await setCode('New2', { accessCodeNew: 'New3' })
  assert.deepEqual(
    [refusal?.type, errorsOf(refusal?.doc ?? {})],
    ['CC906C', [`/*/GuaranteeReference/GRN 14 N0073 ${grn}`]],
  )
  const [stored] = await al.db.query<{ all: string }>(
    `select string_agg(code::text, ' ') || (select coalesce(string_agg(journal::text, ' '), '') from journal) as all from guarantee_access_code code`,
  )
  for (const code of ['New1', 'New2', 'Zq7x']) assert.ok(!stored?.all.includes(code), code)
})

test('CC034C: usage, exposure and balance, as the ledger has them', async () => {
  const { mrn } = await released(al)
  const [answer] = await post('adria', declarant, 'CC034C', {
    Requester: { identificationNumber: declarant, role: '1' },
    GuaranteeReference: [
      {
        sequenceNumber: '1',
        GRN: grn,
        GuaranteeQuery: { queryIdentifier: '4', periodFromDate: '2026-11-01' },
        AccessCode: { accessCode },
      },
    ],
  })
  assert.equal(answer?.type, 'CC037C')
  assert.deepEqual(texts(answer.doc, 'GuaranteeReference.Usage.MRN'), [mrn])
  const [exposure] = groups(answer.doc, 'GuaranteeReference.Exposure')
  assert.deepEqual([exposure?.['exposure'], exposure?.['balance']], ['5000.00', '245000.00'])
})

test('CC224C and CC229C: a voucher is sold, covers one movement, and a revoked one covers none', async () => {
  const sell = (number: string) =>
    post('guarantor', guarantor, 'CC224C', {
      HolderOfTheTransitProcedure: { identificationNumber: declarant },
      Guarantor: { identificationNumber: guarantor },
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
  assert.deepEqual(await sell(voucher), [])
  assert.deepEqual(errorsOf((await sell(voucher))[0]?.doc ?? {}), [`/*/GuaranteeReference/GRN 14 N0077 ${voucher}`])
  const withVoucher = (number: string) =>
    put(put(put(declaration(), 'GRN', number), 'accessCode', 'Vouc'), 'guaranteeType', '4')
  const mrn = await accepted(al, withVoucher(voucher))
  await al.act('durres', mrn, 'release', { controlResult: 'A2' })
  assert.equal((await al.view('durres', mrn))?.status.code, 'released')
  const reasons = async (number: string): Promise<string[]> => {
    await al.post('adria', withVoucher(number))
    return texts((await al.lastSent('CC055C')).doc, 'GuaranteeReference.InvalidGuaranteeReason.code')
  }
  assert.deepEqual(await reasons(voucher), ['G05'])
  const other = `${undertaking}A000002`
  await sell(other)
  assert.deepEqual(
    await post('guarantor', guarantor, 'CC229C', {
      Guarantor: { identificationNumber: guarantor },
      GuaranteeReference: { GRN: other, invalidityDate: '2026-11-24', CustomsOfficeOfGuarantee: at },
    }),
    [],
  )
  assert.deepEqual(await reasons(other), ['G02'])
  assert.deepEqual(await al.parked(), [])
})

test('a stranger sells no vouchers in the name of a guarantor, and none under an undertaking that nobody gave', async () => {
  const sell = (account: string, sender: string, named: string, number: string) =>
    post(account, sender, 'CC224C', {
      HolderOfTheTransitProcedure: { identificationNumber: declarant },
      Guarantor: { identificationNumber: named },
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
  for (const [account, sender, named, number] of [
    ['adria', declarant, guarantor, `${undertaking}A000009`],
    ['adria', declarant, declarant, `${undertaking}A000009`],
    ['guarantor', guarantor, guarantor, '26AL0009010000064A000001'],
  ] as const)
    assert.deepEqual(errorsOf((await sell(account, sender, named, number))[0]?.doc ?? {}), [
      `/*/Guarantor/identificationNumber 14 N0075 ${named}`,
    ])
})

test('the account page says of each open amount which MRN, since when, which document is missing, and who must act', async () => {
  const officer = al.account('tirana')
  const { mrn } = await released(al)
  const open = async (): Promise<unknown[] | undefined> => {
    const view = await al.casework.guarantee(officer, grn)
    const one = view?.openAmounts.find((amount) => amount.mrn === mrn)
    return one && [one.state, one.amount, one.status?.code, one.missing, one.turn.code, one.turn.party]
  }
  assert.deepEqual(await open(), ['locked', '5000.00', 'released', 'CD006C', 'transit', 'Vërmicë'])
  const view = await al.casework.guarantee(officer, grn)
  assert.equal(view?.openAmounts.find((amount) => amount.mrn === mrn)?.since.slice(0, 10), '2026-11-24')
  const [line] = view?.ledger ?? []
  assert.deepEqual(
    [line?.op, line?.debit, line?.credit, line?.amount, line?.mrn, line?.office, line?.documentType, line?.who],
    ['lock', 'available', 'locked', '5000.00', mrn, 'Durrës Port', 'CD203C', 'Albania'],
  )
  assert.equal(line?.available, view?.available)
  // The claim is open to the officer, but a movement under way does not wait for it.
  const listed = await al.casework.movements(officer, { q: mrn, page: 1, pageSize: 5 })
  assert.equal(listed.items[0]?.needsAct, false)
  assert.equal((await al.act('tirana', mrn, 'claim', { text: 'No arrival' })).kind, 'done')
  assert.deepEqual(await open(), ['liable', '5000.00', 'released', null, 'guarantee', 'Tirana Guarantees'])
  assert.equal((await al.act('tirana', mrn, 'settle')).kind, 'done')
  assert.equal(await open(), undefined)
  const list = await al.casework.guarantees(officer, { q: grn.slice(2), page: 1, pageSize: 10 })
  assert.deepEqual(
    list?.items.map((row) => [row.grn, row.status.code]),
    [[grn, 'valid']],
  )
  for (const other of ['durres', 'adria']) {
    assert.equal(await al.casework.guarantee(al.account(other), grn), undefined)
    assert.equal(await al.casework.guarantees(al.account(other), { page: 1, pageSize: 10 }), undefined)
  }
})

test('an officer raises and reduces a guarantee and cancels it, once a key, on the version that was seen', async () => {
  const number = '26AL0009010000064'
  await registerFor(al, { grn: number, holder: declarant, currency: 'EUR', terms: { guarantor } })
  const officer = al.account('tirana')
  const act = async (name: string, fields: Record<string, string>, version: number, key: string) =>
    al.casework.actOnGuarantee(officer, number, {
      act: name,
      version,
      fields,
      idempotency: {
        accountId: 'tirana',
        key,
        requestDigest: createHash('sha256')
          .update(`${name} ${JSON.stringify(fields)}`)
          .digest(),
      },
    })
  const last = (await al.sent()).at(-1)?.id ?? 0
  const raised = await act('change-reference', { referenceAmount: '12000.5', text: 'Agreed' }, 1, 'a')
  assert.ok(raised.kind === 'done')
  assert.deepEqual([raised.guarantee.referenceAmount, raised.guarantee.version], ['12000.50', 2])
  assert.equal((await act('change-reference', { referenceAmount: '12000.5', text: 'Agreed' }, 1, 'a')).kind, 'done')
  assert.equal((await act('change-reference', { referenceAmount: '1' }, 1, 'b')).kind, 'conflict')
  assert.equal((await act('change-reference', { referenceAmount: 'much' }, 2, 'c')).kind, 'invalid')
  assert.deepEqual(
    (await al.sent(last)).map(({ type, recipient }) => `${type} ${recipient}`),
    [`CC225C ${declarant}`, `CC225C ${guarantor}`],
  )
  const ended = await act('cancel-guarantee', { invalidityDate: '2026-11-24' }, 2, 'd')
  assert.ok(ended.kind === 'done')
  assert.deepEqual([ended.guarantee.status.code, ended.guarantee.acts], ['cancelled', []])
  assert.equal((await al.lastSent('CC231C')).recipient, declarant)
  await al.post('adria', put(declaration(), 'GRN', number))
  const codes = texts((await al.lastSent('CC055C')).doc, 'GuaranteeReference.InvalidGuaranteeReason.code')
  assert.deepEqual(codes, ['G02'])
})
