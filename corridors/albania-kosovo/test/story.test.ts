import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { type ActLine, StoryDriver } from '@corridor/cli/story'
import { schemaValidator, skipWithoutSchemas } from '@corridor/customs/testing'
import type { Database } from '@corridor/database'
import { checkJournal, startCorridor } from '@corridor/node'
import { box, documentsOfTheStory, startForTest, type TestCorridor } from './running.ts'

let corridor: TestCorridor
let driver: StoryDriver
const lines: ActLine[] = []
let mrn = ''

before(async () => {
  corridor = await startForTest()
  driver = new StoryDriver(corridor, (line) => lines.push(line))
  const progress = driver.newProgress()
  await driver.play(progress)
  mrn = progress.mrn
})
after(() => corridor.end())

test('the story comes true: one movement from declaration to discharge, six receipts, the guarantee free again', async () => {
  const summary = await driver.summary([mrn], [])
  assert.deepEqual(summary, {
    ok: true,
    movements: 1,
    messages: 21,
    receipts: 6,
    discharged: 1,
    guaranteesReleased: 1,
    failures: [],
  })
  assert.deepEqual(
    Object.fromEntries(lines.map((line) => [line.document, 1])),
    documentsOfTheStory,
    'each document of the story is one line',
  )
  for (const line of lines)
    if (/^CD(001|050|118|006|024|018)C$/.test(line.document))
      assert.ok(line.receiptMs !== null && line.receiptMs >= 0, line.document)
})

test('each side holds its own state, and nothing is shared but messages', async () => {
  const states = async (id: string) =>
    (
      await corridor.databases
        .get(id)!
        .query<{ role: string; state: string }>('select role, state from movement order by role')
    ).map(({ role, state }) => `${role} ${state}`)
  assert.deepEqual(await states('al'), ['departure written-off', 'guarantee credited'])
  assert.deepEqual(await states('xk'), ['destination goods-released', 'transit closed'])
})

test('what one side sent is byte for byte what the other has, under the same message id', async () => {
  for (const [from, to] of [
    ['al', 'xk'],
    ['xk', 'al'],
  ] as const) {
    const over = (messages: Awaited<ReturnType<typeof box>>) =>
      messages
        .filter(({ link }) => link === 'as4')
        .map(({ message_id, digest }) => `${message_id} ${digest}`)
        .sort()
    const sent = over(await box(corridor, from, 'outbox'))
    assert.ok(sent.length === 3)
    assert.deepEqual(over(await box(corridor, to, 'inbox')), sent)
  }
})

test(
  'every document passes the official schema with only the list of countries widened',
  { skip: skipWithoutSchemas },
  async () => {
    const validator = schemaValidator(Object.keys(documentsOfTheStory))
    try {
      const seen = new Set<string>()
      for (const node of corridor.databases.keys()) {
        for (const message of [...(await box(corridor, node, 'inbox')), ...(await box(corridor, node, 'outbox'))]) {
          assert.ok(validator.isValid(message.payload), `${message.document_type}: ${message.payload.toString()}`)
          seen.add(message.document_type)
        }
      }
      assert.deepEqual([...seen].sort(), Object.keys(documentsOfTheStory).sort())
    } finally {
      validator.dispose()
    }
  },
)

/** Every row of every table of a node as PostgreSQL shows it: bytes as hexadecimal digits. */
async function everyRow(db: Database): Promise<{ table: string; text: string }[]> {
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  assert.ok(tables.length >= 8)
  const rows = await Promise.all(
    tables.map(async ({ name }) =>
      (await db.query<{ text: string }>(`select t::text as text from "${name}" t`)).map(({ text }) => ({
        table: name,
        text,
      })),
    ),
  )
  return rows.flat()
}

test('the access code of the guarantee is only where the procedure needs it, and sealed there', async () => {
  const accessCode = Object.values(corridor.nodes[0]!.settings.accessCodes)[0]!
  const allowed = new Set(['CC015C', 'CC029C', 'CD200C', 'CD203C'])
  for (const [node, db] of corridor.databases) {
    for (const message of [...(await box(corridor, node, 'inbox')), ...(await box(corridor, node, 'outbox'))]) {
      const has = message.payload.toString().includes(`<accessCode>${accessCode}<`)
      assert.equal(has, allowed.has(message.document_type), message.document_type)
    }
    for (const { table, text } of await everyRow(db)) {
      for (const trace of [`"${accessCode}"`, `>${accessCode}<`, 'accessCode'])
        for (const form of [trace, Buffer.from(trace).toString('hex')])
          assert.ok(!text.includes(form), `${trace} stands in a row of ${table}`)
    }
  }
})

test('the journal of each side is sealed, and holds', async () => {
  for (const { node, settings } of corridor.nodes) {
    let verified = await checkJournal(settings, {})
    for (const deadline = performance.now() + 15_000; verified.outcome === 'whole' && verified.unsealed !== 0;) {
      assert.ok(performance.now() < deadline, `${node.id} has lines without a seal`)
      verified = await checkJournal(settings, {})
    }
    assert.equal(verified.outcome, 'whole')
    assert.ok(verified.entries > 20)
  }
})

test('a second start on the same home keeps the data, and takes another port when one is taken', async () => {
  await corridor.running.stop()
  const taken = corridor.nodes[0]!.settings.ports.api
  const other = createServer()
  await new Promise<void>((resolve) => {
    other.listen(taken, '127.0.0.1', resolve)
  })
  const told: string[] = []
  const again = await startCorridor({
    corridor: 'albania-kosovo',
    home: corridor.home,
    now: () => new Date(),
    tell: (line) => told.push(line),
  })
  try {
    assert.equal(again.existed, true)
    assert.notEqual(again.nodes[0]!.settings.ports.api, taken)
    assert.ok(
      told.some((line) => line.includes(`Port ${taken} is taken`)),
      told.join('\n'),
    )
    const page = await (await new StoryDriver(again, () => undefined).client('al', 'durres-departure')).movement(mrn)
    assert.equal(page?.status.code, 'written-off')
  } finally {
    await again.stop()
    other.close()
  }
})
