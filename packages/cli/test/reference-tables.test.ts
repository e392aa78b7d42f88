import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

const tables = (...typed: string[]) => corridor(['reference', 'tables', ...typed])

test('the tables of the corridor are listed with both numbers, how many values and how complete', async () => {
  const { code, out } = await tables()
  assert.equal(code, 0)
  assert.match(out, /^ +5 +CL47 +CL195 CL196 CL197 CL243 +9 +partial +ControlResult$/m)
  assert.match(out, /^ +61 +C05 +EORI-NACE +996 +complete +EconomicActivity$/m)
  assert.equal([...out.matchAll(/^ +\d+ +CL?\d+ +[A-Z–]/gm)].length, 13)
  assert.match(out, /^ {2}58 {2}No source publishes the list/m)
})

test('one table, by its number or by its list, with what its values are today', async () => {
  const [byNumber, byList] = await Promise.all([tables('35'), tables('cl14')])
  assert.equal(byNumber.code, 0)
  assert.equal(byNumber.out, byList.out)
  assert.match(byNumber.out, /^Table 35 {2}CL14 {2}PreviousDocumentType {2}47 values, partial$/m)
  assert.match(byNumber.out, /^ {2}T1 +Document T1 \(CL214 = N821\)$/m)
  assert.match(byNumber.out, /^ {2}EU +Single Administrative Document \(CL214 → N830, EX is the way back;/m)
  assert.match(byNumber.out, /^ {2}CL214 N714 {2}no code before P5$/m)
})

test('as JSON, in short and in full', async () => {
  const [all, one] = await Promise.all([tables('--json'), tables('62', '--json')])
  const heads = JSON.parse(all.out) as { number: number; values: number }[]
  assert.deepEqual([heads.length, heads[0]?.number, heads[0]?.values], [13, 5, 9])
  const table = JSON.parse(one.out) as { values: { code: string }[]; completeness: string }
  assert.deepEqual([table.completeness, table.values.map(({ code }) => code)], ['complete', ['1', '2', '3']])
})

test('what is not understood is 2', async () => {
  for (const typed of [['tables', '99'], ['tables', '5', '6'], ['tables', '--xml'], [], ['table']])
    assert.equal((await corridor(['reference', ...typed])).code, 2, typed.join(' '))
})
