import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openBorderDatabase } from '@corridor/carriers'
import { startPostgres, type PostgresServer } from '@corridor/database'
import { temporaryHome } from '@corridor/database/testing'
import { corridor } from './run.ts'

let server: PostgresServer
let owner: string
const folder = mkdtempSync(join(tmpdir(), 'corridor-border-'))

before(async () => {
  server = await startPostgres({ home: temporaryHome() })
  const created = await corridor([
    'border',
    'create',
    '--administrator',
    server.adminUrl,
    '--name',
    'border',
    '--owner',
    'border_owner',
    '--json',
  ])
  assert.equal(created.code, 0, created.err)
  owner = (JSON.parse(created.out) as { url: string }).url
})

after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const prepare = (...typed: string[]) => corridor(['border', 'prepare', '--database', owner, ...typed])

test('a border database is made ready with its members, whose URLs are shown once and work', async () => {
  const first = await prepare('--member', 'SY', '--member', 'JO', '--object-megabytes', '2')
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /tables were made.*SY +is a member from now on.*may have 2 MB/s)
  assert.doesNotMatch(first.out, /only a superuser/)
  const url = /SY {2}(postgres:\S+)/.exec(first.out)?.[1] ?? ''
  const carrier = openBorderDatabase({ url, party: 'SY' })
  try {
    const expiresAt = new Date(Date.now() + 60_000)
    const object = {
      id: '1',
      sender: 'SY',
      addressee: 'JO',
      kind: 'message' as const,
      expiresAt,
      bytes: Buffer.from('x'),
    }
    assert.equal(await carrier.put(object), 'put')
  } finally {
    await carrier.close()
  }
  const again = await prepare()
  assert.match(again.out, /SY +is a member +border_sy_/)
  assert.doesNotMatch(again.out, /postgres:/)
  const tidy = await corridor(['border', 'tidy', '--database', owner])
  assert.match(tidy.out, /Of SY wait for JO 1 objects, 1 bytes/)
  const left = await prepare('--remove', 'JO', '--json')
  assert.deepEqual((JSON.parse(left.out) as { removed: unknown }).removed, [{ party: 'JO', objects: 1 }])
})

test('passwords come from a file that nobody else can read, and are not shown', async () => {
  const file = join(folder, 'passwords')
  writeFileSync(file, 'IQ a-password-from-a-file\n', { mode: 0o644 })
  const open = await prepare('--member', 'IQ', '--password-file', file)
  assert.deepEqual([open.code, /Others can read/.test(open.err)], [2, true])
  chmodSync(file, 0o600)
  const taken = await prepare('--member', 'IQ', '--password-file', file)
  assert.equal(taken.code, 0, taken.err)
  assert.doesNotMatch(taken.out, /a-password|postgres:/)
  const stray = await prepare('--member', 'LB', '--password-file', file)
  assert.match(stray.err, /a line for IQ, who is named neither/)
})

test('what is wrong is said, with what to do', async () => {
  const wrong: [string[], number, RegExp][] = [
    [['border'], 2, /create, prepare, tidy/],
    [['border', 'prepare'], 2, /BORDER_DATABASE_URL/],
    [['border', 'prepare', '--database', 'nonsense'], 1, /border\.bad-url/],
    [['border', 'prepare', '--database', server.adminUrl], 1, /border\.superuser.*corridor border create/s],
    [['border', 'prepare', '--database', 'postgres://a:b@border.example/x'], 1, /border\.no-tls.*verify-full/s],
    [['border', 'prepare', '--database', owner, '--remove', 'NOBODY'], 1, /NOBODY is no member here/],
    [['border', 'prepare', '--database', owner, '--object-megabytes', '17'], 2, /from 1 to 16/],
    [
      ['border', 'create', '--administrator', server.adminUrl, '--name', 'Border', '--owner', 'x'],
      1,
      /bad-name: Border\nUse lower-case/,
    ],
  ]
  for (const [typed, code, words] of wrong) {
    const run = await corridor(typed)
    assert.equal(run.code, code, `${typed.join(' ')}: ${run.err}`)
    assert.match(run.err, words)
  }
})
