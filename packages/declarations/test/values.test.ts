import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCommodity, isUcr, makeUcr, parseCommodity, parseUcr } from '../src/index.ts'

test('a unique consignment reference is 1 to 35 printable characters; its parts are told where it has them', () => {
  assert.deepEqual(parseUcr('4GB704185088954-PRMS5PNRR'), {
    ok: true,
    parts: { year: '4', country: 'GB', rest: '704185088954-PRMS5PNRR' },
  })
  assert.deepEqual(parseUcr('ABC/1'), { ok: true, parts: undefined })
  assert.deepEqual(parseUcr(''), { ok: false, why: 'length' })
  assert.deepEqual(parseUcr('A'.repeat(36)), { ok: false, why: 'length' })
  for (const text of ['6SZ 1', '6SZ\n1', '6SZ٣', ' 6SZ1']) assert.equal(isUcr(text), false, text)
  assert.ok(isUcr('A'.repeat(35)))
})

test('a reference is made of year, country and the trader’s part, or refused', () => {
  assert.equal(makeUcr(2026, 'SZ', '200300400-MFC88123'), '6SZ200300400-MFC88123')
  for (const wrong of [
    () => makeUcr(2026, 'sz', '1'),
    () => makeUcr(2026, 'SZ', 'A'.repeat(33)),
    () => makeUcr(20.5, 'SZ', '1'),
  ])
    assert.throws(wrong, { code: 'bad-value' })
})

test('a commodity code has chapter, heading and subheading', () => {
  assert.deepEqual(parseCommodity('20082000'), {
    ok: true,
    commodity: { chapter: '20', heading: '2008', subheading: '200820', national: '00' },
  })
  for (const text of ['20082', '00082000', 'A0082000', '200820 0', '2'.repeat(19)])
    assert.equal(isCommodity(text), false, text)
})
