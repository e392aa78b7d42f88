import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('the coverage of all messages, with a reason for every exception', async () => {
  const { code, out } = await corridor(['rules'])
  assert.equal(code, 0)
  assert.match(out, /^ {2}R0100 {2}not evaluated: \S/m)
  const cited = [...out.matchAll(/^[CRBEGS] {2}[a-z, ]+? +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$/gm)]
  // What the specification has (NCTS P5 DDNTA, rules and conditions): nothing is lost and nothing counted twice.
  const counts = Object.fromEntries(cited.map(([line, all]) => [line[0], Number(all)]))
  assert.deepEqual(counts, { B: 45, C: 81, E: 14, G: 78, R: 65, S: 1 })
  assert.match(out, /^all +284 .* 0$/m)
  for (const [line, all, ...states] of cited)
    assert.equal(
      states.map(Number).reduce((sum, count) => sum + count, 0),
      Number(all),
      line,
    )
})

test('it is read in a terminal of 80 columns', async () => {
  for (const typed of [['rules'], ['rules', '--message', 'CC015C'], ['codelists', 'CL030']]) {
    const { out } = await corridor(typed)
    assert.deepEqual(
      out.split('\n').filter((line) => line.length > 80),
      [],
    )
  }
})

test('every exception names a rule, and says of what and why', async () => {
  const { out } = await corridor(['rules'])
  const [, exceptions = ''] = /^Exceptions, [^]*?\((\d+)\)\n\n/m.exec(out) ?? []
  const listed = /^Exceptions, [^\n]*\n\n([^]*?)\n\n/m.exec(out)![1]!.split(/\n(?= {2}\S)/)
  assert.equal(listed.length, Number(exceptions))
  for (const each of listed) assert.match(each, /^ {2}[A-Z]\d{4} {2}[^:]+: [^]{20,}$/)
})

test('of one message: every rule with its state and meaning', async () => {
  const { code, out } = await corridor(['rules', '--message', 'cc015c'])
  assert.equal(code, 0)
  assert.match(out, /^ {2}C0085 {2}done +A guarantee has references exactly when its type\s+has\s+them\.$/m)
  const cited = Number(/^CC015C +(\d+)/m.exec(out)![1])
  assert.equal(out.match(/^ {2}[A-Z]\d{4} /gm)?.length, cited)
  const unknown = await corridor(['rules', '--message', 'CC999C'])
  assert.deepEqual([unknown.code, unknown.out], [2, ''])
})
