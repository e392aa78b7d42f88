/** Every path to the depth of its table: nothing is found; and machines and pairs that are broken on purpose are. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'node:test'
import type { CompiledLaw } from '@corridor/tables'
import { type Explored, explore, loadExplored, loadPaths, Pairs } from '../src/index.ts'

const own = new URL('../../', import.meta.url)
const compiled = loadExplored()
const paths = loadPaths(compiled.law)
const clock = () => performance.now()

const pathNamed = (name: string, law: CompiledLaw = compiled) =>
  loadPaths(law.law).find(({ path }) => path === name) ?? assert.fail(`no path ${name}`)

test('no order of documents, acts and copies reaches an illegal pair of states, a lost guarantee or a document that nobody answers', (t) => {
  const pairs = new Pairs(compiled.law)
  const done = paths.map((path) => explore(compiled, pairs, path, { clock }))
  for (const { path, states, depth, complete, ended, found } of done) {
    t.diagnostic(`${path}: ${states} states to depth ${depth}${complete ? ', all there are' : ''}, ${ended} ended`)
    assert.equal(found, undefined, JSON.stringify(found, null, 2))
  }
  t.diagnostic(`${done.reduce((sum, { states }) => sum + states, 0)} states explored`)
  for (const { path, depth } of paths.filter((each) => each.depth === 99)) {
    const explored = done.find((each) => each.path === path) ?? assert.fail(path)
    assert.ok(explored.complete, `${path} is explored to its end`)
    assert.ok(explored.settled > 1 && explored.depth < depth)
  }
})

/** The law with one text of a table of procedures changed, explored on one path. */
function withBroken(file: string, [from, to]: [string, string], path: string): Explored {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-broken-'))
  try {
    for (const part of ['transit', 'guarantee', 'services', 'fallback'])
      cpSync(new URL(`procedures/${part}/`, own), join(folder, part), { recursive: true })
    const text = readFileSync(join(folder, file), 'utf8')
    assert.ok(text.includes(from), `${file} has “${from}”`)
    writeFileSync(join(folder, file), text.replace(from, to))
    const customs = new URL('customs/', own)
    const broken = loadExplored({ customs, procedures: pathToFileURL(`${folder}/`) })
    return explore(broken, new Pairs(broken.law), pathNamed(path, broken), { clock })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const broken: [what: string, file: string, change: [string, string], path: string, found: RegExp][] = [
  [
    'a guarantee is not given back when the office refuses the release',
    'transit/departure.machine.tsv',
    [
      'guarantee-not-valid\tact:refuse\talways\tnot-released\trefuse-release cancel-guarantees',
      'guarantee-not-valid\tact:refuse\talways\tnot-released\trefuse-release',
    ],
    'guarantee-race',
    /nobody gives it back/,
  ],
  [
    'the arrival is not told to the offices of transit',
    'transit/departure.machine.tsv',
    ['record-arrival forward-arrival stop:arrival-limit', 'record-arrival stop:arrival-limit'],
    'normal',
    /departure arrived, transit XK000201 (expected|crossed), nothing on its way/,
  ],
  [
    'an amendment does not wait for the second office of guarantee',
    'transit/departure.machine.tsv',
    ['guarantee-not-valid\tCC013C\tanswers-awaited\t=\twait', 'pre-lodged\tCC013C\tanswers-awaited\t=\twait'],
    'guarantee-race',
    /./,
  ],
  [
    'results that come before the arrival advice do not wait',
    'transit/departure.machine.tsv',
    ['released|crossed\tCD018C\talways\t=\twait', 'released|crossed\tCD018C\talways\t=\trefuse:92'],
    'normal',
    /CD018C is refused by departure in state released: 92/,
  ],
  [
    'the ledger does not hear of the credit',
    'guarantee/guarantee.machine.tsv',
    ['gives-back-all\tcredited\tcredit\t', 'gives-back-all\tcredited\tnone\t'],
    'normal',
    /nobody gives it back/,
  ],
  [
    'the record is not kept: nobody ever takes what waits for it',
    'transit/destination.machine.tsv',
    ['requested\tCD003C\talways\tarrived\tkeep-record', 'requested\tCD003C\talways\t=\twait keep-record'],
    'destination-diversion',
    /CD010C is refused by destination in state requested: 90/,
  ],
]

for (const [what, file, change, path, expected] of broken)
  test(`found when planted: ${what}`, (t) => {
    const { found, states } = withBroken(file, change, path)
    assert.ok(found !== undefined, `nothing was found in ${states} states`)
    assert.match(found.what.join('; '), expected)
    assert.ok(found.trace.length > 0)
    t.diagnostic(`after ${found.trace.length} steps, ${states} states: ${found.what.join('; ')}`)
  })

test('found when planted: a pair that the table does not have', () => {
  const text = readFileSync(new URL('explorer/tables/pairs.tsv', own), 'utf8')
  const from = 'arrived\tdestination\t-|arrived|unloading|unloaded|'
  assert.ok(text.includes(from))
  const pairs = new Pairs(compiled.law, text.replace(from, 'arrived\tdestination\t-|arrived|unloading|'))
  const { found } = explore(compiled, pairs, pathNamed('normal'), { clock })
  assert.match(found?.what[0] ?? '', /^departure arrived, destination XK000301 unloaded, /)
  assert.ok(found?.trace.includes('paper:remarks'))
})

test('tables that do not fit the machines are refused: a state, a role, a row that is missing or there twice, a word of a path', () => {
  const pairs = readFileSync(new URL('explorer/tables/pairs.tsv', own), 'utf8')
  for (const [from, to, message] of [
    ['|unloading|', '|sailing|', /destination has no state sailing/],
    ['arrived|discrepancies\ttransit', 'arrived|discrepancies\tsea', /there is no role sea/],
    ['arrived|discrepancies\ttransit', 'arrived\ttransit', /no row for discrepancies and transit/],
    ['arrived|discrepancies\ttransit', 'arrived|released\ttransit', /released and transit have a row already/],
  ] as const) {
    assert.ok(pairs.includes(from))
    assert.throws(() => new Pairs(compiled.law, pairs.replace(from, to)), message)
  }
  const header = 'path\tafter\tmay\tcopies\tdepth\twhat\n'
  for (const [word, message] of [
    ['paper:novel', /is no paper/],
    ['departure:sail', /is no act/],
    ['timer:tea', /is no timer/],
    ['transit:cross@DE000001', /names no office/],
    ['release', /cannot be read/],
  ] as const)
    assert.throws(() => loadPaths(compiled.law, `${header}one\t\t${word}\t0\t1\t\n`), message)
})
