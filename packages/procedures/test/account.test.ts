/** Guarantees themselves: what holder, guarantor and officer do to them. Every row of the account machine is taken here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Doc } from '@corridor/customs'
import { accountEffects } from '../src/account/does.ts'
import { accountGuards } from '../src/account/guards.ts'
import { accountActs, groups, type GuaranteeAccount, text, texts } from '../src/index.ts'
import { account, act, come, documents, guarantor, moved, reference, refused, taken, voucher } from './account-stage.ts'
import { declarant, grn, law } from './stage.ts'

const unknown = account({ state: '-', holder: '', terms: {} })
const pathOf = '/*/GuaranteeReference/GRN'
const first = '/*/GuaranteeReference/GRN'

test('the holder replaces, adds and takes away access codes, with the master access code', () => {
  const codesOf = (AccessCode: Doc) =>
    come('CC026C', [account()], {
      ...documents['CC026C']?.(),
      GuaranteeReference: { GRN: grn, masterAccessCode: 'Mast', AccessCode },
    })
  const changes = (AccessCode: Doc) => moved(codesOf(AccessCode)).changes
  assert.deepEqual(changes({ accessCodeCurrent: 'Code', accessCodeNew: 'Next' }), [
    { do: 'access-code', grn, taken: 'Code', added: 'Next' },
  ])
  assert.deepEqual(changes({ accessCodeNew: 'Next' }), [{ do: 'access-code', grn, taken: undefined, added: 'Next' }])
  assert.deepEqual(changes({ accessCodeCurrent: 'Code' }), [
    { do: 'access-code', grn, taken: 'Code', added: undefined },
  ])
  for (const wrong of [
    {},
    { accessCodeCurrent: 'Mast' },
    { accessCodeCurrent: 'None', accessCodeNew: 'Next' },
    { accessCodeNew: 'Code' },
  ])
    refused(codesOf(wrong), [`${pathOf} 14 N0074 ${grn}`])
  const master = {
    ...documents['CC026C']?.(),
    GuaranteeReference: { GRN: grn, masterAccessCode: 'Code', AccessCode: {} },
  }
  refused(come('CC026C', [account()], master), [`${pathOf} 14 N0073 ${grn}`])
  refused(come('CC026C', [account({ holder: 'X' })]), [`${pathOf} 14 N0072 ${grn}`])
  refused(come('CC026C', [account()], undefined, 'ALL99999999Z'), [`${pathOf} 14 N0072 ${grn}`])
  refused(come('CC026C', [unknown]), [`${pathOf} 12 N0071 ${grn}`])
  for (const state of ['cancelled', 'revoked'])
    refused(come('CC026C', [account({ state })]), [`${pathOf} 92 N0080 ${grn}`])
})

test('a query is answered with what it asks for, to holder and guarantor, and to nobody else', () => {
  const ask = (queryIdentifier: string, changes: Partial<GuaranteeAccount> = {}): Doc => {
    const doc = documents['CC034C']?.() ?? assert.fail()
    const group = reference({ GuaranteeQuery: { queryIdentifier }, AccessCode: { accessCode: 'Code' } })
    const { send } = moved(come('CC034C', [account(changes)], { ...doc, GuaranteeReference: [group] }))
    assert.deepEqual(
      send.map(({ type, to, answers }) => [type, to, answers]),
      [['CC037C', { trader: declarant }, true]],
    )
    return groups(send[0]?.doc, 'GuaranteeReference')[0] ?? assert.fail()
  }
  const parts = (doc: Doc) => ['Usage', 'Exposure', 'Owner', 'ComprehensiveGuarantee'].filter((name) => name in doc)
  assert.deepEqual(parts(ask('1')), ['Usage'])
  assert.deepEqual(parts(ask('2')), ['Exposure'])
  assert.deepEqual(parts(ask('3')), ['Usage', 'Exposure'])
  assert.deepEqual(parts(ask('4')), ['Usage', 'Exposure', 'Owner', 'ComprehensiveGuarantee'])
  const whole = ask('4', { notValidIn: ['RS'], terms: { guarantor, percentage: 50 } })
  assert.deepEqual(texts(whole, 'Usage.MRN'), ['26AL000000000001J4', '26AL000000000002J2'])
  assert.deepEqual(texts(whole, 'Usage.releaseDate'), ['2026-10-09'])
  const [kind] = groups(whole, 'ComprehensiveGuarantee')
  assert.deepEqual([kind?.['percentageOfReferenceAmount'], kind?.['guaranteeAmount']], ['50', '5000.00'])
  const [waiver] = groups(ask('4', { type: '0', terms: { percentage: 0 } }), 'ComprehensiveGuarantee')
  assert.deepEqual([waiver?.['percentageOfReferenceAmount'], waiver?.['guaranteeAmount']], [undefined, '0.00'])
  assert.deepEqual(groups(whole, 'Exposure'), [
    { exposure: '4000.00', exposureCounter: '4', balance: '6000.00', currency: 'EUR' },
  ])
  assert.deepEqual(texts(whole, 'ComprehensiveGuarantee.ValidityLimitation.guaranteeNotValidIn'), ['RS'])
  assert.ok('IndividualGuaranteeVoucher' in ask('4', { type: '4', validTo: '2027-01-01' }))
  const journey = { officeOfDeparture: 'AL000101', officeOfDestination: 'XK000301' }
  assert.ok('IndividualGuaranteeByGuarantor' in ask('4', { type: '2', terms: journey }))
  assert.ok(!('IndividualGuaranteeByGuarantor' in ask('4', { type: '2', terms: {} })))
  // A guarantor may ask, of what has ended too.
  const doc = { ...documents['CC034C']?.(), Requester: { identificationNumber: guarantor, role: '2' } }
  for (const state of ['valid', 'cancelled', 'revoked']) moved(come('CC034C', [account({ state })], doc, guarantor))
  refused(come('CC034C', [account({ terms: {} })], doc, guarantor), [`${first} 14 N0072 ${grn}`])
  refused(come('CC034C', [account()], doc, declarant), [`${first} 14 N0072 ${grn}`])
  const wrong = {
    ...doc,
    GuaranteeReference: [reference({ GuaranteeQuery: { queryIdentifier: '1' }, AccessCode: { accessCode: 'None' } })],
  }
  refused(come('CC034C', [account()], wrong, guarantor), [`${first} 14 N0073 ${grn}`])
  refused(come('CC034C', [unknown]), [`${first} 12 N0071 ${grn}`])
})

test('a guarantor registers the vouchers that are sold, each once; one wrong voucher refuses the document', () => {
  const fresh = account({ ...unknown, grn: voucher })
  assert.deepEqual(moved(come('CC224C', [fresh])).changes, [
    {
      do: 'register',
      grn: voucher,
      holder: declarant,
      type: '4',
      currency: 'EUR',
      referenceAmount: '10000.00',
      validFrom: '2026-11-01',
      validTo: '2027-10-31',
      terms: { guarantor, issueDate: '2026-11-01', tirCarnet: false, copyGiven: true },
      accessCode: 'Vouc',
    },
  ])
  refused(come('CC224C', [fresh], undefined, declarant), [`/*/Guarantor/identificationNumber 14 N0075 ${guarantor}`])
  const elsewhere = '26AL0009010000028A000001'
  refused(come('CC224C', [account({ ...unknown, grn: elsewhere })]), [
    `/*/Guarantor/identificationNumber 14 N0075 ${guarantor}`,
  ])
  refused(come('CC224C', [unknown], documents['CC224C']?.(grn)), [`${first} 14 N0076 ${grn}`])
  for (const state of ['valid', 'cancelled', 'revoked'])
    refused(come('CC224C', [account({ grn: voucher, type: '4', state })]), [`${first} 14 N0077 ${voucher}`])
  const two = documents['CC224C']?.() ?? assert.fail()
  const [one] = groups(two, 'GuaranteeReference')
  const other = `${grn}A000002`
  const both = { ...two, GuaranteeReference: [one ?? {}, { ...one, sequenceNumber: '2', GRN: other }] }
  assert.equal(moved(come('CC224C', [fresh, account({ ...unknown, grn: other })], both)).changes.length, 2)
  refused(come('CC224C', [fresh, account({ grn: other, type: '4' })], both), [
    `/*/GuaranteeReference[2]/GRN 14 N0077 ${other}`,
  ])
})

test('a guarantor ends a comprehensive guarantee and revokes a voucher, from a day to come, and the holder hears of it', () => {
  const cancelled = moved(come('CC228C', [account()]))
  assert.deepEqual(cancelled.changes, [
    {
      do: 'end',
      grn,
      state: 'cancelled',
      invalidFrom: '2026-12-10',
      terms: { guarantor, liabilityLiberationDate: '2027-12-10' },
    },
  ])
  assert.deepEqual(
    cancelled.send.map(({ type, to }) => [type, to]),
    [['CC231C', { trader: declarant }]],
  )
  const sold = (changes: Partial<GuaranteeAccount> = {}) => account({ grn: voucher, type: '4', ...changes })
  const [revoked] = moved(come('CC229C', [sold()])).changes
  assert.ok(revoked?.do === 'end' && revoked.state === 'revoked')
  const path = '/*/Guarantor/identificationNumber'
  for (const state of ['valid', 'cancelled', 'revoked']) {
    refused(come('CC228C', [account({ state, terms: {} })]), [`${path} 14 N0075 ${guarantor}`])
    refused(come('CC229C', [sold({ state })], undefined, declarant), [`${path} 14 N0075 ${guarantor}`])
    refused(come('CC228C', [account({ state, type: '2' })]), [`${first} 14 N0078 ${grn}`])
    refused(come('CC229C', [account({ state })], documents['CC229C']?.(grn)), [`${pathOf} 14 N0076 ${grn}`])
  }
  const past = (type: string, number: string) => {
    const doc = documents[type]?.(number) ?? assert.fail()
    const late = groups(doc, 'GuaranteeReference').map((group) => ({ ...group, invalidityDate: '2026-11-23' }))
    return { ...doc, GuaranteeReference: type === 'CC229C' ? (late[0] ?? {}) : late }
  }
  for (const [type, one] of [
    ['CC228C', account()],
    ['CC229C', sold()],
  ] as const)
    refused(come(type, [one], past(type, one.grn)), ['/*/GuaranteeReference/invalidityDate 14 N0079 2026-11-23'])
  for (const state of ['cancelled', 'revoked']) {
    refused(come('CC228C', [account({ state })]), [`${first} 92 N0080 ${grn}`])
    refused(come('CC229C', [sold({ state })]), [`${pathOf} 92 N0080 ${voucher}`])
  }
  refused(come('CC228C', [unknown]), [`${first} 12 N0071 ${grn}`])
  refused(come('CC229C', [account({ ...unknown, grn: voucher })]), [`${pathOf} 12 N0071 ${voucher}`])
})

test('an officer raises, reduces and cancels; holder and guarantor hear of it', () => {
  const change = (wanted: string) => moved(act('change-reference', { referenceAmount: wanted, text: 'Agreed' }))
  assert.deepEqual(change('12000.00').changes, [
    { do: 'enter', entry: { op: 'raise', grn, amount: '2000.00', currency: 'EUR', reason: 'Agreed' } },
  ])
  assert.deepEqual(change('4000').changes, [
    { do: 'enter', entry: { op: 'reduce', grn, amount: '6000.00', currency: 'EUR', reason: 'Agreed' } },
  ])
  assert.deepEqual(
    change('4000').send.map(({ type, to, doc }) => [type, to, texts(doc, 'GuaranteeReference.referenceAmount')]),
    [
      ['CC225C', { trader: declarant }, ['4000']],
      ['CC225C', { trader: guarantor }, ['4000']],
    ],
  )
  const { changes, send } = moved(act('cancel-guarantee', { invalidityDate: '2026-12-01', text: 'Fraud' }))
  assert.deepEqual(changes, [
    {
      do: 'end',
      grn,
      state: 'cancelled',
      invalidFrom: '2026-12-01',
      terms: { guarantor, invalidityReason: { text: 'Fraud' } },
    },
  ])
  assert.equal(text(send[0]?.doc, 'GuaranteeReference.invalidityReasonText'), 'Fraud')
  for (const state of ['-', 'cancelled', 'revoked'])
    for (const name of ['change-reference', 'cancel-guarantee'])
      assert.deepEqual(act(name, { referenceAmount: '1', invalidityDate: '2026-12-01' }, { state }), {
        outcome: 'conflict',
        state,
      })
  assert.deepEqual(
    accountActs(law, 'valid').map((one) => one.act),
    ['change-reference', 'cancel-guarantee'],
  )
  assert.deepEqual(accountActs(law, 'cancelled'), [])
})

test('a faulty document is refused in every state, with what is wrong with it', () => {
  for (const state of ['-', ...law.account.states])
    for (const type of Object.keys(documents)) {
      const number = type === 'CC224C' || type === 'CC229C' ? voucher : grn
      const one = account({ state, grn: number })
      const doc = { ...documents[type]?.(number), messageType: 'CC015C' }
      const decision = come(type, [one], doc)
      assert.ok(decision.outcome === 'refused', `${type} in ${state}`)
      assert.equal(decision.send[0]?.type, 'CC906C')
    }
})

test('every right document in every state meets a row or a refusal, and the scenes take every row', (t) => {
  for (const state of ['-', ...law.account.states])
    for (const type of Object.keys(documents)) {
      const number = type === 'CC224C' || type === 'CC229C' ? voucher : grn
      assert.notEqual(
        come(type, [account({ state, grn: number, type: number === grn ? '1' : '4' })]).outcome,
        'conflict',
      )
    }
  const numbers = new Set(law.account.rows.map(({ number }) => number))
  t.diagnostic(`${taken.size} of ${numbers.size} rows taken`)
  assert.deepEqual(
    [...numbers].filter((number) => !taken.has(number)),
    [],
  )
  const named = (kind: 'guard' | 'does') =>
    [
      ...new Set(
        law.account.rows.flatMap((row) => (kind === 'guard' ? [row.guard] : row.does.map((one) => one.split(':')[0]))),
      ),
    ].sort()
  assert.deepEqual(named('guard'), Object.keys(accountGuards).sort())
  assert.deepEqual(named('does'), [...Object.keys(accountEffects), 'refuse', 'refuse-faulty'].sort())
})
