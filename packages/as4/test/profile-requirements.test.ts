import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('\n## Requirements\n')[1] ?? ''
const NAMED = /`([\w./-]+\.ts)` “([^”]+)”/g

test('every test that the table of requirements in the README names is there', () => {
  const named = [...page.matchAll(NAMED)].map(([, file, name]) => [file!, name!] as const)
  assert.ok(named.length > 60, `only ${named.length} names`)
  for (const [file, name] of named) {
    // A comment is no test.
    const source = readFileSync(new URL(file, import.meta.url), 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '')
    // What differs between tests of one kind is put in by the source.
    for (const fragment of name.split('…')) assert.ok(source.includes(fragment), `${file} has no test “${name}”`)
  }
})

test('every row of the common profile is there, and shows a test unless it says that it is not here', () => {
  const rows = [...page.matchAll(/^\| (\d+) \|.*$/gm)]
  assert.deepEqual(
    rows.map(([, number]) => Number(number)),
    Array.from({ length: 18 }, (_, n) => n + 1),
  )
  for (const [row, number] of rows) {
    assert.ok(row.match(NAMED), `row ${number} names no test`)
    assert.equal(row.includes('not here'), number === '16' || number === '18')
  }
})

const FACTS = new URL('../../../../shared/as4/requirements.md', import.meta.url)
const noFacts = existsSync(FACTS) ? false : 'needs the list of requirements in ../shared/as4'

test('no numbered requirement of the list is left out', { skip: noFacts }, () => {
  const numbers = (text: string): string[] => [...text.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => number!)
  assert.deepEqual(numbers(page), numbers(readFileSync(FACTS, 'utf8')))
})
