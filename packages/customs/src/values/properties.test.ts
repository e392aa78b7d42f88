/** Properties of the values, over values by chance (own generator; the seeds are printed). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { capitals, digits, forAll, printable, type Chance } from '../../test/random.ts'
import { formatCompiler } from '../format/format.ts'
import { addAmounts, compareAmounts, formatAmount, parseAmount, subtractAmounts } from './amount.ts'
import { checkDigit } from './check-digit.ts'
import { isContainer, makeContainer, parseContainer } from './container.ts'
import { addDays, dateTimeOf, isDate, isDateTime, momentOf } from './dates.ts'
import { isGrn, makeGrn, parseGrn } from './grn.ts'
import { isMrn, makeMrn, parseMrn } from './mrn.ts'
import {
  isLrn,
  isOfficeReference,
  isTin,
  isUnLocode,
  makeOfficeReference,
  makeTin,
  makeUnLocode,
  parseOfficeReference,
  parseTin,
  parseUnLocode,
} from './references.ts'
import { isTirCarnet, makeTirCarnet, parseTirCarnet } from './tir-carnet.ts'

const times = 2000
const alphanumeric = digits + capitals
const formatOf = formatCompiler(readFileSync(new URL('../../messages/formats.tsv', import.meta.url), 'utf8'))
const allowedBy = (notation: string): ((text: string) => boolean) => {
  const format = formatOf(notation)
  return (text) => format.check(text) === undefined
}

const mrnParts = (drawn: Chance): [string, string, string, string] => [
  String(drawn.whole(24, 99)),
  drawn.text(capitals, 2),
  drawn.text(alphanumeric, 12),
  drawn.pick('JKLM'),
]

/** The text with one character changed to another of the same alphabet. */
function spoiltAt(text: string, at: number, drawn: Chance): string {
  const alphabet = /[0-9]/.test(text[at]!) ? digits : capitals
  for (;;) {
    const other = drawn.pick(alphabet)
    if (other !== text[at]) return text.slice(0, at) + other + text.slice(at + 1)
  }
}

test('MRN: made, read, and of the form that documents allow', (t) => {
  const allowed = allowedBy('an18 mrn')
  forAll(t, times, (drawn) => {
    const [year, country, body, procedure] = mrnParts(drawn)
    const mrn = makeMrn(year, country, body, procedure)
    assert.deepEqual(parseMrn(mrn), {
      ok: true,
      mrn: { year, country, body, procedure, checkDigit: mrn[17] },
    })
    assert.ok(allowed(mrn), mrn)
    const digit = spoiltAt(mrn, 17, drawn)
    assert.deepEqual(parseMrn(digit), { ok: false, why: 'check-digit' })
    assert.equal(isMrn(mrn.slice(0, -1)) || isMrn(`${mrn}0`) || isMrn(mrn.toLowerCase()), false)
  })
})

test('a check digit finds one wrong character, but for the ambiguity of 0 and 10', (t) => {
  forAll(t, times, (drawn) => {
    const start = drawn.text(alphanumeric, drawn.whole(10, 17))
    const other = spoiltAt(start, drawn.whole(0, start.length - 1), drawn)
    // Two values that differ by a multiple of 11 weigh alike (A=10, K=21), and remainders 0 and 10 share a digit; nothing else may.
    if (checkDigit(start) === checkDigit(other)) assert.ok(sameRemainder(start, other), `${start} ${other}`)
  })
})

/** Recomputed from the definition of ISO 6346 (letter values without multiples of 11), independently of check-digit.ts. */
function remainder(text: string): bigint {
  const letters = Array.from({ length: 29 }, (_, at) => 10 + at).filter((value) => value % 11 !== 0)
  return (
    [...text].reduce((sum, character, at) => {
      const value = capitals.includes(character) ? letters[capitals.indexOf(character)]! : Number(character)
      return sum + BigInt(value) * 2n ** BigInt(at)
    }, 0n) % 11n
  )
}

function sameRemainder(a: string, b: string): boolean {
  return remainder(a) % 10n === remainder(b) % 10n
}

test('the check digit is that of the definition', (t) => {
  forAll(t, times, (drawn) => {
    const text = drawn.text(alphanumeric, drawn.whole(0, 30))
    assert.equal(checkDigit(text), String(remainder(text) % 10n))
    assert.equal(checkDigit(text + drawn.pick('-abz ')), undefined)
  })
})

test('GRN: made, read, with and without voucher', (t) => {
  const allowed = allowedBy('an..24 grn')
  forAll(t, times, (drawn) => {
    const [year, country, body] = [drawn.text(digits, 2), drawn.text(capitals, 2), drawn.text(alphanumeric, 12)]
    const voucher = drawn.next() < 0.5 ? '' : drawn.text(capitals, 1) + drawn.text(digits, 6)
    const grn = makeGrn(year, country, body, voucher)
    const expected = { year, country, body, checkDigit: grn[16], voucher: voucher || undefined }
    assert.deepEqual(parseGrn(grn), { ok: true, grn: expected })
    assert.ok(allowed(grn), grn)
    assert.deepEqual(parseGrn(spoiltAt(grn, 16, drawn)), { ok: false, why: 'check-digit' })
    assert.equal(isGrn(`${grn}0`), false)
  })
})

test('container number: made, read, and a wrong digit is found', (t) => {
  forAll(t, times, (drawn) => {
    const [owner, category, serial] = [drawn.text(capitals, 3), drawn.pick('UJZ'), drawn.text(digits, 6)]
    const number = makeContainer(owner, category, serial)
    assert.deepEqual(parseContainer(number), {
      ok: true,
      container: { owner, category, serial, checkDigit: number[10] },
    })
    assert.deepEqual(parseContainer(spoiltAt(number, 10, drawn)), { ok: false, why: 'check-digit' })
    assert.equal(isContainer(number.replace(/[UJZ](?=\d{7}$)/, 'X')), false)
    assert.throws(() => makeContainer(owner.slice(1), category, serial), { code: 'bad-value' })
    assert.throws(() => makeContainer(owner + category, '', serial), { code: 'bad-value' })
  })
  // the example of ISO 6346 and the one number of the kind in the public NCTS samples
  assert.equal(isContainer('CSQU3054383'), true)
})

test('country references: TIN, office, UN/LOCODE', (t) => {
  const kinds = [
    { make: makeTin, parse: parseTin, is: isTin, alphabet: printable, least: 1, most: 15, notation: 'an..17 tin' },
    {
      make: makeOfficeReference,
      parse: parseOfficeReference,
      is: isOfficeReference,
      alphabet: alphanumeric,
      least: 6,
      most: 6,
      notation: 'an8 office',
    },
    {
      make: makeUnLocode,
      parse: parseUnLocode,
      is: isUnLocode,
      alphabet: `${capitals}23456789`,
      least: 3,
      most: 3,
      notation: 'an..17 token',
    },
  ]
  forAll(t, times, (drawn) => {
    const { make, parse, is, alphabet, least, most, notation } = drawn.pick(kinds)
    const country = drawn.text(capitals, 2)
    const rest = drawn.text(alphabet, drawn.whole(least, most))
    const text = make(country, rest)
    assert.deepEqual(parse(text), { ok: true, reference: { country, rest } })
    assert.ok(allowedBy(notation)(text), text)
    const wrong = [country, country.toLowerCase() + rest, ` ${text}`, `${text} `, text + drawn.text(alphabet, most)]
    for (const each of wrong) assert.equal(is(each), false, each)
    assert.throws(() => make(country + rest.slice(0, 1), rest.slice(1)), { code: 'bad-value' })
  })
})

test('LRN: what documents allow and the reader accepts are the same', (t) => {
  const allowed = allowedBy('an..22 trimmed')
  forAll(t, times, (drawn) => {
    const text = drawn.text(`${alphanumeric}  -/é漢𝕏\u00a0`, drawn.whole(0, 24))
    assert.equal(isLrn(text), allowed(text), JSON.stringify(text))
  })
})

test('TIR carnet: what documents allow and the reader accepts are the same', (t) => {
  const allowed = allowedBy('an..12 tir-carnet')
  forAll(t, times, (drawn) => {
    const letters = drawn.pick(['', '', `X${drawn.pick(capitals)}`, `${drawn.pick(capitals)}X`, 'AB'])
    const number = String(drawn.pick([drawn.whole(0, 99), drawn.whole(24_999_990, 25_000_010), drawn.whole(0, 1e9)]))
    const text = letters + drawn.pick(['', '', '', '0']) + number
    assert.equal(isTirCarnet(text), allowed(text), text)
    if (!isTirCarnet(text)) return
    assert.deepEqual(parseTirCarnet(text), { ok: true, carnet: { letters: letters || undefined, number } })
    assert.equal(makeTirCarnet(number, letters), text)
  })
  assert.throws(() => makeTirCarnet('X25000000'), { code: 'bad-value' })
})

test('date and time: a moment and back, in order, on days that exist', (t) => {
  forAll(t, times, (drawn) => {
    const [one, two] = [0, 1].map(() => new Date(Date.UTC(2000, 0, 1) + drawn.whole(0, 4e9) * 1000)) as [Date, Date]
    const text = dateTimeOf(one)
    assert.deepEqual(momentOf(text), one)
    assert.equal(text < dateTimeOf(two), one < two)
    const date = text.slice(0, 10)
    const days = drawn.whole(-4000, 4000)
    const moved = addDays(date, days)
    assert.equal(addDays(moved, -days), date)
    assert.equal(isDate(moved), true)
    assert.equal(moved > date, days > 0)
    const [year, month, day] = [drawn.whole(1, 9999), drawn.whole(0, 13), drawn.whole(0, 32)]
    const drawnDate = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    const calendar = new Date(0)
    calendar.setUTCFullYear(year, month - 1, day)
    assert.equal(isDate(drawnDate), calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day, drawnDate)
    for (const zone of ['Z', '+01:00', '.0']) assert.equal(isDateTime(text + zone), false)
  })
  assert.equal(dateTimeOf(momentOf('2026-12-31T24:00:00')), '2027-01-01T00:00:00')
  assert.throws(() => momentOf('2026-11-24'), { code: 'bad-value' })
  assert.throws(() => dateTimeOf(new Date(Date.UTC(10_000, 0, 1))), { code: 'bad-value' })
  assert.throws(() => dateTimeOf(new Date(Number.NaN)), { code: 'bad-value' })
  assert.throws(() => addDays('9999-12-31', 1), { code: 'bad-value' })
})

test('amounts: exact, of the decimals written, and ordered by value', (t) => {
  const amount = (drawn: Chance): string => {
    const scale = drawn.whole(0, 6)
    const whole = String(drawn.whole(0, 9)) + drawn.text(digits, drawn.whole(0, 14))
    return scale === 0 ? whole : `${whole}.${drawn.text(digits, scale)}`
  }
  forAll(t, times, (drawn) => {
    const [a, b, c] = [amount(drawn), amount(drawn), amount(drawn)]
    assert.equal(formatAmount(parseAmount(a)), a.replace(/^0+(?=[0-9])/, ''))
    assert.equal(addAmounts(a, b), addAmounts(b, a))
    assert.equal(compareAmounts(addAmounts(addAmounts(a, b), c), addAmounts(a, addAmounts(b, c))), 0)
    assert.equal(compareAmounts(subtractAmounts(addAmounts(a, b), a), b), 0)
    assert.equal(compareAmounts(a, b), -compareAmounts(b, a) || 0)
    assert.equal(compareAmounts(`0${a}`, a.includes('.') ? `${a}0` : `${a}.0`), 0)
    assert.equal(parseAmount(addAmounts(a, b)).scale, Math.max(parseAmount(a).scale, parseAmount(b).scale))
  })
  for (const wrong of ['', '.5', '5.', '1e3', '+1', '1,5', '١'])
    assert.throws(() => parseAmount(wrong), { code: 'bad-value' })
})
