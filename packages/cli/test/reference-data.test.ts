import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { connect } from '@corridor/database'
import { offlineReader, readOfflineList } from '@corridor/customs'
import { testDatabase } from '@corridor/database/testing'
import { reference as registry } from '@corridor/registry'
import { corridor } from './run.ts'

const home = mkdtempSync(join(tmpdir(), 'corridor-reference-'))
const store = await testDatabase()
mkdirSync(join(home, 'albania-kosovo', 'al'), { recursive: true })
writeFileSync(join(home, 'albania-kosovo', 'al', 'settings.json'), JSON.stringify({ databaseUrl: store.url }))
process.env['CORRIDOR_HOME'] = home

after(async () => {
  rmSync(home, { recursive: true })
  await store.drop()
})

const reference = (what: string, ...typed: string[]) => corridor(['reference', what, ...typed, '--node', 'al'])

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(home, name), content)
  return join(home, name)
}

const rows = [
  'code,validFrom,validTo,text_en,text_sq',
  'A1,2026-01-01,,Satisfactory,I kënaqshëm',
  'B1,2026-01-01,,Not satisfactory,',
]

test('a file is imported, shown, exported, and imported again without a change', async () => {
  const csv = file('results.csv', `${rows.join('\n')}\n`)
  const first = await reference('import', csv, '--list', 'CL251', '--version', '2026-01-01')
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /^CL251 +2 +0 +0 +0 +1$/m)
  const shown = await reference('show', 'CL251', 'A1')
  assert.match(shown.out, /^CL251 A1 {2}2026-01-01 to … {2}\(version 1\)\n {2}Satisfactory$/m)
  const exported = await reference('export', 'CL251', '--form', 'json')
  assert.match(exported.out, /I kënaqshëm/)
  const again = await reference('import', file('again.jsonl.gz', gzipSync(exported.out)), '--version', '2026-02-01')
  assert.match(again.out, /^CL251 +0 +0 +0 +2 +none, nothing changed$/m)
  const lists = await reference('lists', '--json')
  const heads = lists.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; entries: number; published: number })
  assert.deepEqual(
    heads.filter(({ entries }) => entries > 0).map(({ id, published }) => [id, published]),
    [['CL251', 1]],
  )
})

test('how much each side produces, by month; as CSV by list', async () => {
  const shown = await reference('volume')
  assert.equal(shown.code, 0, shown.err)
  assert.match(shown.out, /^\(nobody’s\) +\d{4}-\d\d +running +2 +0 +0 +0 +0 +2 +\d+$/m)
  assert.equal(shown.out.trim().split('\n').length, 1 + 18)
  const csv = await reference('volume', '--csv', '--from', '2026-01', '--to', '2026-02')
  assert.match(csv.out, /^owner,list,month,.*\r\n,CL251,2026-01,observed,0,0,0,0,0,0,0,0\r\n,CL251,2026-02,/)
  assert.equal((await reference('volume', '--from', '2026-13')).code, 2)
  assert.equal((await reference('volume', '--from', '2026-02', '--to', '2026-01')).code, 2)
})

test('a copy for where there is no network: brought up to date it is the same as a new one', async () => {
  const [kept, fresh] = [join(home, 'kept'), join(home, 'fresh')]
  const copy = (out: string, ...typed: string[]) => reference('copy', '--out', out, '--at', '2026-11-30', ...typed)
  const files = (out: string) => readdirSync(out).sort().map((name) => [name, readFileSync(join(out, name), 'utf8')]) // prettier-ignore
  const first = await copy(kept)
  assert.equal(first.code, 0, first.err)
  assert.match(first.out, /^CL251 +1 +2 +\d+ +whole$/m)
  assert.match((await copy(kept)).out, /^CL251 .* as it was$/m)
  const more = file(
    'more.csv',
    `${rows[0]}\nA1,2026-12-01,,Fully satisfactory,\nC1,2026-11-01,2026-11-10,Over,\nD1,2026-11-01,,New,I ri\n`,
  )
  assert.equal((await reference('import', more, '--list', 'CL251', '--version', '2026-11-01')).code, 0)
  assert.match((await copy(kept, '--typescript')).out, /^CL251 +2 +3 +\d+ +changes$/m)
  assert.match((await copy(fresh, '--typescript')).out, /^CL251 +2 +3 +\d+ +whole$/m)
  assert.deepEqual(files(kept), files(fresh))
  assert.deepEqual(
    files(fresh).map(([name]) => name),
    ['CL251.json', 'CL251.ts', 'index.json', 'index.ts'],
  )
  const module = (await import(pathToFileURL(join(fresh, 'index.ts')).href)) as { CL251: Record<string, string> }
  assert.deepEqual({ ...module.CL251 }, { A1: 'Satisfactory', D1: 'New' })
  const read = readOfflineList(readFileSync(join(kept, 'CL251.json'), 'utf8'))
  assert.ok(read && offlineReader([read]).has('CL251', 'A1', '2026-12-24'))
  // A copy of another node's version, or half a file, is made new.
  writeFileSync(join(kept, 'CL251.json'), JSON.stringify({ ...read, versionDigest: 'another' }))
  assert.match((await copy(kept)).out, /^CL251 .* whole$/m)
  writeFileSync(join(kept, 'CL251.json'), '{"form":1,')
  assert.match((await copy(kept)).out, /^CL251 .* whole$/m)
  assert.equal((await copy(kept, '--lists', 'CL999')).code, 2)
  assert.equal((await reference('copy')).code, 2)
})

test('a file with a wrong line imports nothing, and says which line', async () => {
  const wrong = file('wrong.csv', `${rows.join('\n')}\nC1,2026-13-01,,Wrong day,\n`)
  const { code, out } = await reference('import', wrong, '--list', 'CL231')
  assert.equal(code, 1)
  assert.match(out, /nothing was imported, wrong lines: 1\n {2}line 4: /)
  assert.equal((await reference('export', 'CL231', '--form', 'csv')).out.trim().split('\n').length, 1)
})

test('who takes a list of the node’s, what it has, and why not the version in use', async () => {
  const db = connect(store.url, { max: 1 })
  const list = 'CL251/NTA.AL'
  await reference('lists')
  const head = (await registry.listSummary(db, 'CL251'))!
  await registry.declareLists(db, [{ ...head, id: list, owner: 'NTA.AL' }])
  await reference('import', join(home, 'results.csv'), '--list', list, '--version', '2026-01-01')
  await registry.subscribe(db, list, 'NTA.XK', { version: 0, digest: '' }, new Date('2026-11-24T14:00:00Z'))
  const line = async () => (await reference('subscribers')).out.trim().split('\n').at(-1)
  assert.match((await line()) ?? '', /^CL251\/NTA.AL +NTA.XK +0 +1 +not sent yet$/)
  await registry.noteSent(db, list, 'NTA.XK', 1)
  assert.match((await line()) ?? '', /version 1 was sent; no answer yet$/)
  await registry.noteRefused(db, list, 'NTA.XK', 'line 2: no code')
  assert.match((await line()) ?? '', /refused version 1: line 2: no code$/)
  await registry.noteHeld(db, list, 'NTA.XK', { version: 1, digest: 'd' }, new Date('2026-11-24T14:05:00Z'))
  assert.match((await line()) ?? '', /^CL251\/NTA.AL +NTA.XK +1 +1 +2026-11-24T14:05:00.000Z$/)
  assert.match((await reference('subscribers', '--json')).out, /"refusal":null/)
  await db.close()
})

test('what a list never had is 1, what is not understood 2', async () => {
  assert.equal((await reference('show', 'CL251', 'Z9')).code, 1)
  for (const typed of [
    ['show', 'CL999', 'A1'],
    ['show', 'CL251'],
    ['export', 'CL251', '--form', 'pdf'],
    ['import', join(home, 'none.csv')],
    ['import', join(home, 'results.csv'), '--version', 'yesterday'],
    ['import', file('results.txt', ''), '--list', 'CL251'],
  ] as [string, ...string[]][])
    assert.equal((await reference(...typed)).code, 2, typed.join(' '))
  assert.equal((await corridor(['reference', 'lists', '--node', 'mk'])).code, 2)
})
