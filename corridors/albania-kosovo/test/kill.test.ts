import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { StoryDriver } from '@corridor/cli/story'
import { box, documentsOfTheStory, startForTest, type TestCorridor } from './running.ts'

/** At least so many kills in a run; the story is played again until there were so many. */
const leastKills = 12

/** After so many it ends: nodes that are killed faster than a loaded machine starts them get nowhere, and prove nothing. */
const mostKills = 20

let corridor: TestCorridor
/** Every movement that was played, whatever was killed during it. */
const mrns: string[] = []

before(async () => {
  corridor = await startForTest()
})
after(() => corridor.end())

test('F01-F22 kill -9 of either node at random moments loses nothing and doubles nothing', async (t) => {
  const driver = new StoryDriver(corridor, () => undefined, 120_000)
  const kills: string[] = []
  const killing = new AbortController()
  const killer = (async () => {
    while (!killing.signal.aborted && kills.length < mostKills) {
      // Mostly when both work, so that the kills are spread over the story; now and then one that is just coming up.
      if (randomInt(4) > 0) await bothUp(killing.signal)
      await pause(randomInt(600), undefined, { signal: killing.signal }).catch(() => undefined)
      const target = corridor.nodes[randomInt(corridor.nodes.length)]
      const pid = target?.process.pid
      if (killing.signal.aborted || target === undefined || pid === undefined) continue
      process.kill(pid, 'SIGKILL')
      kills.push(`${target.node.id} after ${driver.lines.at(-1)?.document ?? 'start'}`)
    }
  })()
  try {
    while (kills.length < leastKills || mrns.length === 0) {
      const progress = driver.newProgress()
      await driver.play(progress)
      mrns.push(progress.mrn)
    }
  } finally {
    killing.abort()
    await killer
  }
  t.diagnostic(`${kills.length} kills in ${mrns.length} movements: ${kills.join(', ')}`)
  await quiet(corridor)
  await nothingLostOrDoubled(corridor, mrns)
  const summary = await driver.summary(mrns, [])
  assert.deepEqual(summary.failures, [])
  assert.equal(summary.discharged, mrns.length)
  assert.equal(summary.guaranteesReleased, mrns.length)
})

test('F46 kill -9 of the PostgreSQL of both nodes in the middle of a story loses nothing and doubles nothing', async (t) => {
  const driver = new StoryDriver(corridor, () => undefined, 120_000)
  // Tokens are made in the database itself, which is about to go away.
  for (const { node } of corridor.nodes) for (const { id } of node.accounts) await driver.client(node.id, id)
  const progress = driver.newProgress()
  const kills: string[] = []
  const played = new AbortController()
  const playing = driver.play(progress).finally(() => played.abort())
  const killing = (async () => {
    for (const least of [1, 8, 14]) {
      while (driver.lines.length < least && !played.signal.aborted) await pause(10)
      await pause(randomInt(100))
      const pid = corridor.running.databasePid
      process.kill(pid, 'SIGKILL')
      kills.push(`after ${driver.lines.at(-1)?.document}`)
      while (corridor.running.databasePid === pid && !played.signal.aborted) await pause(50)
    }
  })()
  await Promise.all([playing, killing])
  mrns.push(progress.mrn)
  t.diagnostic(`${kills.length} kills: ${kills.join(', ')}`)
  await quiet(corridor)
  await nothingLostOrDoubled(corridor, mrns)
})

/** Waits until every node answers that it works. */
async function bothUp(signal: AbortSignal): Promise<void> {
  for (const { url } of corridor.nodes) {
    const isUp = () =>
      fetch(`${url}/health`, { signal }).then(
        ({ ok }) => ok,
        () => false,
      )
    while (!signal.aborted && !(await isUp())) await pause(20)
  }
}

/** Waits until no node has anything left to do. */
async function quiet(running: TestCorridor): Promise<void> {
  const deadline = performance.now() + 60_000
  for (;;) {
    let left = 0
    for (const db of running.databases.values()) {
      const [row] = await db.query<{ left: number }>(
        `select (select count(*) from inbox where state in ('received', 'waiting'))
              + (select count(*) from outbox where link <> 'mailbox' and state in ('queued', 'sent')) as left`,
      )
      left += row?.left ?? 0
    }
    if (left === 0) return
    assert.ok(performance.now() < deadline, `${left} messages are still under way after a minute`)
    await pause(100)
  }
}

async function nothingLostOrDoubled(running: TestCorridor, mrns: string[]): Promise<void> {
  const made: Record<string, number> = {}
  const sentByNode = new Map<string, Map<string, string>>()
  const takenByNode = new Map<string, Map<string, string>>()
  for (const [id, db] of running.databases) {
    const inbox = await box(running, id, 'inbox')
    const outbox = await box(running, id, 'outbox')
    for (const message of [...inbox, ...outbox])
      assert.notEqual(message.state, 'parked', `${message.document_type} at ${id} was given up`)
    for (const { document_type: type } of inbox.filter(({ link }) => link === 'api')) made[type] = (made[type] ?? 0) + 1
    for (const { document_type: type } of outbox) made[type] = (made[type] ?? 0) + 1
    const overAs4 = (messages: typeof inbox) =>
      new Map(messages.filter(({ link }) => link === 'as4').map((message) => [message.message_id, message.digest]))
    sentByNode.set(id, overAs4(outbox))
    takenByNode.set(id, overAs4(inbox))
    const [ledger] = await db.query<{ holds: number; credits: number; held: string }>(
      `select (select count(*) from guarantee_transaction where op = 'lock') as holds, (select count(*) from guarantee_transaction where op = 'credit') as credits,
        (select coalesce(sum(locked), 0)::text from guarantee) as held`,
    )
    if (id === 'al') assert.deepEqual(ledger, { holds: mrns.length, credits: mrns.length, held: '0.00' })
  }
  const expected = Object.fromEntries(
    Object.entries(documentsOfTheStory).map(([type, times]) => [type, times * mrns.length]),
  )
  assert.deepEqual(made, expected, 'every document is made once for each movement')
  assert.deepEqual(
    takenByNode.get('xk'),
    sentByNode.get('al'),
    'Kosovo has what Albania holds receipts for, byte for byte',
  )
  assert.deepEqual(
    takenByNode.get('al'),
    sentByNode.get('xk'),
    'Albania has what Kosovo holds receipts for, byte for byte',
  )
}
