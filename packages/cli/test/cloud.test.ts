import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type StandIn, startStandIn } from '@corridor/carriers'
import { corridor } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'corridor-cloud-'))
const pair = (name: string) => ({ accessKeyId: `key-of-${name}`, secretAccessKey: `secret-of-${name}-0123456789` })
const members = ['bw', 'na', 'za']
const named = ['--member', 'NTA.BW=key-of-bw', '--member', 'NTA.NA=key-of-na', '--member', 'NTA.ZA=key-of-za']
let store: StandIn

function settings(of: string, change: Record<string, unknown> = {}): string {
  const file = join(folder, `${of}.json`)
  const given = { endpoint: store.endpoint.origin, bucket: 'sacu', region: 'local', ...pair(of), ...change }
  writeFileSync(file, JSON.stringify(given), { mode: 0o600 })
  chmodSync(file, 0o600)
  return file
}

before(async () => {
  store = await startStandIn({
    folder: join(folder, 'store'),
    port: 0,
    owner: pair('owner'),
    members: members.map(pair),
  })
})
after(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const check = (file: string, ...more: string[]) =>
  corridor([
    'cloud',
    'check',
    '--settings',
    file,
    '--party',
    'NTA.BW',
    '--other',
    'NTA.NA',
    '--other',
    'NTA.ZA',
    ...more,
  ])

test('a bucket is made ready, and a member finds that it keeps them apart', async () => {
  const early = await check(settings('bw'))
  assert.equal(early.code, 1)
  assert.match(early.err, /store\.no-bucket.*Check endpoint and bucket/s)
  const made = await corridor(['cloud', 'prepare', '--settings', settings('owner'), ...named])
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /The bucket sacu is there, and its policy is that of NTA\.BW, NTA\.NA, NTA\.ZA/)
  const checked = await check(settings('bw'))
  assert.equal(checked.code, 0, checked.out + checked.err)
  assert.match(checked.out, /^yes {2}NTA\.BW sees what waits for it$/m)
  assert.match(checked.out, /^yes {2}NTA\.BW writes nothing in the name of NTA\.ZA$/m)
  assert.match(checked.out, /The store keeps its members apart\.$/m)
  const other = await corridor([
    'cloud',
    'check',
    '--settings',
    settings('za'),
    '--party',
    'NTA.BW',
    '--other',
    'NTA.NA',
  ])
  assert.equal(other.code, 1)
  assert.match(other.out, /^NO {3}NTA\.BW sees what waits for it: store\.denied/m)
})

test('a bucket whose policy is open is found out', async () => {
  const owner = await check(settings('owner'), '--json')
  assert.equal(owner.code, 1)
  const wrong = (JSON.parse(owner.out) as { what: string; isRight: boolean; instead: string }[]).filter(
    ({ isRight }) => !isRight,
  )
  assert.deepEqual([...new Set(wrong.map(({ instead }) => instead))], ['the store did it'])
  assert.equal(wrong.length, 6)
  const left = await corridor(['cloud', 'tidy', '--settings', settings('owner')])
  assert.match(left.out, /^Removed: 0 objects/)
})

test('the policy is printed as stores take it', async () => {
  const { out } = await corridor(['cloud', 'policy', '--bucket', 'sacu', ...named])
  const { Version, Statement } = JSON.parse(out) as { Version: string; Statement: { Resource: string[] }[] }
  assert.equal(Version, '2012-10-17')
  assert.equal(Statement.length, 9)
  assert.ok(Statement.some(({ Resource }) => Resource.includes('arn:aws:s3:::sacu/to/NTA.ZA/NTA.BW/*')))
})

test('what is typed or given wrongly is said with what to do, and no secret', async () => {
  for (const [typed, code, said] of [
    [[], 2, /Say what to do with the cloud store: policy, prepare, check, tidy/],
    [['policy'], 2, /--bucket NAME/],
    [['policy', '--bucket', 'sacu', '--member', 'NTA.BW'], 2, /is not PARTY=PRINCIPAL/],
    [['policy', '--bucket', 'sacu', '--member', 'NTA.BW=a'], 2, /two at least/],
    [['policy', '--bucket', 'sacu', '--member', 'NTA.BW=a', '--member', 'NTA.ZA=a'], 2, /named once/],
    [['policy', '--bucket', 'sacu', '--member', 'a/b=a', '--member', 'NTA.ZA=b'], 1, /store\.bad-party/],
    [['tidy'], 2, /--settings FILE/],
    [['tidy', '--settings', join(folder, 'nothing')], 2, /cannot be read/],
    [['tidy', '--settings', settings('owner'), '--days', '3'], 2, /whole number from 31/],
    [['check', '--settings', settings('bw')], 2, /--party PARTY --other PARTY/],
  ] as const) {
    const answer = await corridor(['cloud', ...typed])
    assert.equal(answer.code, code, answer.err)
    assert.match(answer.err, said)
  }
  const wrongKey = await check(settings('bw', { secretAccessKey: 'another-secret-of-somebody' }))
  assert.equal(wrongKey.code, 1)
  assert.match(wrongKey.err, /store\.wrong-credentials/)
  assert.doesNotMatch(wrongKey.err, /another-secret/)
  const far = await check(settings('bw', { endpoint: 'http://store.example' }))
  assert.match(far.err, /store\.no-tls/)
  const open = settings('bw')
  chmodSync(open, 0o644)
  assert.match((await check(open)).err, /Others can read .*chmod 600/)
})
