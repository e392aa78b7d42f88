import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { migrations as exchangeMigrations } from '@corridor/exchange'
import { migrations, saveAccount } from '@corridor/registry'
import { corridor } from './run.ts'

const home = mkdtempSync(join(tmpdir(), 'corridor-changes-'))
const store = await testDatabase()
const db = connect(store.url, { max: 2 })
mkdirSync(join(home, 'albania-kosovo', 'al'), { recursive: true })
const settings = { databaseUrl: store.url, corridor: 'albania-kosovo', node: 'al' }
writeFileSync(join(home, 'albania-kosovo', 'al', 'settings.json'), JSON.stringify(settings))
process.env['CORRIDOR_HOME'] = home

before(async () => {
  await migrate(db, [exchangeMigrations, { room: 'registry', directory: migrations }])
  const now = new Date()
  for (const [id, name] of [
    ['tirana-tariff', 'Elira Dervishi'],
    ['tirana-review', 'Genc Basha'],
  ] as const)
    await saveAccount(db, { id, name, role: 'reference', locale: 'en' }, now)
  await saveAccount(db, { id: 'durres', name: 'Arta Hoxha', role: 'departure', office: 'AL000101', locale: 'en' }, now)
})
after(async () => {
  rmSync(home, { recursive: true })
  await db.close()
  await store.drop()
})

const reference = (...typed: string[]) => corridor(['reference', ...typed, '--node', 'al'])
const by = (name: string) => ['--as', `tirana-${name}`]

function file(name: string, content: string): string {
  writeFileSync(join(home, name), content)
  return join(home, name)
}

test('a draft from a file, reviewed by a second person, published; then changes one by one, and the way back', async () => {
  const csv = file(
    'results.csv',
    'code,validFrom,text_en\nA1,2026-01-01,Satisfactory\nB1,2026-01-01,Not satisfactory\n',
  )
  const terms = ['--version', '2026-12-01', '--note', 'As agreed']
  const drafted = await reference('draft', 'CL251', csv, ...terms, ...by('tariff'))
  assert.equal(drafted.code, 0, drafted.err)
  assert.match(
    drafted.out,
    /^Version 1 of CL251 \(2 added, 0 changed, 0 ended\) is a draft\. A second person reviews it/,
  )
  const own = await reference('review', 'CL251', '1', ...by('tariff'))
  assert.equal(own.code, 1)
  assert.match(own.err, /a second person does \(CL251 1\)/)
  assert.match((await reference('review', 'CL251', '1', ...by('review'))).out, /is reviewed/)
  assert.match((await reference('publish', 'CL251', '1', ...by('tariff'))).out, /is in use/)

  const changes = [
    { code: 'A1', texts: { en: 'Good' } },
    { end: 'B1', validTo: '2026-12-31' },
  ]
  const json = file('changes.json', JSON.stringify(changes))
  const more = await reference('draft', 'CL251', '--changes', json, ...terms, ...by('tariff'))
  assert.match(more.out, /\(0 added, 1 changed, 1 ended\)/)
  const difference = await reference('difference', 'CL251', '2')
  assert.match(difference.out, /^CL251 version 2, draft, from 2026-12-01, made by Elira Dervishi\n {2}As agreed\n/)
  assert.match(difference.out, /^A1 {2}changed\n {2}- 2026-01-01 to … {2}Satisfactory\n/m)
  assert.match(difference.out, /^ {2}\+ 2026-12-01 to … {2}Good\nB1 {2}ended\n/m)
  await reference('review', 'CL251', '2', ...by('review'))
  await reference('publish', 'CL251', '2', ...by('review'))
  const restored = await reference('restore', 'CL251', '1', '--note', 'Too early', ...by('review'))
  assert.match(restored.out, /^Version 3 of CL251 .* is a draft/)
  assert.match((await reference('discard', 'CL251', '3', ...by('tariff'))).out, /is discarded/)
  const versions = await reference('versions', 'CL251')
  assert.match(versions.out, /^ +2 +published +2026-12-01 +0 +1 +1 +Elira Dervishi +Genc Basha +As agreed$/m)
  const lines = await db.query<{ kind: string }>(`select kind from journal where actor like 'tirana-%' order by id`)
  assert.equal(lines.length, 8)
})

test('what is wrong is said with its place, and nothing is kept', async () => {
  const terms = ['--note', 'x', ...by('tariff')]
  const wrong = file('wrong.csv', 'code,validFrom,text_en\nC1,2026-13-01,Wrong day\n')
  const lines = await reference('draft', 'CL251', wrong, '--addition', ...terms)
  assert.equal(lines.code, 1)
  assert.match(lines.out, /Nothing was imported, wrong lines: 1\n {2}line 2: /)
  const none = file('none.json', '[{"end":"ZZ","validTo":"2026-12-31"}]')
  const ends = await reference('draft', 'CL251', '--changes', none, ...terms)
  assert.deepEqual([ends.code, ends.out], [1, 'changes.0.end ZZ: The list has no such code: give one that it has.\n'])
  assert.equal((await reference('versions', 'CL251', '--json')).out.trim().split('\n').length, 2)
})

test('what is not understood is 2, with the usage of its command alone', async () => {
  const csv = join(home, 'results.csv')
  const cases: [typed: string[], says: RegExp][] = [
    [['draft', 'CL251', csv, '--note', 'x'], /--as ACCOUNT/],
    [['draft', 'CL251', csv, '--note', 'x', '--as', 'nobody'], /no account “nobody”/],
    [['draft', 'CL251', csv, '--note', 'x', '--as', 'durres'], /no reference-data manager/],
    [['draft', 'CL251', csv, ...by('tariff')], /--note/],
    [['draft', 'CL999', csv, '--note', 'x', ...by('tariff')], /no list “CL999”/],
    [['draft', 'CL251', '--changes', csv, '--note', 'x', ...by('tariff')], /JSON array/],
    [['review', 'CL251', 'two', ...by('review')], /not “two”/],
    [['difference', 'CL251', '99'], /no version 99/],
    [['publish', 'CL251', '1', '--because', 'x'], /no option --because/],
  ]
  for (const [typed, says] of cases) {
    const { code, err } = await reference(...typed)
    assert.deepEqual([code, says.test(err)], [2, true], `${typed.join(' ')}: ${err}`)
    assert.match(err, new RegExp(`corridor reference \\S*${typed[0]}`))
    assert.doesNotMatch(err, /corridor (start|simulate|as4)/)
  }
  const unknown = await corridor(['strat'])
  assert.deepEqual(
    [unknown.code, unknown.err],
    [2, 'There is no command “strat”.\n\ncorridor help lists the commands.\n'],
  )
})
