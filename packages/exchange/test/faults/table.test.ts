import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const page = new URL('../../../../docs/faults.md', import.meta.url)

interface Row {
  number: string
  does: string
  seen: string
  /** Files of tests. */
  files: URL[]
}

const rows: Row[] = readFileSync(page, 'utf8')
  .split('\n')
  .filter((line) => /^\| F\d\d/.test(line))
  .map((line) => {
    const [number = '', , does = '', seen = '', tests = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    const files = [...tests.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => new URL(path, page))
    return { number, does, seen, files }
  })

test('the table has a row for each of the 64 faults, in order', () => {
  const numbers = Array.from({ length: 64 }, (_, n) => `F${String(n + 1).padStart(2, '0')}`)
  assert.deepEqual(
    rows.map(({ number }) => number),
    numbers,
  )
})

for (const { number, does, seen, files } of rows)
  test(`the row of ${number} names tests that bear its number, or says why it was not run`, () => {
    assert.notEqual(does, '')
    assert.notEqual(seen, '')
    if (files.length === 0) assert.match(does, /^not run: ./)
    for (const file of files) assert.match(readFileSync(file, 'utf8'), new RegExp(`['"\`]${number} \\S`), file.pathname)
  })
