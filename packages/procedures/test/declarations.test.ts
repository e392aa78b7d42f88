import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileDeclarationLaw, declarationSides, declarationStates } from '../src/index.ts'

const read = (name: string): string => readFileSync(new URL(`../declarations/${name}.tsv`, import.meta.url), 'utf8')
const texts = { machine: read('declaration.machine'), refusals: read('refusals') }
const law = compileDeclarationLaw(texts)

test('every state of a side is reached from nothing, and each side begins somehow', () => {
  for (const side of declarationSides) {
    const own = law.rows.filter((row) => row.side === side)
    const reached = new Set<string>(['-'])
    for (let before = 0; before !== reached.size;) {
      before = reached.size
      for (const { from, to } of own) if (reached.has(from)) reached.add(to)
    }
    for (const { from } of own) assert.ok(reached.has(from), `${side} ${from}`)
    assert.ok(reached.size > 1, side)
  }
})

test('every state is used, and nothing leads out of an export that was withdrawn', () => {
  const used = new Set(law.rows.map(({ to }) => to))
  assert.deepEqual([...used].toSorted(), [...declarationStates].toSorted())
  const after = law.rows.filter(({ side, from }) => side === 'export' && from === 'withdrawn')
  assert.deepEqual([...new Set(after.map(({ to }) => to))], ['withdrawn'])
  assert.equal(law.step('export', 'withdrawn', 'released'), undefined)
  assert.equal(law.step('partner-export', 'withdrawn', 'released'), undefined)
})

test('a table that does not fit is refused', () => {
  const bad = (from: string, to: string) => () =>
    compileDeclarationLaw({ ...texts, machine: texts.machine.replace(from, to) })
  assert.throws(bad('export\t-|waiting\treleased\tsent', 'export\t-\treleased\tgone'), /gone/)
  assert.throws(bad('export\t-|waiting\treleased', 'exports\t-\treleased'), /exports/)
  assert.throws(bad('export\tlodged\treleased', 'export\tsent\treleased'), /two rows/)
  assert.throws(() => law.refusal('D99'), /D99/)
})
