import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addAmounts,
  checkDigit,
  compareAmounts,
  convertAmount,
  dateTimeOf,
  isDate,
  isDateTime,
  isGrn,
  isLrn,
  isMrn,
  isOfficeReference,
  isTin,
  makeGrn,
  makeMrn,
  parseGrn,
  parseMrn,
  subtractAmounts,
} from '../index.ts'

test('an MRN is made with its check digit, read and checked', () => {
  const mrn = makeMrn('26', 'AL', '000101000001', 'J')
  assert.deepEqual(parseMrn(mrn), {
    ok: true,
    mrn: { year: '26', country: 'AL', body: '000101000001', procedure: 'J', checkDigit: mrn[17] },
  })
  const other = mrn.slice(0, 17) + ((Number(mrn[17]) + 1) % 10)
  assert.deepEqual(parseMrn(other), { ok: false, why: 'check-digit' })
  assert.deepEqual(parseMrn(mrn.replace('J', 'X')), { ok: false, why: 'form' })
  assert.equal(isMrn(mrn.toLowerCase()), false)
})

test('no MRN is made of parts that have not its form', () => {
  for (const [year, country, body, procedure] of [
    ['23', 'AL', '000101000001', 'J'],
    ['26', 'al', '000101000001', 'J'],
    ['26', 'AL', '00010100000', 'J'],
    ['26', 'AL', '0001010000012', 'J'],
    ['26', 'AL', '00010100000-', 'J'],
    ['26', 'AL', '000101000001', 'E'],
  ] as const)
    assert.throws(() => makeMrn(year, country, body, procedure), { code: 'bad-value' })
})

test('numbers that other systems issued, and the same with a wrong digit', () => {
  const issued = [
    '28BDU7NB98LCWXLNM2',
    '38VYQTYFU3T0KUTUM3',
    '25GB000246TK0E6WJ1',
    '24GB000246J8NY33L7',
    '23GB0002466HT2CXJ9',
    '21GB00014210026352',
  ]
  assert.deepEqual(
    issued.filter((mrn) => !isMrn(mrn)),
    [],
  )
  assert.deepEqual(parseMrn('21GB00014210026352'), {
    ok: true,
    mrn: { year: '21', country: 'GB', body: '0001421002635', procedure: undefined, checkDigit: '2' },
  })
  assert.deepEqual(['27WF9X1FQ9RCKN0TM3', '24GB000246B72DUJL4', '26WBSP5YO22NFZBDK1'].map(parseMrn), [
    { ok: false, why: 'check-digit' },
    { ok: false, why: 'check-digit' },
    { ok: false, why: 'check-digit' },
  ])
  assert.deepEqual(['24GB0000010000295', '20XI0000010000070', '09GB0000010000084', '23GB0000010000291'].map(isGrn), [
    true,
    true,
    true,
    false,
  ])
  assert.equal(checkDigit('24GB000001000029'), '5')
  assert.equal(checkDigit('24GB00000100002-'), undefined)
})

test('a GRN is made, read and checked, with and without voucher', () => {
  const grn = makeGrn('26', 'AL', '000901000001')
  assert.equal(grn.length, 17)
  assert.deepEqual(parseGrn(grn), {
    ok: true,
    grn: { year: '26', country: 'AL', body: '000901000001', checkDigit: grn[16], voucher: undefined },
  })
  assert.equal(isGrn(makeGrn('26', 'AL', '000901000001', 'A000123')), true)
  assert.deepEqual(parseGrn(grn.slice(0, 16) + ((Number(grn[16]) + 1) % 10)), { ok: false, why: 'check-digit' })
  assert.throws(() => makeGrn('26', 'AL', '1'), { code: 'bad-value' })
})

test('forms of the short references', () => {
  assert.deepEqual(['AL000101', 'al000101', 'AL00010', 'AL00010_'].map(isOfficeReference), [true, false, false, false])
  assert.deepEqual(['ALK12345678A', 'AL', 'AL 1', 'GB1234567890123456'].map(isTin), [true, false, false, false])
  assert.deepEqual(['LRN 1', ' LRN', '', '1234567890123456789012', '12345678901234567890123'].map(isLrn), [
    true,
    false,
    false,
    true,
    false,
  ])
})

test('amounts in another currency are exact until the last step, and a half cent goes up', () => {
  assert.equal(convertAmount('5000.00', '1', '97.35'), '486750.00')
  assert.equal(convertAmount('486750', '97.35', '1'), '5000.00')
  assert.equal(convertAmount('0.01', '2', '1'), '0.01')
  assert.equal(convertAmount('0.01', '2.0001', '1'), '0.00')
  assert.equal(convertAmount('100', '3', '1'), '33.33')
  // By way of the euro, without rounding it there.
  assert.equal(convertAmount('100.00', '117.2', '61.5'), '52.47')
  assert.equal(convertAmount('99999999999999.99', '1', '1'), '99999999999999.99')
  assert.throws(() => convertAmount('1', '0', '1'), { code: 'bad-value' })
})

test('amounts are exact', () => {
  assert.equal(addAmounts('0.1', '0.20'), '0.30')
  assert.equal(addAmounts('99999999999999.99', '0.01'), '100000000000000.00')
  assert.equal(subtractAmounts('5000', '5000.01'), '-0.01')
  assert.equal(subtractAmounts('250000.00', '99000'), '151000.00')
  assert.deepEqual(
    [compareAmounts('5', '5.0'), compareAmounts('10', '9.99'), compareAmounts('0.09', '0.1')],
    [0, 1, -1],
  )
  assert.throws(() => addAmounts('1e3', '1'), { code: 'bad-value' })
  assert.throws(() => compareAmounts('', '1'), { code: 'bad-value' })
})

test('dates and times exist', () => {
  assert.deepEqual(['2024-02-29', '2026-02-29', '2026-13-01', '2026-1-1'].map(isDate), [true, false, false, false])
  assert.deepEqual(
    ['2026-11-24T14:00:00', '2026-11-24T25:00:00', '2026-11-24T14:00:00Z', '2026-11-24'].map(isDateTime),
    [true, false, false, false],
  )
  assert.equal(dateTimeOf(new Date(Date.UTC(2026, 10, 24, 14, 0, 1, 999))), '2026-11-24T14:00:01')
})
