import assert from 'node:assert/strict'
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Health } from '@corridor/api'
import { StoryDriver } from '@corridor/cli/story'
import { connect, type Database } from '@corridor/database'
import { issueToken, type NodeSettings, type RunningCorridor, startCorridor } from '@corridor/node'

/** What stands in documents, requests and errors of this test and must be found nowhere outside of them. */
const canaries = {
  'name of a trader': 'Kanarina Tregtare',
  'tax number': 'NUIS-K99187203Z',
  'bearer token': 'tokenKanarina5Qy8',
  'words of a query': 'kerkimKanarina',
}

const home = mkdtempSync(join(tmpdir(), 'corridor-watch-'))
const folder = mkdtempSync(join(tmpdir(), 'corridor-watched-'))
let running: RunningCorridor
let driver: StoryDriver
const databases = new Map<string, Database>()

before(async () => {
  chmodSync(home, 0o711)
  cpSync(fileURLToPath(new URL('../', import.meta.url)), folder, {
    recursive: true,
    filter: (path) => !path.endsWith('/test'),
  })
  const file = join(folder, 'documents/declaration.xml')
  const declaration = readFileSync(file, 'utf8')
    .replaceAll(/<name>[^<]*</g, `<name>${canaries['name of a trader']}<`)
    .replaceAll(/<streetAndNumber>[^<]*</g, `<streetAndNumber>${canaries['tax number']}<`)
  assert.ok(declaration.includes(canaries['name of a trader']) && declaration.includes(canaries['tax number']))
  writeFileSync(file, declaration)
  running = await startCorridor({
    corridor: join(folder, 'corridor.yaml'),
    home,
    anyPorts: true,
    now: () => new Date(),
  })
  for (const { node, settings } of running.nodes) databases.set(node.id, connect(settings.databaseUrl, { max: 2 }))
  driver = new StoryDriver(running, () => undefined)
  await driver.play(driver.newProgress())
})
after(async () => {
  for (const db of databases.values()) await db.close()
  await running.stop()
  for (const each of [home, folder]) rmSync(each, { recursive: true, force: true, maxRetries: 5 })
})

const nodeOf = (id: string) => running.nodes.find(({ node }) => node.id === id)!
const healthOf = async (id: string) =>
  (await (await fetch(`${nodeOf(id).url}/health`)).json()) as Health & { node: string }
const metricsOf = async (id: string) => (await fetch(`${nodeOf(id).url}/metrics`)).text()

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, `in vain: ${what}`)
    await pause(100)
  }
}

test('a node that works is well, and knows its keys, its partner’s clock, its disk and its seals', async () => {
  await until('lines are sealed', async () => (await healthOf('al')).journal?.oldestUnsealedAt === null)
  const health = await healthOf('al')
  assert.deepEqual([health.status, health.reasons, health.node], ['ok', [], 'NTA.AL'])
  assert.deepEqual(
    health.certificates.map(({ party, use, state }) => `${party} ${use} ${state}`),
    ['NTA.AL signing ok', 'NTA.AL tls ok', 'NTA.XK signing ok', 'NTA.XK tls ok', 'NTA.XK authority ok'],
  )
  assert.deepEqual(
    health.clock.partners.map(({ party }) => party),
    ['NTA.XK'],
  )
  assert.ok((health.disk?.freeBytes ?? 0) > 0 && health.database.writeMs !== null)
  assert.ok((health.journal?.lastSeal ?? 0) > 0)
})

test('metrics say what went over the border', async () => {
  const value = (metrics: string, name: string): number => {
    const line = metrics.split('\n').find((each) => each.startsWith(`${name} `))
    assert.ok(line !== undefined, `${name} is missing`)
    return Number(line.slice(name.length + 1))
  }
  // Three documents each way, and what is said of reference data; local ones between offices are decided too.
  const over = async (node: string): Promise<number> => {
    const rows = await databases.get(node)!.query<{ state: string }>(`select state from outbox where link = 'as4'`)
    if (rows.every(({ state }) => state === 'receipted')) return rows.length
    await pause(50)
    return over(node)
  }
  const [fromAl, fromXk] = [await over('al'), await over('xk')]
  const [al, xk] = [await metricsOf('al'), await metricsOf('xk')]
  assert.ok(fromAl >= 3 && fromXk >= 3)
  assert.equal(value(al, 'corridor_messages_received_total{party="NTA.XK"}'), fromXk)
  assert.equal(value(xk, 'corridor_messages_received_total{party="NTA.AL"}'), fromAl)
  assert.equal(value(al, 'corridor_receipts_total{party="NTA.XK"}'), fromAl)
  assert.equal(value(al, 'corridor_accept_duration_seconds_count'), fromXk)
  assert.ok(value(al, 'corridor_messages_decided_total') >= 3)
  assert.equal(value(al, 'corridor_outbox_messages{party="NTA.XK"}'), 0)
  assert.ok(value(al, 'corridor_outbox_lag_seconds{party="NTA.XK",quantile="0.99"}') > 0)
  assert.equal(value(al, 'corridor_database_up'), 1)
  assert.ok(value(al, 'corridor_journal_seals') > 0)
  assert.ok(value(al, 'corridor_process_resident_memory_bytes') > 0)
  assert.ok(value(al, 'corridor_nodejs_eventloop_lag_seconds') >= 0)
  assert.ok(value(al, 'corridor_as4_connections') >= 0)
  for (const line of al.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    assert.match(line, /^corridor_[a-z0-9_]+(\{[^}]*\})? \S+$/)
    const labels = [...line.matchAll(/([a-z_]+)="/g)].map(([, label]) => label)
    if (!/^corridor_(process|nodejs)_/.test(line))
      assert.ok(
        labels.every((label) => ['party', 'quantile', 'le', 'state', 'use', 'standing'].includes(label ?? '')),
        line,
      )
  }
})

/** POSTs to the AS4 port of a node as its partner would. */
function knock(at: NodeSettings, as: NodeSettings | undefined, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: at.ports.as4,
        path: '/as4',
        method: 'POST',
        headers: { 'content-type': 'multipart/related; boundary=x' },
        rejectUnauthorized: false,
        ...(as && { cert: as.tls.certificate, key: as.tls.key }),
      },
      (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

test('nothing secret or personal is in logs, journal, reasons, health or metrics, whatever goes wrong', async () => {
  const [al, xk] = [nodeOf('al'), nodeOf('xk')]
  const db = databases.get('al')!
  const privateKey = al.settings.signing.key
  const token = await issueToken(al.settings, 'adria-spedicion', 'watched')
  const junk = `Bearer ${canaries['bearer token']} <name>${canaries['name of a trader']}</name> ${privateKey}`
  const post = (body: string, bearer: string) =>
    fetch(`${al.url}/messages`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/xml',
        'idempotency-key': body.slice(0, 20),
      },
      body,
    })

  // Refused at the door of traders and of partners.
  assert.equal((await post(junk, canaries['bearer token'])).status, 401)
  assert.ok((await post(junk, token)).status < 500)
  await fetch(`${al.url}/movements?q=${canaries['words of a query']}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(await knock(xk.settings, al.settings, junk), 200)
  assert.equal(await knock(xk.settings, al.settings, `--x\r\n\r\n<!DOCTYPE ${junk}\r\n--x--`), 200)
  await assert.rejects(knock(xk.settings, undefined, junk))

  // A document that breaks a rule, and one that nobody can decide: the database answers with the whole record.
  const first = driver.submitStep('declare')
  const file = join(folder, 'documents/declaration.xml')
  const declaration = readFileSync(file, 'utf8')
  writeFileSync(file, declaration.replaceAll(canaries['tax number'], canaries['tax number'].repeat(9)))
  await driver.submit(first, driver.newProgress()).catch(() => undefined)
  writeFileSync(file, declaration)
  await db.query(
    `create function boom() returns trigger language plpgsql as $$
     begin raise exception 'cannot keep %', row_to_json(new)::text; end $$;
     create trigger boom before insert or update on movement for each row execute function boom()`,
  )
  await driver.submit(first, driver.newProgress())
  await until('it is parked', async () => (await healthOf('al')).backlog?.parkedIn === 1)
  await db.query('drop trigger boom on movement')
  assert.deepEqual((await healthOf('al')).reasons, ['messages-parked'])

  // Connections break, and a process dies.
  await db.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename = user',
  )
  await until('it is back', async () => (await healthOf('al')).database.fault === null)
  const killed = al.process.restarts
  process.kill(al.process.pid!, 'SIGKILL')
  await until('it is started again', async () => al.process.restarts > killed)
  await until('it works', () =>
    fetch(`${al.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )

  const places: Record<string, string> = {}
  for (const { node } of running.nodes) {
    for (const name of ['node.log', 'node.log.1'])
      if (existsSync(join(home, node.id, name)))
        places[`${node.id} ${name}`] = readFileSync(join(home, node.id, name), 'utf8')
    const [kept] = await databases.get(node.id)!.query<{ journal: string; reasons: string }>(
      `select (select string_agg(journal::text, ' ') from journal) as journal,
         (select string_agg(reason, ' ') from (select reason from inbox union all select reason from outbox) as box) as reasons`,
    )
    places[`${node.id} journal`] = kept?.journal ?? ''
    places[`${node.id} reasons`] = kept?.reasons ?? ''
    places[`${node.id} health`] = JSON.stringify(await healthOf(node.id))
    places[`${node.id} metrics`] = await metricsOf(node.id)
  }
  // What went wrong has left its traces.
  assert.match(places['al node.log'] ?? '', /"text":"message parked: its handler failed again"/)
  assert.match(places['al reasons'] ?? '', /PostgreSQL P0001/)
  assert.match(places['xk journal'] ?? '', /message\.refused.*message\.refused/)
  assert.match(places['xk journal'] ?? '', /connection\.refused/)
  const secrets: [string, string][] = [
    ...Object.entries(canaries),
    ['token of a program', token],
    ['start of any private key', 'PRIVATE KEY'],
    ['access code', Object.values(al.settings.accessCodes)[0]!],
    ...running.nodes.flatMap(({ settings: { signing, tls, dataKey } }): [string, string][] => [
      ['data key', dataKey],
      ...[signing, tls]
        .flatMap(({ key }) => key.split('\n').filter((line) => line.length > 40))
        .map((line): [string, string] => ['line of a key', line]),
    ]),
  ]
  for (const [place, text] of Object.entries(places))
    for (const [what, secret] of secrets) {
      const at = text.indexOf(secret)
      assert.ok(at < 0, `${what} in ${place}: ${text.slice(Math.max(0, at - 300), at + 60)}`)
    }
  for (const line of `${places['al node.log']}${places['xk node.log']}`.trimEnd().split('\n'))
    assert.deepEqual(Object.keys(JSON.parse(line)), ['time', 'level', 'node', 'text', 'fields'])
})
