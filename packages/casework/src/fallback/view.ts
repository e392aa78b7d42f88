import type { Tx } from '@corridor/database'
import { dateTimeOf } from '@corridor/customs'
import { type JournalLine, journalOf } from '@corridor/exchange'
import {
  type Act,
  fallbackActs,
  type FallbackMode,
  type FallbackRole,
  NO_RECORD,
  type PaperResult,
  type PaperToReconcile,
  reconcile,
  takesDocument,
} from '@corridor/procedures'
import { type Account, deskOf, findMode, listModes, papersOf, type StoredMode } from '@corridor/registry'
import { maxLengthOf } from '../acts.ts'
import type { FallbackAct, FallbackPage, FallbackRow, FallbackView, PaperView } from '../fallback-view.ts'
import { localDay } from '../facts.ts'
import type { CaseworkPorts } from '../ports.ts'
import { papersOfMode } from './printable.ts'
import type { Status, Tone } from '../view.ts'
import { noteOf } from '../views/journey.ts'
import { statusOf } from '../views/list.ts'
import { officeView } from '../views/offices.ts'

/** Numbers that a block has, unless the corridor file says. */
export const usualBlock = 20

/** The most papers of one mode: as many as a page and a register can show. */
export const mostPapers = 500

/** How loud each state of a mode, and each result of a paper, is. */
const tones: Record<string, Tone> = {
  prepared: 'info',
  open: 'warn',
  ended: 'info',
  closed: 'ok',
  withdrawn: 'neutral',
  unused: 'neutral',
  returned: 'neutral',
  matched: 'ok',
  settled: 'neutral',
  flagged: 'bad',
}

const status = (code: string): Status => ({ code, tone: tones[code] ?? 'neutral' })

/** In addresses a number has hyphens: `AL000101-2026-3`. */
export const idOf = (number: string): string => number.replaceAll('/', '-')
export const numberOf = (id: string): string => id.replaceAll('-', '/')

/** The office and role of an officer who may work on paper. */
export function fallbackDesk(account: Account): { office: string; role: FallbackRole } | undefined {
  const desk = deskOf(account)
  if (desk?.role !== 'departure' && desk?.role !== 'destination') return undefined
  return { office: desk.office, role: desk.role }
}

/** A mode as decisions see it. */
export function modeOf({ number, role, office, state, beganAt, endedAt }: StoredMode): FallbackMode {
  const moment = (at: Date | null) => (at === null ? null : dateTimeOf(at))
  return { number, role, office, state, beganAt: moment(beganAt), endedAt: moment(endedAt) }
}

/** The fallback modes of the officer's office, the newest first; undefined for whoever works at none that has them. */
export async function fallbackPage(
  ports: CaseworkPorts,
  account: Account,
  query: { page: number; pageSize: number },
): Promise<FallbackPage | undefined> {
  const desk = fallbackDesk(account)
  if (desk === undefined) return undefined
  const { items, total } = await listModes(ports.db, { ...desk, ...query })
  const acts = fallbackActs(ports.law, { role: desk.role, state: NO_RECORD })
  return {
    items: items.map((mode) => rowOf(ports, mode, mode.papers)),
    total,
    acts: acts.map((act) => actView(ports, act)),
  }
}

/** One mode of the officer's own office with its papers; undefined when there is none under this id. */
export async function fallbackView(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  id: string,
): Promise<FallbackView | undefined> {
  const desk = fallbackDesk(account)
  const mode = await findMode(tx, numberOf(id))
  if (desk === undefined || mode?.office !== desk.office || mode.role !== desk.role) return undefined
  const papers = await papersOf(tx, mode.id)
  const results = reconcile(ports.law, modeOf(mode), papers)
  const counts = Object.groupBy(papers, ({ state }) => state)
  const journal = await journalOf(tx, [mode.number, ...papers.flatMap(conversationsOf)])
  return {
    ...rowOf(ports, mode, Object.fromEntries(Object.entries(counts).map(([state, all = []]) => [state, all.length]))),
    version: mode.version,
    note: mode.note,
    next: papers.find(({ state }) => state === 'reserved')?.mrn ?? null,
    flagged: results.filter(({ result }) => result === 'flagged').length,
    acts: fallbackActs(ports.law, mode).map((act) => actView(ports, act)),
    entries: papers.map((paper, at) => paperView(ports, mode, paper, results[at] as PaperResult)),
    papersNow: papersOfMode(mode),
    audit: journal
      .filter((entry) => isOfMode(entry, papers))
      .map((entry) => ({
        at: entry.at.toISOString(),
        who: entry.actor === null ? ports.directory.party : ports.directory.nameOf(entry.actor),
        code: noteOf(entry).code ?? entry.kind,
        detail: noteOf(entry).note ?? null,
      })),
  }
}

/** Where the journal has what came of a declaration for a form, as long as it has no MRN: under its LRN, or under declarant and LRN. */
function conversationsOf({ state, registered }: PaperToReconcile): string[] {
  if (state !== 'issued' || registered === null) return []
  const { lrn, declarant } = registered
  return [lrn, `${declarant}/${lrn}`]
}

/** What was done to the mode, and a declaration for one of its forms that was refused: somebody has to mend it. */
function isOfMode(entry: JournalLine, papers: readonly PaperToReconcile[]): boolean {
  if (entry.kind === 'fallback') return true
  return (
    noteOf(entry).code === 'refused-document' &&
    papers.some(({ registered }) => registered !== null && registered.declarant === entry.actor)
  )
}

function rowOf(ports: CaseworkPorts, mode: StoredMode, papers: Record<string, number>): FallbackRow {
  return {
    id: idOf(mode.number),
    number: mode.number,
    role: mode.role,
    office: officeView(ports.directory, mode.office),
    status: status(mode.state),
    reason: mode.reason,
    beganAt: mode.beganAt?.toISOString() ?? null,
    endedAt: mode.endedAt?.toISOString() ?? null,
    papers,
  }
}

/** An act with its fields as a form shows them. */
function actView(ports: CaseworkPorts, act: Act): FallbackAct {
  const defaults: Record<string, string> = {
    today: localDay(ports),
    block: String(ports.fallbackBlock ?? usualBlock),
  }
  return {
    act: act.act,
    primary: false,
    undoable: act.undoable,
    effect: { code: act.effect, values: {} },
    fields: act.fields.map((field) => ({
      name: field.name,
      kind: field.kind,
      required: field.required,
      ...(field.kind === 'code' ? { codes: ports.law.choices.get(field.list) ?? [] } : {}),
      ...(field.default === '' ? {} : { value: defaults[field.default] ?? field.default }),
      ...(field.kind === 'text' ? { maxLength: maxLengthOf(field) } : {}),
    })),
  }
}

function paperView(ports: CaseworkPorts, mode: StoredMode, paper: PaperToReconcile, found: PaperResult): PaperView {
  const { directory, law } = ports
  const { registered, movement, double, seen } = paper
  const office = directory.nameOf(mode.office)
  const trader = registered === null || registered.declarant === '' ? '' : directory.nameOf(registered.declarant)
  return {
    mrn: paper.mrn,
    state: paper.state,
    result: status(found.result),
    declarant: trader === '' ? null : { id: registered?.declarant ?? '', name: trader },
    lrn: registered?.lrn ?? '',
    at: registered === null ? null : `${registered.at}Z`,
    packages: registered?.packages ?? null,
    grossMass: registered?.grossMass ?? '',
    movement: movement === null ? null : statusOf(law, mode.role, movement.state),
    double: double?.mrn ?? null,
    seen: seen.map((each) => ({
      office: officeView(directory, each.office),
      document: each.document,
      at: `${each.at}Z`,
    })),
    flags: found.flags.map(({ flag, turn, explained }) => ({
      flag,
      turn: { code: turn, party: turn === 'office' ? office : trader },
      explainable: law.fallback.flags.get(flag)?.explainable === true,
      explained: explained === null ? null : { ...explained, by: directory.nameOf(explained.by) },
    })),
    acts: [
      ...(takesDocument(law, { ...paper, mode: modeOf(mode) }, 'CC015C') ? ['enter'] : []),
      ...fallbackActs(law, mode)
        .map(({ act }) => act)
        .filter((act) => law.fallback.paper.find(paper.state, `act:${act}`).some(({ to }) => to !== '=')),
    ],
  }
}
