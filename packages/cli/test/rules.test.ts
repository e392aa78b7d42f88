import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('the coverage of all messages, with a reason for every exception', async () => {
  const { code, out } = await corridor(['rules'])
  assert.equal(code, 0)
  assert.match(out, /^C {2}conditions +81 /m)
  assert.match(out, /^R {2}rules +65 /m)
  assert.match(out, /^ {2}R0100 {2}not evaluated: \S/m)
  const cited = [...out.matchAll(/^[CRBEGS] {2}[a-z, ]+? +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+)$/gm)]
  assert.ok(cited.length >= 5)
  for (const [line, all, ...states] of cited)
    assert.equal(
      states.map(Number).reduce((sum, count) => sum + count, 0),
      Number(all),
      line,
    )
})

test('of one message: every rule with its state and meaning', async () => {
  const { code, out } = await corridor(['rules', '--message', 'cc015c'])
  assert.equal(code, 0)
  assert.match(out, /^ {2}C0085 {2}done +A guarantee has references exactly when its type has them\.$/m)
  const cited = Number(/^CC015C +(\d+)/m.exec(out)![1])
  assert.equal(out.match(/^ {2}[A-Z]\d{4} /gm)?.length, cited)
  const unknown = await corridor(['rules', '--message', 'CC999C'])
  assert.deepEqual([unknown.code, unknown.out], [2, ''])
})
