/** The stories by name: each is played in a corridor that is started once for all of them. Those that move the clocks come last. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Health } from '@corridor/api'
import { readStory, StoryDriver, storyNames } from '@corridor/cli/story'
import { type Corridor, issueToken, readCorridor } from '@corridor/node'
import { startForTest, type TestCorridor } from './running.ts'

const corridor: Corridor = readCorridor('albania-kosovo')
const movesClocks = (name: string): boolean => readStory(corridor, name).steps.some(({ kind }) => kind === 'clock')
const names = storyNames(corridor)
const quiet = names.filter((name) => !movesClocks(name))
const moving = names.filter(movesClocks)

let running: TestCorridor
before(async () => {
  running = await startForTest()
})
after(() => running.end())

const pids = (): (number | undefined)[] => running.nodes.map(({ process }) => process.pid)

async function playAll(name: string): Promise<void> {
  const driver = new StoryDriver(running, () => undefined, 60_000, name)
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
