/** The tests that corridors have in common: their stories come true, and their pages say what they have. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { namesInOrder, readStory, StoryDriver, storyNames } from '@corridor/cli/story'
import { svgOf } from '@corridor/map'
import { type Corridor, readCorridor } from '@corridor/node'
import { startForTest, type TestCorridor } from './albania-kosovo/test/running.ts'

/**
 * Plays every story of a corridor: the main one first, all that need no other configuration in one start, then those of each configuration.
 * @param corridorName of a folder in `corridors/`
 */
export function testStories(corridorName: string): void {
  const corridor = readCorridor(corridorName)
  const { quiet, moving, changing, configured } = namesInOrder(corridor)
  let running: TestCorridor
  before(async () => {
    running = await startForTest(corridorName)
  })
  after(() => running.end())
  for (const name of [undefined, ...quiet, ...moving])
    test(`${name ?? corridorName}: ${readStory(corridor, name).title}`, () => comesTrue(running, name))
  test('every message has its receipt in the end, and none was taken in twice', () => nothingLeft(running))
  for (const [file, names] of [...changing.map((name) => [corridorName, [name]] as const), ...configured])
    test(`${basename(file)}: ${names.join(', ')}`, async () => {
      const other = await startForTest(file)
      try {
        for (const name of names) await comesTrue(other, name)
        await nothingLeft(other)
      } finally {
        await other.end()
      }
    })
  testPage(corridor)
}

async function comesTrue(stage: TestCorridor, name: string | undefined): Promise<void> {
  const driver = new StoryDriver(stage, () => undefined, 60_000, name)
  const progress = driver.newProgress()
  await driver.play(progress)
  const { ok, failures } = await driver.result(progress, [])
  assert.deepEqual([ok, failures], [true, []])
}

/** What a node sent is receipted, within half a minute, and what it took in it has once. */
async function nothingLeft({ databases }: TestCorridor): Promise<void> {
  for (const [node, db] of databases) {
    const twice = await db.query('select message_id from inbox group by message_id having count(*) > 1')
    assert.deepEqual(twice, [], node)
    const unsettled = (): Promise<unknown[]> =>
      db.query(
        `select document_type, recipient, state from outbox where link not in ('mailbox', 'local') and state <> 'receipted'`,
      )
    // What a story leaves under way needs its time: a partner that fetches asks every two seconds, a third place answers later.
    let left = await unsettled()
    for (let looks = 0; left.length > 0 && looks < 120; looks++) {
      await setTimeout(250)
      left = await unsettled()
    }
    assert.deepEqual(left, [], node)
  }
}

/** The page of a corridor has a line for each story, with its title, and the picture that is drawn today. */
export function testPage(corridor: Corridor): void {
  test('the page of the corridor has a line for each story, with its title', () => {
    const page = readFileSync(new URL('README.md', corridor.folder), 'utf8')
    const listed = [...page.matchAll(/^\| `([a-z-]+)` +\| ([^|]+?) +\|/gm)].map(([, name, title]) => [name!, title!])
    const titles = storyNames(corridor).map((name) => [name, readStory(corridor, name).title])
    assert.deepEqual(Object.fromEntries(listed.toSorted()), Object.fromEntries(titles.toSorted()))
  })
  test('the picture of the corridor is the one that is drawn today', () => {
    const drawn = readFileSync(new URL('map.svg', corridor.folder), 'utf8')
    assert.equal(
      drawn,
      svgOf(corridor),
      `corridor draw ${corridor.id} --svg corridors/${corridor.id}/map.svg draws it anew`,
    )
    assert.match(readFileSync(new URL('README.md', corridor.folder), 'utf8'), /!\[[^\]]+\]\(map\.svg\)/)
  })
}
