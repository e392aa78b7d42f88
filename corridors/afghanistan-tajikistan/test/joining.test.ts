import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { triggerState } from '@corridor/connectors'
import { connect } from '@corridor/database'
import { issueToken, type RunningCorridor, startCorridor } from '@corridor/node'

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

/** An export declaration of its own, of which there are many. */
const numbered = (number: number): Buffer =>
  Buffer.from(raisins.toString('utf8').replace('AFSKB E 118', `AFSKB E ${number}`).replace('-KFR31', `-LIVE${number}`))

/** What a query about a node's database answers. */
async function asked<Row extends object>({ nodes }: RunningCorridor, node: string, query: string): Promise<Row[]> {
  const db = connect(nodes.find((each) => each.node.id === node)!.settings.databaseUrl, { max: 1 })
  try {
    return await db.query<Row>(query)
  } finally {
    await db.close()
  }
}

const pids = ({ nodes }: RunningCorridor): (number | undefined)[] => nodes.map(({ process }) => process.pid)

test('two countries work; a third and a fourth join while messages go on; none is lost, doubled or tried twice', async () => {
  const two = await start('afghanistan-tajikistan')
  await national(two, 'af').release('rubbish', Buffer.from('<ASYCUDA>'), 'released')
  await national(two, 'af').release('nothing', Buffer.from('no XML at all'), 'released')
  const before = pids(two)
  const over = new AbortController()
  let released = 0
  const releasing = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      released++
      await national(two, 'af').release(`live-${released}`, numbered(1000 + released), 'released')
      await pause(100)
    }
  })()
  while ((await statesAt(two, 'tj', 'panji-imports')).length < 5) await pause(100)
  const atFirst = released
  await two.takeUp(region)
  const atLast = released
  assert.ok(atLast > atFirst, 'declarations were released all the while')
  for (;;) {
    if (released >= atLast + 20) break
    await pause(50)
  }
  over.abort()
  await releasing
  const arrived = `select count(*)::int as n, count(distinct message_id)::int as messages from inbox
    where sender = 'NTA.AF' and document_type = 'UtilityBlock'`
  for (;;) {
    const [{ n }] = (await asked<{ n: number }>(two, 'tj', arrived)) as [{ n: number }]
    if (n >= released) break
    await pause(200)
  }
  const [found] = await asked(two, 'tj', arrived)
  assert.deepEqual(found, { n: released, messages: released })
  const undecided = "select 1 from inbox where state <> 'done'"
  while ((await asked(two, 'tj', undecided)).length > 0) await pause(200)
  const declared = "select count(*)::int as n from declaration where side = 'partner-export'"
  assert.deepEqual(await asked(two, 'tj', declared), [{ n: released }])
  for (;;) {
    const left = await asked(two, 'af', "select 1 from outbox where link = 'as4' and state <> 'receipted'")
    if (left.length === 0) break
    await pause(200)
  }
  const unanswered =
    "select detail from journal where kind in ('message.unanswered', 'message.parked', 'message.refused')"
  for (const node of ['af', 'tj']) assert.deepEqual(await asked(two, node, unanswered), [], node)
  const again = "select message_id, tries from outbox where link = 'as4' and tries > 1"
  for (const node of ['af', 'tj']) assert.deepEqual(await asked(two, node, again), [], node)
  assert.deepEqual(pids(two).slice(0, 2), before, 'nobody was stopped')
  assert.equal(two.nodes.length, 4)
  while ((await aside(two)) < 2) await pause(100)
  assert.equal(await aside(two), 2)
})

test('what cannot be taken up changes nothing, and says what and why', async () => {
  const corridor = running!
  const before = pids(corridor)
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const file = (name: string, change: (text: string) => string): string => {
    const path = join(home, name)
    const text = readFileSync(join(folder, 'corridor.yaml'), 'utf8').replace(
      'codelists: codelists',
      `codelists: ${folder}codelists`,
    )
    writeFileSync(path, change(text))
    return path
  }
  for (const [path, said] of [
    [file('wrong.yaml', (text) => `${text}guarantees: everywhere\n`), /guarantees: “everywhere” is none of/],
    [
      file('kind.yaml', (text) => text.replace('database-triggers', 'rest')),
      /nodes › af: nationalSystem is another one/,
    ],
    [
      file('edition.yaml', (text) => text.replace('tells: import,', "tells: import, edition: '9.9',")),
      /Afghanistan does not take it up: .*no edition 9\.9/,
    ],
    ['cemac', /corridor is afghanistan-tajikistan and would be cemac/],
  ] as const)
    await assert.rejects(corridor.takeUp(path), said)
  assert.deepEqual(pids(corridor), before)
  assert.equal(corridor.corridor.nodes.length, 4)
})

test('two members leave again: what waits for them is parked with the reason, and the others go on', async () => {
  const corridor = running!
  await corridor.takeAway('ir')
  await national(corridor, 'af').release(
    'for-iran',
    Buffer.from(
      numbered(5000)
        .toString('utf8')
        .replace(/TJ510012345/g, 'IR10101234567')
        .replace('<Destination_country_code>TJ', '<Destination_country_code>IR'),
    ),
    'released',
  )
  const waiting = "select state, reason from outbox where recipient = 'NTA.IR' and document_type = 'UtilityBlock'"
  for (;;) if ((await asked(corridor, 'af', waiting)).length > 0) break
  await corridor.takeUp('afghanistan-tajikistan')
  assert.deepEqual(
    corridor.nodes.map(({ node }) => node.id),
    ['af', 'tj'],
  )
  for (;;) {
    const [row] = await asked<{ state: string; reason: string }>(corridor, 'af', waiting)
    if (row?.state === 'parked') {
      assert.equal(row.reason, 'the partner is not configured any more')
      break
    }
    await pause(100)
  }
  await national(corridor, 'af').release('after', numbered(6000), 'released')
  const there = "select 1 from declaration where side = 'partner-export' and ucr like '%-LIVE6000'"
  while ((await asked(corridor, 'tj', there)).length === 0) await pause(100)
})
