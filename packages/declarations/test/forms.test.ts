import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forAll } from '../../customs/test/random.ts'
import { compact, leaves } from '../src/doc.ts'
import { chanceBlock } from './chance-blocks.ts'
import { exampleExport } from './example.ts'
import { blocks, formNames, formOf } from './tables.ts'

const facts = { country: 'SZ', agency: 'Revenue Service', currency: 'ZAR' }
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const said = (block: object): Map<string, string> =>
  new Map(leaves(block as never).map(({ path, value }) => [path, value]))

for (const name of formNames) {
  const form = formOf(name)

  test(`${name}: what is written is read back, but for what is listed as lost`, (t) => {
    forAll(t, 60, (drawn) => {
      const block = compact(chanceBlock(drawn))
      const { bytes, losses } = form.write(block, facts)
      const { block: back } = form.read(bytes, facts)
      const [before, after] = [said(block), said(back ?? {})]
      const lost = new Map(losses.map((loss) => [loss.path, loss]))
      for (const [path, value] of before)
        if (path.startsWith('Declaration/')) {
          assert.equal(after.get(path), lost.has(path) ? lost.get(path)!.became : value, path)
          assert.notEqual(lost.get(path)?.became, value, path)
        }
      for (const { why } of losses) assert.ok(why.length > 0)
    })
  })

  test(`${name}: what came through once comes through again, byte for byte`, (t) => {
    forAll(t, 60, (drawn) => {
      const first = form.write(compact(chanceBlock(drawn)), facts).bytes
      const { block } = form.read(first, facts)
      const second = form.write(block!, facts)
      assert.deepEqual(second.losses, [])
      const lines = textOf(second.bytes).split('\n')
      const differing = textOf(first)
        .split('\n')
        .flatMap((line, at) => (line === lines[at] ? [] : [[line, lines[at]]]))
      assert.deepEqual(differing.slice(0, 2), [])
    })
  })

  test(`${name}: a whole export is right in it`, () => {
    const block = exampleExport()
    const { bytes, losses } = form.write(block, facts)
    const reading = form.read(bytes, facts)
    assert.deepEqual(reading.findings, [])
    assert.deepEqual(reading.unread, [])
    assert.deepEqual(blocks.check(reading.block!), [])
    for (const { path } of losses)
      assert.ok(
        !/GoodsMeasure|ItemChargeAmount|UCR\/ID|Classification|CountryCode$/.test(path.replace(/Address.*/, '')),
        path,
      )
  })

  test(`${name}: bytes that are none of it are findings, never a fault`, (t) => {
    const whole = form.write(exampleExport(), facts).bytes
    forAll(t, 100, (drawn) => {
      const bytes = drawn.next() < 0.3 ? whole.slice(0, drawn.whole(0, whole.length - 1)) : whole.slice()
      for (let times = drawn.whole(0, 4); times > 0 && bytes.length > 0; times--)
        bytes[drawn.whole(0, bytes.length - 1)] = drawn.whole(0, 255)
      const { block, findings } = form.read(bytes, facts)
      assert.ok(block !== undefined || findings.length > 0)
      for (const { remedy, text } of findings) assert.ok(remedy.length > 0 && text.length > 0)
    })
    for (const text of ['', '{}', '<a/>', 'HDR', '[]', 'null', 'END|0\n'])
      assert.ok(form.read(bytesOf(text), facts).findings.length > 0, text)
  })
}

test('ASYCUDA World-like XML: unknown elements are accepted and told, `<null/>` is nothing, order does not matter', () => {
  const form = formOf('asycuda-world-like')
  const text = textOf(form.write(exampleExport(), facts).bytes)
  assert.match(text, /<Manifest_reference_number><null\/><\/Manifest_reference_number>/)
  const own = text
    .replace('<Property>', '<National_extra><Code>7</Code><Empty><null/></Empty></National_extra><Property>')
    .replace(
      '</ASYCUDA>',
      '<!-- exported --><Assessment_notice><Total_item_taxes>10.5</Total_item_taxes></Assessment_notice></ASYCUDA>',
    )
  const before = form.read(bytesOf(text), facts)
  const { block, findings, unread } = form.read(bytesOf(own), facts)
  assert.deepEqual([block, findings], [before.block, []])
  assert.deepEqual(unread.slice(0, 1), [{ at: 'National_extra/Code', value: '7' }])
  assert.deepEqual(unread.at(-1), { at: 'Assessment_notice/Total_item_taxes', value: '10.5' })
  const traders = /<Traders>[\s\S]*<\/Traders>/.exec(text)![0]
  const moved = text.replace(traders, '').replace('</ASYCUDA>', `${traders}</ASYCUDA>`)
  assert.deepEqual(blocks.write(form.read(bytesOf(moved), facts).block!), blocks.write(before.block!))
})

test('a value without counterpart is a finding with its place in the form, and the rest is read', () => {
  const form = formOf('asycuda-world-like')
  const text = textOf(form.write(exampleExport(), facts).bytes)
  const wrong = text
    .replace('<Container_flag>true<', '<Container_flag>maybe<')
    .replace('<Net_weight_itm>3300<', '<Net_weight_itm>3,300<')
    .replace('<Date>11/2/26<', '<Date>31/31/26<')
  const { findings, block } = form.read(bytesOf(wrong), facts)
  assert.deepEqual(
    findings.map(({ rule, at, value }) => [rule, at, value]),
    [
      ['asycuda-world-like M/d/yy', 'Identification/Registration/Date', '31/31/26'],
      ['asycuda-world-like flag', 'Transport/Container_flag', 'maybe'],
      ['pattern', 'Item[2]/Valuation_item/Weight_itm/Net_weight_itm', '3,300'],
    ],
  )
  assert.ok(findings.every(({ line }) => line === undefined || line > 0))
  assert.equal(block!['ResponsibleCountryCode'], 'SZ')
})

test('ASYCUDA++-like files: a file that was cut off is known as such', () => {
  const form = formOf('asycuda-pp-like')
  const text = textOf(form.write(exampleExport(), facts).bytes)
  const lines = text.split('\n')
  assert.match(lines[0]!, /^HDR\|ASYPP-LIKE\|1$/)
  assert.equal(lines.at(-2), `END|${lines.length - 2}`)
  for (let kept = 1; kept < lines.length - 2; kept++) {
    const { findings, block } = form.read(bytesOf(`${lines.slice(0, kept).join('\n')}\n`), facts)
    assert.deepEqual([block, findings.map(({ rule }) => rule)], [undefined, ['incomplete']])
  }
  const without = lines.filter((line) => !line.startsWith('ITM')).join('\n')
  assert.equal(form.read(bytesOf(without), facts).findings[0]?.rule, 'incomplete')
  assert.deepEqual(form.read(bytesOf(text.replaceAll('\n', '\r\n')), facts), form.read(bytesOf(text), facts))
})
