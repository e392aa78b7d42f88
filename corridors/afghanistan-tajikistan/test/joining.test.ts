import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { StoryDriver } from '@corridor/cli/story'
import { triggerState } from '@corridor/connectors'
import { connect } from '@corridor/database'
import { issueToken, readCorridor, type RunningCorridor, startCorridor } from '@corridor/node'

const home = mkdtempSync(join(tmpdir(), 'corridor-joining-'))
chmodSync(home, 0o711)
const region = fileURLToPath(new URL('../region.yaml', import.meta.url))
const raisins = readFileSync(new URL('../documents/raisins.xml', import.meta.url))
let running: RunningCorridor | undefined
after(async () => {
  await running?.stop()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

const start = async (corridor: string): Promise<RunningCorridor> =>
  (running = await startCorridor({ corridor, home, anyPorts: true, now: () => new Date() }))

async function statesAt({ nodes }: RunningCorridor, node: string, account: string): Promise<string[]> {
  const { settings, url } = nodes.find((each) => each.node.id === node)!
  const authorization = `Bearer ${await issueToken(settings, account, `test ${performance.now()}`)}`
  const answer = await fetch(`${url}/declarations`, { headers: { authorization, accept: 'application/json' } })
  assert.equal(answer.status, 200)
  const { items } = (await answer.json()) as { items: { side: string; state: string; party: { id: string } }[] }
  return items.map(({ side, state, party }) => `${side} ${state} ${party.id}`).toSorted()
}

const national = (corridor: RunningCorridor, node: string) => corridor.nationals.find(({ id }) => id === node)!

/** How many things the national system of Afghanistan has that were set aside. */
async function aside({ nationals }: RunningCorridor): Promise<number> {
  const db = connect(nationals.find(({ id }) => id === 'af')!.settings.address, { max: 1 })
  try {
    return (await triggerState(db)).aside
  } finally {
    await db.close()
  }
}

test('two countries work; a third and a fourth join; what was under way goes on, and rubbish stays where it came from', async () => {
  const two = await start('afghanistan-tajikistan')
  await national(two, 'af').release('one', raisins, 'released')
  await national(two, 'af').release('rubbish', Buffer.from('<ASYCUDA>'), 'released')
  await national(two, 'af').release('nothing', Buffer.from('no XML at all'), 'released')
  while ((await statesAt(two, 'tj', 'panji-imports')).length < 1) await pause(100)
  while ((await aside(two)) < 2) await pause(100)
  await two.stop()

  const four = await start(region)
  assert.deepEqual(await statesAt(four, 'tj', 'panji-imports'), ['partner-export draft NTA.AF'])
  assert.deepEqual(await statesAt(four, 'ir', 'dogharoun-imports'), [])
  const driver = new StoryDriver(four, () => undefined, 60_000, 'iran-and-pakistan')
  await driver.play(driver.newProgress())
  assert.deepEqual(await statesAt(four, 'af', 'sherkhan-exports'), [
    'export taken NTA.IR',
    'export taken NTA.TJ',
    'import lodged NTA.PK',
    'partner-export lodged NTA.PK',
  ])
  assert.equal(await aside(four), 2)
  assert.equal(readCorridor(region).nodes.length, 4)
})
