/** The paths that are explored: from where, and what may happen (tables/paths.tsv). */
import { readFileSync } from 'node:fs'
import { readTable } from '@corridor/customs'
import type { Act, Law, Role } from '@corridor/procedures'
import { offices, references, today } from './corridor.ts'
import { paperNames } from './papers.ts'

/** Something that people do or that falls due, and how often it may. */
export type Move = { label: string; times: number } & (
  | { kind: 'paper'; paper: string }
  | { kind: 'timer'; role: Role; timer: string }
  | { kind: 'other'; grn: string; what: 'takes' | 'frees' }
  | { kind: 'act'; act: Act; office: string | undefined; fields: Record<string, string> }
)

/** One row of paths.tsv. */
export interface Path {
  path: string
  /** Moves that are done first, each until nothing is on its way any more. */
  after: Move[]
  may: Move[]
  /** How many deliveries may leave the document on its way, to be delivered again. */
  copies: number
  depth: number
  what: string
}

/** Reads the table. @throws Error for a word that it does not know */
export function loadPaths(
  law: Law,
  text = readFileSync(new URL('../tables/paths.tsv', import.meta.url), 'utf8'),
): Path[] {
  const { rows } = readTable(text, ['path', 'after', 'may', 'copies', 'depth', 'what'], 'paths.tsv')
  return rows.map((row) => ({
    path: row.cell('path'),
    after: row
      .cell('after')
      .split(' ')
      .filter(Boolean)
      .flatMap((word) => movesOf(law, word)),
    may: row
      .cell('may')
      .split(' ')
      .filter(Boolean)
      .flatMap((word) => movesOf(law, word)),
    copies: Number(row.cell('copies')),
    depth: Number(row.cell('depth')),
    what: row.cell('what'),
  }))
}

/** Everything that anybody may do, each a few times: what random ways are drawn from. */
export function randomPath(law: Law): Path {
  const roles = [...new Set(offices.map(({ role }) => role))]
  const words = [
    ...paperNames.map((name) => `paper:${name}`),
    'destination:record-results=B1',
    'transit:request-record@XK000202',
    'exit:request-record@XK000204',
    'transit:query@XK000201',
    ...roles.filter((role) => law.acts.some((act) => act.role === role)).map((role) => `${role}:*`),
    'timer:*',
  ]
  const may = words.flatMap((word) => movesOf(law, word))
  return { path: 'random', after: [], may, copies: 3, depth: Infinity, what: 'everything' }
}

const usuallyTimes = 1
const unlimited = 9

/**
 * `paper:NAME`, `timer:NAME` (or `*`), `other:takes=GRN` and `other:frees=GRN` (by another movement), `ROLE:ACT` (or `ROLE:*`), then `=VALUE` for the code that an act asks for, `@OFFICE` for an office that
 * need not have the record, and `*N` for how often.
 */
function movesOf(law: Law, word: string): Move[] {
  const [, kind = '', name = '', value, office, times] =
    /^([a-z]+):([a-z0-9-]+|\*)(?:=(\w+))?(?:@(\w+))?(?:\*(\d))?$/.exec(word) ?? fail(word, 'cannot be read')
  const often = Number(times ?? usuallyTimes)
  if (kind === 'paper') {
    if (!paperNames.includes(name)) fail(word, 'is no paper')
    return [{ kind, label: word.replace(/\*\d$/, ''), paper: name, times: often }]
  }
  if (kind === 'other') {
    if (name !== 'takes' && name !== 'frees') fail(word, 'is not “takes” or “frees”')
    if (references[value ?? ''] === undefined) fail(word, 'names no guarantee')
    return [{ kind, label: word.replace(/\*\d$/, ''), grn: value ?? '', what: name, times: often }]
  }
  if (kind === 'timer') {
    const timers = [...law.timers.values()].filter(({ timer }) => name === '*' || timer === name)
    if (timers.length === 0) fail(word, 'is no timer')
    return timers.map(({ role, timer }) => ({ kind, label: `timer:${timer}`, role, timer, times: unlimited }))
  }
  if (office !== undefined && !offices.some(({ reference }) => reference === office)) fail(word, 'names no office')
  const acts = law.acts.filter((act) => act.role === kind && (name === '*' || act.act === name))
  if (acts.length === 0) fail(word, 'is no act')
  return acts.map((act) => ({
    kind: 'act',
    label: name === '*' ? `${kind}:${act.act}` : word.replace(/\*\d$/, ''),
    act,
    office,
    fields: fieldsOf(law, act, value),
    times: often,
  }))
}

/** What an officer fills in: the code that the table gives, else the usual one; words where words are asked for. */
function fieldsOf(law: Law, act: Act, value: string | undefined): Record<string, string> {
  const codes = act.fields.filter(({ kind, required }) => kind === 'code' && required)
  if (value !== undefined && codes.length !== 1) throw new Error(`paths.tsv: ${act.act} asks for no single code`)
  const filled = act.fields
    // An address in the countries of this corridor has a postcode (C0505).
    .filter(({ name, required }) => required || name === 'postcode')
    .map(({ name, kind, list, default: usual, format }): [string, string] => {
      if (kind === 'code') return [name, value ?? (usual || (law.choices.get(list)?.[0]?.code ?? ''))]
      if (kind === 'date') return [name, today]
      // The seals of one office are not those of another.
      if (name === 'seals') return [name, `SEAL-${act.role}`.toUpperCase()]
      return [name, format === 'a2' ? 'XK' : 'Words']
    })
  return Object.fromEntries(filled)
}

function fail(word: string, what: string): never {
  throw new Error(`paths.tsv: “${word}” ${what}`)
}
