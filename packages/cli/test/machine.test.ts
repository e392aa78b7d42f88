import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('the machines, the rows of one, and its diagram', async () => {
  const all = await corridor(['machine'])
  assert.equal(all.code, 0, all.err)
  for (const role of ['departure', 'transit', 'destination', 'guarantee', 'account', 'fallback', 'paper'])
    assert.match(all.out, new RegExp(`^${role} `, 'm'))
  const rows = await corridor(['machine', 'departure'])
  assert.match(rows.out, /^released +CD006C +always +arrived +record-arrival /m)
  const part = await corridor(['machine', 'enquiry', '--mermaid'])
  assert.match(part.out, /^ {2}status_asked --> enquiry : CD095C<br\/>timer status-answer$/m)
  assert.doesNotMatch(part.out, /pre_lodged/)
  const drawn = await corridor(['machine', 'departure', '--mermaid'])
  assert.match(drawn.out, /^stateDiagram-v2\n/)
  assert.match(drawn.out, /^ {2}released --> arrived : CD006C$/m)
  assert.match(drawn.out, /^ {2}written_off --> \[\*\]$/m)
  const data = JSON.parse((await corridor(['machine', 'guarantee', '--json'])).out) as { from: string }[]
  assert.ok(data.some(({ from }) => from === 'held'))
})

test('a machine that there is not, and a diagram of nothing', async () => {
  const none = await corridor(['machine', 'sea'])
  assert.equal(none.code, 2)
  assert.match(none.err, /There is no machine “sea”\. There are: departure, enquiry, recovery, export, transit/)
  const which = await corridor(['machine', '--mermaid'])
  assert.equal(which.code, 2)
  assert.match(which.err, /Say which machine to draw/)
})
