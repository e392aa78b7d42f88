/** The whole way of two administrations, each with a home, a database and processes of its own: from nothing to messages, and out again. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { readOwn } from '@corridor/joining'
import { freePort, realSettings } from '@corridor/node'
import { movementScenario } from '../../joining/src/conformance/movement.ts'
import { harmless, probeOf, sealProbe, sendProbe } from '../../joining/src/conformance/probe.ts'
import { UsageError } from '../src/arguments.ts'
import { join as joinCommand } from '../src/commands/join.ts'
import { testPartner } from '../src/join/test-partner.ts'
import type { Run } from './run.ts'

const program = fileURLToPath(new URL('../corridor.mjs', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'corridor-join-'))
const path = (name: string): string => join(home, name)
const ending: (() => Promise<unknown>)[] = [async () => rmSync(home, { recursive: true, force: true })]
after(async () => {
  for (const end of ending.toReversed()) await end()
})

function corridor(typed: string[], environment: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...typed], { cwd: home, env: { ...process.env, ...environment } })
    const run: Run = { code: null, out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (run.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (run.err += text))
    child.on('close', (code) => resolve({ ...run, code }))
  })
}

/** A command that must do what it is told. */
async function done(typed: string[], environment: Record<string, string> = {}): Promise<string> {
  const { code, out, err } = await corridor(typed, environment)
  assert.equal(code, 0, `${typed.join(' ')}\n${out}${err}`)
  return out
}

interface RunningNode {
  child: ChildProcess
  /** Lines of its log with this text, once there are so many. */
  heard(text: string, times?: number): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

function startNode(id: string, databaseUrl: string): RunningNode {
  const typed = ['node', id, '--corridor', path(`${id}/corridor.yaml`)]
  const child = spawn(process.execPath, [program, ...typed], { env: { ...process.env, DATABASE_URL: databaseUrl } })
  let log = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const lines = (text: string) =>
    log
      .split('\n')
      .filter((line) => line.includes(`"text":"${text}"`))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const node: RunningNode = {
    child,
    async heard(text, times = 1) {
      for (;;) {
        if (lines(text).length >= times) return lines(text)
        assert.equal(child.exitCode, null, `node ${id} ended: ${log.slice(-3000)}`)
        await pause(100)
      }
    },
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve()
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
  ending.push(node.stop)
  return node
}

const taken = new Set<number>()
const databases: Record<string, string> = {}
for (const id of ['tj', 'af']) {
  const made = await testDatabase()
  ending.push(made.drop)
  databases[id] = made.url
}

const fingerprintIn = (out: string): string => /^fingerprint {2}(.+)$/m.exec(out)?.[1] ?? assert.fail(out)
const invitation = (from: string, to: string): string => `invitation-${from}-for-${to}.txt`
const ofFile = (id: string): string[] => ['--corridor', `${id}/corridor.yaml`]
const nodes: Record<string, RunningNode> = {}

test('two administrations make their keys and meet, one of them while its node runs', async () => {
  for (const [id, name] of [
    ['tj', 'Tajikistan'],
    ['af', 'Afghanistan'],
  ] as const) {
    const country = id.toUpperCase()
    const [api, as4] = [await freePort(0, taken), await freePort(0, taken)]
    const typed = ['join', 'init', id, '--country', country, '--party', `NTA.${country}`, '--name', name, '--pilot']
    const all = [...typed, '--url', `https://127.0.0.1:${as4}/as4`, '--api-port', String(api)]
    assert.match(await done(all), /made {2}.*\/keys\/signing.key/)
    assert.equal(statSync(path(`${id}/keys/signing.key`)).mode & 0o777, 0o600)
  }
  nodes['af'] = startNode('af', databases['af']!)
  const fromTj = fingerprintIn(await done(['join', 'invite', '--for', 'AF', ...ofFile('tj')]))
  const fromAf = fingerprintIn(await done(['join', 'invite', '--for', 'TJ', ...ofFile('af')]))
  const before = readFileSync(path('af/corridor.yaml'), 'utf8')
  const shown = await done(['join', 'accept', invitation('tj', 'af'), ...ofFile('af')])
  assert.equal(fingerprintIn(shown), fromTj, 'both sides are shown the same')
  assert.match(shown, /\+ {3}tj:[^]*Nothing is written yet/)
  const wrong = await corridor(['join', 'accept', invitation('tj', 'af'), ...ofFile('af'), '--fingerprint', fromAf])
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /is not its fingerprint[^]*Do not use this file/)
  assert.equal(readFileSync(path('af/corridor.yaml'), 'utf8'), before, 'nothing was written')
  await done(['join', 'accept', invitation('tj', 'af'), ...ofFile('af'), '--fingerprint', fromTj])
  await done(['join', 'accept', invitation('af', 'tj'), ...ofFile('tj'), '--fingerprint', fromAf])
  await nodes['af'].heard('node.started')
  nodes['af'].child.kill('SIGHUP')
  const [line] = await nodes['af'].heard('configuration.taken-up')
  assert.deepEqual((line!['fields'] as { partners: string[] }).partners, ['tj'])
  nodes['tj'] = startNode('tj', databases['tj']!)
  await nodes['tj'].heard('node.started')
})

test('the new member conforms, and both sides can verify the report', async () => {
  const typed = ['join', 'check', 'af', ...ofFile('tj'), '--out', 'report.txt']
  const report = await done(typed, { DATABASE_URL: databases['tj']! })
  assert.match(report, /14 passed, 0 failed, 1 not run[^]*SKIPPED movement/)
  for (const id of ['tj', 'af'])
    assert.match(await done(['join', 'verify-report', 'report.txt', ...ofFile(id)]), /signature of NTA.TJ holds/)
  writeFileSync(path('changed.txt'), readFileSync(path('report.txt'), 'utf8').replace('0 failed', '1 failed'))
  const changed = await corridor(['join', 'verify-report', 'changed.txt', ...ofFile('af')])
  assert.equal(changed.code, 1)
  assert.match(changed.err, /not what was signed/)
})

test('a node that takes up another configuration under load turns nobody away, loses nothing and takes nothing twice', async () => {
  const own = readOwn(path('tj/corridor.yaml'))
  const probe = probeOf(own, realSettings(own.file, 'tj', databases['tj']!), 'af')
  const sent: string[] = []
  const over = new AbortController()
  const lane = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const sealed = sealProbe(probe, harmless(probe))
      // A connection of its own, and no second try.
      assert.equal((await sendProbe(probe, sealed)).kind, 'receipt')
      sent.push(sealed.messageId)
    }
  }
  const lanes = Promise.all(Array.from({ length: 4 }, lane))
  nodes['af']!.child.kill('SIGHUP')
  await nodes['af']!.heard('configuration.taken-up', 2)
  const atLast = sent.length + 20
  while (sent.length < atLast) await pause(50)
  over.abort()
  await lanes
  const db = connect(databases['af']!, { max: 1 })
  try {
    const rows = await db.query<{ message_id: string; n: string }>(
      'select message_id, count(*) as n from inbox where message_id = any ($1::text[]) group by message_id',
      [sent],
    )
    assert.equal(rows.length, sent.length)
    assert.ok(rows.every(({ n }) => Number(n) === 1))
  } finally {
    await db.close()
  }
})

test('a configuration that is wrong changes nothing while the node runs', async () => {
  const file = path('af/corridor.yaml')
  const right = readFileSync(file, 'utf8')
  appendFileSync(file, 'guarantees: everywhere\n')
  nodes['af']!.child.kill('SIGHUP')
  const [refused] = await nodes['af']!.heard('configuration.refused')
  assert.match(JSON.stringify(refused), /everywhere/)
  writeFileSync(file, right)
  const own = readOwn(path('tj/corridor.yaml'))
  const probe = probeOf(own, realSettings(own.file, 'tj', databases['tj']!), 'af')
  assert.equal((await sendProbe(probe, sealProbe(probe, harmless(probe)))).kind, 'receipt')
})

test('a member that leaves: what is queued for it is parked with the reason', async () => {
  await nodes['af']!.stop()
  const own = readOwn(path('tj/corridor.yaml'))
  const probe = probeOf(own, realSettings(own.file, 'tj', databases['tj']!), 'af')
  const db = connect(databases['tj']!, { max: 1 })
  try {
    const found = await movementScenario(probe, { db, patienceMs: 20_000 })
    assert.equal(found.outcome, 'failed')
    const states = () =>
      db.query<{ document_type: string; state: string; reason: string | null }>(
        `select document_type, state, reason from outbox where recipient = 'NTA.AF' and document_type in ('CD001C', 'CD050C')
          order by document_type`,
      )
    const before = await states()
    assert.deepEqual(
      before.map(({ document_type: type }) => type),
      ['CD001C', 'CD050C'],
    )
    assert.ok(before.every(({ state }) => state === 'queued' || state === 'sent'))
    assert.match(await done(['join', 'leave', 'af', ...ofFile('tj')]), /Nothing is written yet/)
    await done(['join', 'leave', 'af', ...ofFile('tj'), '--yes'])
    nodes['tj']!.child.kill('SIGHUP')
    await nodes['tj']!.heard('configuration.taken-up')
    for (;;) {
      const rows = await states()
      if (rows.every(({ state }) => state === 'parked')) {
        assert.deepEqual([...new Set(rows.map(({ reason }) => reason))], ['the partner is not configured any more'])
        break
      }
      await pause(100)
    }
  } finally {
    await db.close()
  }
  const unknown = await corridor(['join', 'leave', 'af', ...ofFile('tj')])
  assert.equal(unknown.code, 1)
  assert.match(unknown.err, /There is no member “af” here/)
})

test('what is typed wrong is answered with what is wrong', async () => {
  const command = ([name = '', ...typed]: string[]) => (name === 'join' ? joinCommand(typed) : testPartner(typed))
  for (const [typed, said] of [
    [['join'], /Say what to do: corridor join init/],
    [['join', 'innit'], /Say what to do/],
    [['join', 'init'], /Say the name of your node|Give --/],
    [['join', 'init', 'uz'], /Give --url/],
    [
      [
        'join',
        'init',
        'uz',
        '--url',
        'https://x/',
        '--country',
        'UZ',
        '--party',
        'P',
        '--name',
        'N',
        '--time-zone',
        'Moon',
      ],
      /no time zone/,
    ],
    [['join', 'invite'], /Say for which country/],
    [['join', 'accept'], /Say which invitation/],
    [['join', 'leave'], /Say which member/],
    [['join', 'check'], /Say which member/],
    [['join', 'check', 'af'], /DATABASE_URL is not set/],
    [['join', 'verify-report'], /Say which report/],
    [['test-partner'], /Say which country/],
  ] as [string[], RegExp][]) {
    await assert.rejects(
      command(typed),
      (error) => error instanceof UsageError && said.test(error.message),
      typed.join(' '),
    )
  }
  const missing = await corridor(['join', 'accept', 'none.txt', ...ofFile('tj')])
  assert.equal(missing.code, 1)
  assert.match(missing.err, /none.txt: ENOENT[^]*Look at the path/)
})
