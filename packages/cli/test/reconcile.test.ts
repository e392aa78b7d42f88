/** Reconciliation between two real nodes, each a process with a database of its own: by the API of one, and by the command. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '@corridor/database'
import { temporaryHome } from '@corridor/database/testing'
import { issueToken, type RunningCorridor, startCorridor } from '@corridor/node'
import { corridor } from './run.ts'

const folder = temporaryHome()
let running: RunningCorridor
let token: string

before(async () => {
  process.env['CORRIDOR_HOME'] = folder
  const home = join(folder, 'albania-kosovo')
  running = await startCorridor({ corridor: 'albania-kosovo', home, anyPorts: true, now: () => new Date() })
  token = await issueToken(settingsOf('al'), 'tirana-operations', 'test')
})
after(() => running.stop())

const settingsOf = (node: 'al' | 'xk') => running.nodes.find((each) => each.node.id === node)!.settings
const today = new Date().toISOString().slice(0, 10)

async function at(node: 'al' | 'xk', sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const db = connect(settingsOf(node).databaseUrl, { max: 1 })
  try {
    return await db.query(sql, values)
  } finally {
    await db.close()
  }
}

async function ask(path: string, body?: object, key: string = randomUUID()) {
  const response = await fetch(`http://127.0.0.1:${settingsOf('al').ports.api}${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': key }),
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function until<Found>(what: string, look: () => Promise<Found | undefined | false>): Promise<Found> {
  for (let turn = 0; turn < 600; turn++) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await pause(100)
  }
  throw new Error(`in vain: ${what}`)
}

const compared = async (number: unknown) =>
  until('a comparison', async () => {
    const { body } = await ask(`/exchange/reconciliation/${Number(number)}`)
    return body['state'] === 'compared' && body
  })

test('an officer compares a day, sees what is missing, and has it sent again; the command does the same', async () => {
  // The status of a movement is asked for, and answered: a message each way.
  const asked = await ask('/availability/requests', { country: 'XK', mrn: '26XKEV3N7JQ2T8R6K4' })
  assert.equal(asked.status, 200, JSON.stringify(asked.body))
  await until('an answer', async () => {
    const rows = await at('al', `select 1 from inbox where link = 'as4' and state = 'done'`)
    return rows.length > 0
  })
  // Nor is anything else of the first minute on its way.
  await until('receipts', async () => {
    const owed = `select 1 from outbox where link = 'as4' and state in ('queued', 'sent')`
    return (await at('al', owed)).length + (await at('xk', owed)).length === 0
  })
  const wanted = { partner: 'NTA.XK', day: today, reason: 'a complaint' }
  const key = randomUUID()
  const first = await ask('/exchange/reconciliation', wanted, key)
  assert.equal(first.status, 202)
  const again = await ask('/exchange/reconciliation', wanted, key)
  assert.deepEqual([again.status, again.body], [202, first.body])
  const same = await compared(first.body['number'])
  assert.deepEqual([same['isSame'], same['actor'], same['partnerName']], [true, 'tirana-operations', 'Kosovo'])
  assert.equal((await at('xk', `select 1 from reconciliation where role = 'theirs'`)).length, 1)

  const [lost] = await at(
    'xk',
    `delete from inbox where id = (
      select max(id) from inbox where link = 'as4' and document_type not like 'Reconciliation%') returning message_id`,
  )
  const found = await corridor(['reconcile', 'NTA.XK', '--node', 'al', '--day', today])
  assert.equal(found.code, 1, found.err)
  assert.match(found.out, new RegExp(`sent ${String(lost?.['message_id'])} .*missing-there`))
  assert.match(found.out, /--repair --reason WORDS/)
  const mended = await corridor([
    'reconcile',
    'xk',
    '--node',
    'al',
    '--day',
    today,
    '--repair',
    '--reason',
    'a row was lost',
  ])
  assert.equal(mended.code, 0, mended.out + mended.err)
  assert.match(mended.out, /Both sides have the very same messages/)
  const told = await at(
    'al',
    `select distinct actor from journal where kind in ('reconciliation.wanted', 'reconciliation.mended')
    and actor like 'command line%'`,
  )
  assert.deepEqual(told, [{ actor: `command line (${userInfo().username})` }])
  assert.match(mended.out, /had found \(--show \d+\):\n {2}1 {2}the partner had it.*\nNot mended of it: 0/)
  assert.equal((await at('xk', 'select 1 from inbox where message_id = $1', [lost?.['message_id']])).length, 1)

  // The first comparison that found it can be mended once; what it found is settled by now.
  const { body } = await ask('/exchange/reconciliation?partner=NTA.XK')
  const runs = body['runs'] as { number: number; role: string; repair: string | null; open: number }[]
  const open = runs.find(({ number }) => number === Number(first.body['number']) + 1)
  assert.deepEqual([open?.repair, open?.open], [null, 0])
  const differences = await ask(`/exchange/reconciliation/${open?.number}/differences`)
  assert.deepEqual(
    (differences.body['differences'] as { messageId: string; settled: boolean }[]).map((each) => [
      each.messageId,
      each.settled,
    ]),
    [[lost?.['message_id'], true]],
  )
  const shown = await corridor(['reconcile', '--show', String(open?.number), '--node', 'al', '--json'])
  assert.equal((JSON.parse(shown.out) as { number: number }).number, open?.number)
})

test('what is typed wrongly is told, and nothing is compared', async () => {
  const before = await at('al', 'select count(*) from reconciliation')
  const wrong: [string[], RegExp][] = [
    [['zz', '--node', 'al'], /with which partner: xk \(NTA\.XK\)/],
    [['xk'], /Say whose partner: --node al/],
    [['xk', '--node', 'al', '--day', '30.11.2026'], /is no day/],
    [['xk', '--node', 'al', '--day', '2020-01-01'], /more than 31 days back/],
    [['xk', '--node', 'al', '--repair', '--reason', ' '], /Say why/],
    [['--show', '999', '--node', 'al'], /no comparison 999/],
  ]
  for (const [typed, said] of wrong) {
    const { code, err } = await corridor(['reconcile', ...typed])
    assert.deepEqual([code, said.test(err)], [2, true], err)
  }
  assert.deepEqual(await at('al', 'select count(*) from reconciliation'), before)
})
