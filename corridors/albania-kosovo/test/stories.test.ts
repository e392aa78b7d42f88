/** The stories by name: each is played in a corridor that is started once for all that need the same configuration. */
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { after, before, test } from 'node:test'
import type { Health } from '@corridor/api'
import { countMessages, namesInOrder, notPlayedIn, readStory, StoryDriver, type Way, ways } from '@corridor/cli/story'
import { type Corridor, issueToken, messagesIn, readCorridor } from '@corridor/node'
import { loadLaw } from '@corridor/tables'
import { testPage } from '../../testing.ts'
import { startForTest, type TestCorridor } from './running.ts'

const corridor: Corridor = readCorridor('albania-kosovo')
const { quiet, moving, configured } = namesInOrder(corridor)

let running: TestCorridor
before(async () => {
  running = await startForTest()
})
after(() => running.end())

const pids = (): (number | undefined)[] => running.nodes.map(({ process }) => process.pid)

async function playAll(name: string, stage = running): Promise<void> {
  const driver = new StoryDriver(stage, () => undefined, 60_000, name)
  const progress = driver.newProgress()
  await driver.play(progress)
  const { ok, failures } = await driver.result(progress, [])
  assert.deepEqual([ok, failures], [true, []])
}

for (const name of quiet) test(`${name}: ${readStory(corridor, name).title}`, () => playAll(name))

for (const name of moving)
  test(`${name}: ${readStory(corridor, name).title}`, async () => {
    const before = pids()
    await playAll(name)
    const stays = readStory(corridor, name).steps.every(({ kind }) => kind !== 'stop')
    if (stays) assert.deepEqual(pids(), before, 'no node was started again to have another day')
  })

test('each message of the specification is in a story or says why not; how many went in which way', async () => {
  const kinds = await Promise.all(running.nodes.map(({ settings }) => messagesIn(settings)))
  const reasons = notPlayedIn(corridor)
  const { law } = loadLaw()
  const messages = countMessages(law.messages.types, kinds.flat(), law, reasons)
  const left = messages.filter((message) => message.with.length === 0)
  assert.deepEqual(
    left.map(({ document }) => document),
    [...reasons.keys()],
  )
  const over = (way: Way): string[] =>
    messages.filter((message) => message.with[0] === way).map(({ document }) => document)
  const went = ways.map((way) => [way, over(way).length])
  assert.deepEqual(
    went,
    [
      ['partner', 35],
      ['trader', 37],
      ['office', 6],
      ['stand-in', 13],
    ],
    JSON.stringify(
      ways.map((way) => over(way).join(' ')),
      null,
      2,
    ),
  )
})

test('what was for a node that was away is in its inbox once', async () => {
  for (const [node, db] of running.databases) {
    const twice = await db.query('select message_id from inbox group by message_id having count(*) > 1')
    assert.deepEqual(twice, [], node)
    const [left] = await db.query<{ left: number }>(
      `select count(*)::int as left from outbox where link = 'as4' and state <> 'receipted'`,
    )
    assert.equal(left?.left, 0, node)
  }
})

test('nodes whose clocks were moved say so, and a node that comes back still has the time of the story', async () => {
  const [al] = running.nodes
  assert.ok(al && (al.settings.clockAheadMs ?? 0) > 86_400_000)
  const authorization = `Bearer ${await issueToken(al.settings, 'durres-departure', 'health')}`
  const health = async (): Promise<Health> =>
    (await (await fetch(`${al.url}/health`, { headers: { authorization } })).json()) as Health
  const { clock, reasons } = await health()
  assert.equal(clock.setAheadMs, al.settings.clockAheadMs)
  assert.ok(reasons.includes('clock-set-ahead') && !reasons.includes('clock-differs-from-database'))
  await running.takeAway('al')
  await running.bringBack('al')
  assert.equal((await health()).clock.setAheadMs, clock.setAheadMs)
  await assert.rejects(running.moveClocks(0), { code: 'CLOCK_AHEAD' })
})

for (const [file, names] of configured)
  test(`${basename(file)}: ${names.join(', ')}`, async () => {
    const other = await startForTest(file)
    try {
      for (const name of names) await playAll(name, other)
    } finally {
      await other.end()
    }
  })

testPage(corridor)
