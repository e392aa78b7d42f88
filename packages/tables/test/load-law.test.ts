/** A table that is broken stops the start, and the message says which table and where. */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { loadLaw } from '../src/index.ts'

const packages = new URL('../../', import.meta.url)
const overlays = new URL('../../../corridors/albania-kosovo/codelists/', import.meta.url)
const home = mkdtempSync(join(tmpdir(), 'corridor-tables-'))
after(() => rmSync(home, { recursive: true, force: true }))

let serial = 0

/** A copy of all tables, of which one file may be changed. */
function tables(): { folder: string; load: () => ReturnType<typeof loadLaw> } {
  const folder = join(home, String(++serial))
  for (const path of [
    'customs/messages',
    'customs/codelists',
    'customs/reference',
    'customs/imports',
    'customs/rules',
    'procedures/transit',
    'procedures/guarantee',
    'procedures/fallback',
    'procedures/services',
  ])
    cpSync(new URL(path, packages), join(folder, path), { recursive: true })
  cpSync(overlays, join(folder, 'overlays'), { recursive: true })
  const url = (path: string): URL => pathToFileURL(`${join(folder, path)}/`)
  return {
    folder,
    load: () => loadLaw(url('overlays'), { customs: url('customs'), procedures: url('procedures') }),
  }
}

test('the tables of the repository load, with and without a corridor’s lists', () => {
  const { law, codeLists } = tables().load()
  assert.ok(law.messages.types.length > 80)
  assert.ok(codeLists.has('CL172', 'XK000301', '2026-11-24'))
  assert.equal(loadLaw().codeLists.knows('CL172'), false)
})

/** Files of each kind, and the name under which a fault has to speak of it. */
const files: [path: string, name: string][] = [
  ['customs/messages/CC015C.tsv', 'CC015C'],
  ['customs/messages/groups.tsv', 'groups'],
  ['customs/messages/formats.tsv', 'formats'],
  ['customs/codelists/CL251.tsv', 'CL251'],
  ['customs/reference/corridor-tables.tsv', 'corridor-tables'],
  ['customs/reference/mappings.tsv', 'mappings'],
  ['customs/imports/office-lists.tsv', 'office-lists'],
  ['customs/reference/tables/30-traffic-type.tsv', '30-traffic-type'],
  ['customs/rules/rules.tsv', 'rules'],
  ['customs/rules/catalogue.tsv', 'catalogue'],
  ['procedures/transit/departure.machine.tsv', 'transit/departure.machine.tsv'],
  ['procedures/transit/transit.machine.tsv', 'transit/transit.machine.tsv'],
  ['procedures/transit/destination.machine.tsv', 'transit/destination.machine.tsv'],
  ['procedures/guarantee/guarantee.machine.tsv', 'guarantee/guarantee.machine.tsv'],
  ['procedures/guarantee/account.machine.tsv', 'guarantee/account.machine.tsv'],
  ['procedures/guarantee/account-acts.tsv', 'guarantee/account-acts.tsv'],
  ['procedures/guarantee/missing.tsv', 'guarantee/missing.tsv'],
  ['procedures/guarantee/types.tsv', 'guarantee/types.tsv'],
  ['procedures/guarantee/reasons.tsv', 'guarantee/reasons.tsv'],
  ['procedures/fallback/fallback.machine.tsv', 'fallback/fallback.machine.tsv'],
  ['procedures/fallback/paper.machine.tsv', 'fallback/paper.machine.tsv'],
  ['procedures/fallback/acts.tsv', 'fallback/acts.tsv'],
  ['procedures/fallback/flags.tsv', 'fallback/flags.tsv'],
  ['procedures/fallback/refusals.tsv', 'fallback/refusals.tsv'],
  ['procedures/services/services.tsv', 'services.tsv'],
  ['procedures/services/statistics.tsv', 'statistics.tsv'],
  ['procedures/transit/routes.tsv', 'routes.tsv'],
  ['procedures/transit/acts.tsv', 'acts.tsv'],
  ['procedures/transit/results.tsv', 'results.tsv'],
  ['procedures/transit/states.tsv', 'states.tsv'],
  ['procedures/transit/refusals.tsv', 'refusals.tsv'],
  ['overlays/countries.tsv', 'countries'],
  ['overlays/offices-NTA.AL.tsv', 'offices-NTA.AL'],
]

for (const [path, name] of files) {
  test(`a row with too many cells in ${path} is named with its line`, () => {
    const { folder, load } = tables()
    const file = join(folder, path)
    const line = readFileSync(file, 'utf8').trimEnd().split('\n').length + 1
    writeFileSync(file, readFileSync(file, 'utf8').trimEnd())
    appendFileSync(file, `\n${'x\t'.repeat(40)}x\n`)
    assert.throws(load, ({ message }: Error) => {
      assert.match(message, new RegExp(`\\b${name.replaceAll('.', '\\.')},? line ${line}\\b`))
      return true
    })
  })
}

test('a table that is not there is named too', () => {
  for (const path of ['procedures/transit/routes.tsv', 'procedures/guarantee/guarantee.machine.tsv']) {
    const { folder, load } = tables()
    rmSync(join(folder, path))
    assert.throws(load, new RegExp(path))
  }
})

test('a file that is no table is not read as one', () => {
  const { folder, load } = tables()
  writeFileSync(join(folder, 'overlays', 'README.md'), '# Not a table')
  mkdirSync(join(folder, 'customs', 'codelists', 'old'))
  assert.ok(load().law.messages.types.length > 80)
})
