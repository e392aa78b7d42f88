import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type NationalDatabase, nationalDatabase, put } from '../../connectors/test/national-database.ts'
import { corridor, type Run } from './run.ts'

let national: NationalDatabase
let folder: string
before(async () => {
  national = await nationalDatabase()
  folder = mkdtempSync(join(tmpdir(), 'corridor-connect-'))
  writeFileSync(
    join(folder, 'mapping.yaml'),
    `gatewayRole: ${national.mapping.gatewayRole}
captures:
  - name: exports
    table: sad.declaration
    key: [office, year, number]
    state: { column: status, events: { RELEASED: released } }
    content: { column: document }
`,
  )
})
after(async () => {
  await national.drop()
  rmSync(folder, { recursive: true })
})

/** Runs the command with the national database in its environment. */
function connect(...typed: string[]): Promise<Run> {
  const program = fileURLToPath(new URL('../corridor.mjs', import.meta.url))
  const env = { ...process.env, NATIONAL_DATABASE_URL: national.systemUrl }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'connect', 'triggers', ...typed], { env })
    const run: Run = { code: null, out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (run.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (run.err += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...run, code }))
  })
}

test('triggers are installed, caught up with, looked after and taken out from the command line', async () => {
  const mapping = ['--mapping', join(folder, 'mapping.yaml')]
  const before = await connect('--state')
  assert.deepEqual([before.code, before.err.split(':')[0]], [1, 'connectors.not-installed'])
  await put(national.system, 1, '<before/>')
  const installed = await connect('--install', ...mapping)
  assert.deepEqual([installed.code, installed.err], [0, ''])
  await put(national.system, 2, '<after/>')
  assert.equal((await connect('--recapture', ...mapping)).out, 'captured 1, failed 0\n')
  assert.match((await connect('--state')).out, /^waiting 2, being taken 0, taken 0, set aside 0, not captured 0,/)
  const kept = await connect('--uninstall')
  assert.deepEqual([kept.code, kept.err.split(':')[0]], [1, 'connectors.waiting'])
  assert.equal((await connect('--uninstall', '--discard')).code, 0)
})

test('what is printed is what is installed: an administrator may run it himself', async () => {
  const { out } = await connect('--print', '--mapping', join(folder, 'mapping.yaml'))
  await national.system.query(out)
  await put(national.system, 3, '<printed/>')
  assert.match((await connect('--state')).out, /^waiting 1,/)
  const { out: taken } = await connect('--print', '--discard')
  await national.system.query(taken)
})

test('without a database, an act or a mapping the command asks for it', async () => {
  const asked: [string[], RegExp][] = [
    [['connect'], /Say what to connect by/],
    [['connect', 'triggers'], /Say one of --print/],
    [['connect', 'triggers', '--print'], /--mapping FILE/],
    [['connect', 'triggers', '--state'], /NATIONAL_DATABASE_URL/],
  ]
  for (const [typed, message] of asked) {
    const { code, err } = await corridor(typed)
    assert.equal(code, 2)
    assert.match(err, message)
  }
})
