/** A drill: a node is backed up while it works, the backup proven, spoiled in every way, and put in the place of what came after it. */
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '@corridor/database'
import { temporaryHome, testDatabase } from '@corridor/database/testing'
import { issueToken, restoreNode, type RunningCorridor, startCorridor } from '@corridor/node'
import { corridor } from './run.ts'

const folder = temporaryHome()
// As root PostgreSQL runs as another account, and must get to its data.
chmodSync(folder, 0o711)
const home = join(folder, 'albania-kosovo')
const taken = join(folder, 'taken')
let running: RunningCorridor | undefined
let token: string

const start = async (): Promise<void> => {
  running = await startCorridor({ corridor: 'albania-kosovo', home, anyPorts: true, now: () => new Date() })
}
before(async () => {
  process.env['CORRIDOR_HOME'] = folder
  await start()
  token = await issueToken(settingsOf('al'), 'tirana-operations', 'test')
})
after(() => running?.stop())

const settingsOf = (node: 'al' | 'xk') => running!.nodes.find((each) => each.node.id === node)!.settings

async function at(node: 'al' | 'xk', sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const db = connect(settingsOf(node).databaseUrl, { max: 1 })
  try {
    return await db.query(sql, values)
  } finally {
    await db.close()
  }
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if (await look()) return
    await pause(100)
  }
  throw new Error(`in vain: ${what}`)
}

const owed = `select 1 from outbox where link = 'as4' and state in ('queued', 'sent')`
const answers = `select message_id, encode(payload_digest, 'hex') as digest from inbox
  where link = 'as4' and state = 'done' and document_type not like 'Reference%' and document_type not like 'Reconciliation%' order by 1`

/** A message each way: the status of a movement is asked for, and answered. */
async function exchangeSome(): Promise<void> {
  const had = (await at('al', answers)).length
  const response = await fetch(`http://127.0.0.1:${settingsOf('al').ports.api}/availability/requests`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ country: 'XK', mrn: '26XKEV3N7JQ2T8R6K4' }),
  })
  assert.equal(response.status, 200, await response.text())
  await until('an answer', async () => (await at('al', answers)).length > had)
  await until('receipts', async () => (await at('al', owed)).length + (await at('xk', owed)).length === 0)
}

test('a running node is backed up, and the backup restores whole beside it', async () => {
  await exchangeSome()
  const made = await corridor(['backup', '--node', 'al', '--out', taken, '--reason', 'nightly'])
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /taken: al as of .*, \d+ rows of \d+ tables/)
  assert.deepEqual(readdirSync(taken).toSorted(), ['manifest.json', 'manifest.mac', 'tables'])
  assert.equal(statSync(join(taken, 'tables', 'inbox.copy')).mode & 0o777, 0o600)
  const [line] = await at('al', `select actor, detail from journal where kind = 'backup.taken'`)
  assert.match(String(line?.['actor']), /^command line \(/)
  assert.ok(made.out.includes((line!['detail'] as { sha256: string }).sha256))

  const proven = await corridor(['restore', taken, '--verify', '--node', 'al', '--json'])
  assert.equal(proven.code, 0, proven.err)
  const report = JSON.parse(proven.out) as { tables: Record<string, number>; stored: { values: number } }
  const [kept] = await at(
    'al',
    'select (select count(*) from inbox) as inbox, (select count(*) from account) as account',
  )
  assert.deepEqual([report.tables['inbox'], report.tables['account']], [kept?.['inbox'], kept?.['account']])
  assert.ok(report.stored.values > 4)

  const to = join(folder, 'elsewhere')
  const key = join(folder, 'data.key')
  writeFileSync(key, settingsOf('al').dataKey)
  const beside = await corridor(['restore', taken, '--verify', '--data-key', key, '--to', to])
  assert.equal(beside.code, 0, beside.err)
  assert.match(beside.out, /This backup restores whole\./)
  assert.ok(readdirSync(to).includes('postgres'))
  const again = await corridor(['restore', taken, '--verify', '--data-key', key, '--to', to])
  assert.deepEqual([again.code, /is not empty/.test(again.err)], [1, true], again.err)
})

test('a backup that is not what was written is refused, with what is wrong', async () => {
  const spoiled = join(folder, 'spoiled')
  const flip = (file: string, where: number): void => {
    const bytes = readFileSync(join(spoiled, file))
    bytes[where]! ^= 1
    writeFileSync(join(spoiled, file), bytes)
  }
  const inManifest = readFileSync(join(taken, 'manifest.json'), 'utf8').indexOf('"party": "') + 10
  const size = statSync(join(taken, 'tables', 'journal.copy')).size
  const ways: [string, () => void, RegExp][] = [
    [
      'cut in half',
      () => truncateSync(join(spoiled, 'tables/journal.copy'), Math.floor(size / 2)),
      /journal\.copy was cut/,
    ],
    ['a changed byte', () => flip('tables/inbox.copy', 900), /inbox\.copy was changed/],
    ['a table gone', () => rmSync(join(spoiled, 'tables/movement.copy')), /movement\.copy is missing/],
    ['manifest changed', () => flip('manifest.json', inManifest), /manifest\.json was changed/],
    ['manifest cut', () => truncateSync(join(spoiled, 'manifest.json'), 200), /manifest\.json was cut/],
    ['no manifest', () => rmSync(join(spoiled, 'manifest.json')), /is no backup, or one that was not finished/],
  ]
  for (const [name, spoil, said] of ways) {
    rmSync(spoiled, { recursive: true, force: true })
    cpSync(taken, spoiled, { recursive: true })
    spoil()
    const { code, err } = await corridor(['restore', spoiled, '--verify', '--node', 'al'])
    assert.deepEqual([code, said.test(err)], [1, true], `${name}: ${err}`)
  }
  const other = join(folder, 'other.key')
  writeFileSync(other, randomBytes(32).toString('base64'))
  const foreign = await corridor(['restore', taken, '--verify', '--data-key', other])
  assert.deepEqual([foreign.code, /another data key/.test(foreign.err)], [1, true], foreign.err)
})

test('what was wrong in the database already is found in its backup', async () => {
  const checked = async (out: string) => {
    const made = await corridor(['backup', '--node', 'xk', '--out', join(folder, out)])
    assert.equal(made.code, 0, made.err)
    return corridor(['restore', join(folder, out), '--verify', '--node', 'xk'])
  }
  const flipped = `update inbox set payload = set_byte(payload, 40, get_byte(payload, 40) # 1) where id = (select max(id) from inbox)`
  await at('xk', flipped)
  const damaged = await checked('damaged')
  assert.deepEqual(
    [damaged.code, /BROKEN: 1 stored values .* payload of inbox/.test(damaged.out)],
    [1, true],
    damaged.out,
  )
  await at('xk', flipped)
  const change = (to: string) =>
    at(
      'xk',
      `alter table journal disable trigger user; update journal set office = ${to} where id = (select min(id) from journal);
      alter table journal enable trigger user`,
    )
  await change(`'elsewhere'`)
  const forged = await checked('forged')
  assert.deepEqual([forged.code, /BROKEN: The journal is broken at seal 1/.test(forged.out)], [1, true], forged.out)
  await change('null')
})

test('what a node has forgotten on purpose is no damage of its backup', async () => {
  const boxes = { inbox: 'raw', outbox: 'sealed' }
  const had = await Promise.all(
    Object.entries(boxes).map(async ([box, wire]) => {
      const [row] = await at(
        'xk',
        `select id, payload, ${wire} as wire from ${box} where link = 'as4' and state in ('done', 'receipted') order by id desc limit 1`,
      )
      const write = (payload: unknown, bytes: unknown) =>
        at('xk', `update ${box} set payload = $2, ${wire} = $3 where id = $1`, [row!['id'], payload, bytes])
      await write(Buffer.alloc(0), row!['wire'] === null ? null : Buffer.alloc(0))
      return () => write(row!['payload'], row!['wire'])
    }),
  )
  try {
    const made = await corridor(['backup', '--node', 'xk', '--out', join(folder, 'forgotten')])
    assert.equal(made.code, 0, made.err)
    const proven = await corridor(['restore', join(folder, 'forgotten'), '--verify', '--node', 'xk'])
    assert.equal(proven.code, 0, proven.out + proven.err)
    assert.match(proven.out, /[34] were forgotten before it was taken/)
  } finally {
    for (const giveBack of had) await giveBack()
  }
})

test('what a national system has pushed is not in a backup, which says so', async () => {
  await at(
    'xk',
    `create schema corridor_gateway; create table corridor_gateway.outbox (state text);
     insert into corridor_gateway.outbox values ('waiting'), ('leased'), ('done')`,
  )
  try {
    const made = await corridor(['backup', '--node', 'xk', '--out', join(folder, 'pushed')])
    assert.equal(made.code, 0, made.err)
    assert.match(made.out, /NOT IN IT: the schema corridor_gateway.*; 2 documents wait there now/)
  } finally {
    await at('xk', 'drop schema corridor_gateway cascade')
  }
})

test('what is typed wrongly is told, and nothing is made', async () => {
  const wrong: [string[], number, RegExp][] = [
    [['backup', '--node', 'al'], 2, /Say where to/],
    [['backup', '--out', join(folder, 'x')], 2, /Say whose backup/],
    [['backup', '--node', 'al', '--out', taken], 1, /is there already/],
    [['restore', '--verify', '--node', 'al'], 2, /Say which backup/],
    [['restore', taken, '--verify'], 2, /Say whose data key/],
    [['restore', taken, '--node', 'al', '--reason', ' '], 2, /Say why/],
    [['restore', taken, '--node', 'xk', '--reason', 'drill'], 1, /another data key/],
    [['restore', taken, '--node', 'al', '--reason', 'drill'], 1, /in use \(corridor al.*must be stopped first/],
  ]
  for (const [typed, code, said] of wrong) {
    const run = await corridor(typed)
    assert.deepEqual([run.code, said.test(run.err)], [code, true], `${typed.join(' ')}: ${run.out}${run.err}`)
  }
  assert.ok(!readdirSync(folder).some((name) => name === 'x' || name.includes('unfinished')))
})

test('on a new machine it goes into an empty database', async () => {
  const fresh = await testDatabase()
  const { dataFolder: _, ...settings } = settingsOf('al')
  try {
    const elsewhere = { ...settings, databaseUrl: fresh.url }
    const restored = await restoreNode(elsewhere, taken, { actor: 'test', reason: 'new machine' })
    assert.equal(restored.before, null)
    assert.ok(
      restored.manifest.sequences.some(({ value }) => value === null),
      'one that was unused goes on higher too',
    )
    assert.equal(restored.revoked.tokens, 1)
    const db = connect(fresh.url, { max: 1 })
    try {
      const [found] = await db.query(
        `select (select count(*) from inbox) as inbox, (select count(*) from journal where kind = 'backup.restored') as told,
          (select journal_tx() >= max(tx) from journal) as later,
          (select count(*) from pg_sequences where schemaname = 'public' and coalesce(last_value, 0) < 1000000) as low,
          (select count(*) from api_token where revoked_at is null) as tokens`,
      )
      const rows = restored.manifest.tables.find(({ name }) => name === 'inbox')?.rows
      assert.deepEqual(found, { inbox: rows, told: 1, later: true, low: 0, tokens: 0 })
    } finally {
      await db.close()
    }
  } finally {
    await fresh.drop()
  }
})

test('F50 a node that is set back works on, and reconciliation brings back what came since', async () => {
  await exchangeSome()
  const [whole, theirs] = [await at('al', answers), await at('xk', answers)]
  const [highest] = await at('al', 'select max(id) as id from inbox')
  await running!.stop()
  running = undefined

  const restored = await corridor(['restore', taken, '--node', 'al', '--reason', 'drill'])
  assert.equal(restored.code, 0, restored.err)
  assert.match(restored.out, /before is in the schema before_restore_\w+ of the same database/)
  assert.match(restored.out, /Revoked: \d+ sessions, \d+ sign-in links and 1 API tokens/)
  await start()
  const old = await fetch(`http://127.0.0.1:${settingsOf('al').ports.api}/exchange/reconciliation?partner=NTA.XK`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(old.status, 401, 'what the backup had lets nobody in')
  const schema = /schema (before_restore_\w+)/.exec(restored.out)![1]!
  assert.equal((await at('al', `select from ${schema}.inbox where id = $1`, [highest?.['id']])).length, 1)
  assert.ok((await at('al', answers)).length < whole.length, 'the answer of after the backup is gone')
  const [told] = await at('al', `select actor, detail from journal where kind = 'backup.restored'`)
  assert.equal((told!['detail'] as { reason: string }).reason, 'drill')

  const day = new Date().toISOString().slice(0, 10)
  const mended = await corridor(['reconcile', 'xk', '--node', 'al', '--day', day, '--repair', '--reason', 'restored'])
  assert.equal(mended.code, 0, mended.out + mended.err)
  assert.match(mended.out, /Both sides have the very same messages/)
  await until('what was lost', async () => (await at('al', answers)).length >= whole.length)
  assert.deepEqual(await at('al', answers), whole)
  assert.deepEqual(await at('xk', answers), theirs, 'nothing took effect twice there')
  const [next] = await at('al', 'select max(id) as id from inbox')
  assert.ok(Number(next?.['id']) > Number(highest?.['id']) + 900_000, 'no number is given out twice')
  token = await issueToken(settingsOf('al'), 'tirana-operations', 'again')
  await exchangeSome()
  const journal = await corridor(['journal', 'verify', '--node', 'al'])
  assert.equal(journal.code, 0, journal.out)
})
