import { ProcedureFault } from '../faults.ts'
import { compileMachine, type Machine } from '../machine.ts'
import { rowsOf } from '../tsv.ts'
import type { Act, Law } from '../types.ts'
import { fallbackEffects, paperDocumentEffects, paperEffects } from './does.ts'
import { fallbackGuards } from './guards.ts'
import { flaggings } from './reconcile.ts'
import type { FlagMeaning } from './types.ts'

/** The texts of the tables of the fallback procedure. */
export interface FallbackTexts {
  machine: string
  paper: string
  acts: string
  flags: string
  refusals: string
}

/** The fallback procedure, compiled. */
export interface FallbackLaw {
  machine: Machine
  paper: Machine
  acts: Act[]
  flags: Map<string, FlagMeaning>
  /** Words by id, with {names} in them. */
  refusals: Map<string, string>
}

const machineFile = 'fallback/fallback.machine.tsv'
const paperFile = 'fallback/paper.machine.tsv'

/** @throws ProcedureFault TABLE, UNKNOWN_GUARD, UNKNOWN_DOES naming the file */
export function compileFallback(texts: FallbackTexts, acts: Act[]): FallbackLaw {
  const guards = new Set(Object.keys(fallbackGuards))
  const flags = rowsOf(texts.flags, 'fallback/flags.tsv').map((row): [string, FlagMeaning] => [
    row['flag'] ?? '',
    { turn: row['turn'] as FlagMeaning['turn'], explainable: row['explainable'] === 'yes' },
  ])
  return {
    machine: compileMachine(machineFile, texts.machine, {
      guards,
      does: new Set([...Object.keys(fallbackEffects), 'on-paper', 'each-paper', 'refuse']),
    }),
    paper: compileMachine(paperFile, texts.paper, {
      guards,
      does: new Set([...Object.keys(paperEffects), ...paperDocumentEffects, 'refuse']),
    }),
    acts,
    flags: new Map(flags),
    refusals: new Map(
      rowsOf(texts.refusals, 'fallback/refusals.tsv').map((row) => [row['id'] ?? '', row['text'] ?? '']),
    ),
  }
}

/** @throws ProcedureFault TABLE when one table names what another does not have */
export function checkFallback({ fallback, messages, choices }: Law): void {
  const { machine, paper, acts, flags, refusals } = fallback
  for (const { name, rows, events } of [machine, paper]) {
    for (const effect of rows.flatMap(({ does }) => does)) {
      const id = /^refuse:(.+)$/.exec(effect)?.[1]
      need(id === undefined || refusals.has(id), name, `fallback/refusals.tsv has no ${id}`)
      const code = /^refuse-seen:(.*)$/.exec(effect)?.[1]
      const isCode = code === undefined || choices.get('record-rejection')?.some((choice) => choice.code === code)
      need(isCode === true, name, `results.tsv has no record-rejection ${code}`)
    }
    for (const event of events) {
      const act = /^act:(.+)$/.exec(event)?.[1]
      const isKnown = act === undefined ? messages.get(event) !== undefined : acts.some((each) => each.act === act)
      need(isKnown, name, `${event} is in no table of acts or messages`)
    }
  }
  for (const { act, fields } of acts) {
    need(machine.events.includes(`act:${act}`), 'fallback/acts.tsv', `no row answers ${act}`)
    for (const { kind, list } of fields)
      need(kind !== 'code' || choices.has(list), 'fallback/acts.tsv', `results.tsv has no list ${list}`)
  }
  for (const [flag, { turn }] of flags) {
    need(Object.hasOwn(flaggings, flag), 'fallback/flags.tsv', `nothing raises ${flag}`)
    need(turn === 'office' || turn === 'trader', 'fallback/flags.tsv', `${flag}: the turn is office or trader`)
  }
  for (const flag of Object.keys(flaggings)) need(flags.has(flag), 'fallback/flags.tsv', `there is no row for ${flag}`)
}

function need(holds: boolean, file: string, detail: string): void {
  if (!holds) throw new ProcedureFault('TABLE', `${file}: ${detail}`)
}
