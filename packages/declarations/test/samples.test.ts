import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { formOf } from './tables.ts'

const folder = new URL('../../../../shared/formats/asycuda-xml/', import.meta.url)
const skip = existsSync(folder) ? false : 'needs ../shared'

test('public samples of ASYCUDA World XML are read: nothing stops, and what is not used is told', { skip }, (t) => {
  const form = formOf('asycuda-world-like')
  const samples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.xml'))
  assert.ok(samples.length >= 3)
  for (const name of samples) {
    const { block, findings, unread } = form.read(readFileSync(new URL(name, folder)), {
      country: 'JM',
      currency: 'JMD',
    })
    const rules = findings.reduce<Record<string, number>>(
      (all, { rule }) => ({ ...all, [rule]: (all[rule] ?? 0) + 1 }),
      {},
    )
    t.diagnostic(`${name.split('/').at(-1)}: ${JSON.stringify(rules)}, ${unread.length} not read`)
    assert.ok(block !== undefined)
    assert.ok(unread.length > 0)
    // Public samples say less than the block requires; nothing of what they do say may be taken for something else.
    for (const { rule, at, value } of findings)
      assert.ok(at === undefined || value === undefined || !rule.startsWith('shape'), `${name} ${rule} ${at}`)
  }
})
