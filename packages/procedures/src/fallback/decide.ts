import { isMrn } from '@corridor/customs'
import { eventName } from '../decide.ts'
import { type Machine, type MachineRow, NO_RECORD } from '../machine.ts'
import type { Act, Law } from '../types.ts'
import { fallbackEffects, type Made, paperEffects } from './does.ts'
import { fallbackGuards, latestPaper } from './guards.ts'
import type { FallbackChange, FallbackContext, FallbackDecision, FallbackMode, PaperFacts } from './types.ts'

/** In DOES: what the paper that the act names does is a row of the paper machine. */
const onPaper = 'on-paper'
/** In DOES: what each paper of the mode does is a row of the paper machine, where there is one. */
const eachPaper = 'each-paper'

/**
 * Decides what an officer's act does to a fallback mode and to one of its papers. Pure, as {@link decide} is. An act that no row answers is
 * a conflict; one that a row refuses says why.
 */
export function decideFallback(context: FallbackContext): FallbackDecision {
  const { law, mode, paper } = context
  const row = rowFor(context, law.fallback.machine, mode.state)
  if (row === undefined) return { outcome: 'conflict', state: mode.state }
  const state = row.to === '=' ? mode.state : row.to
  const changes: FallbackChange[] = []
  let detail = ''
  for (const name of row.does) {
    if (name.startsWith('refuse:')) return refused(context, name)
    if (name === onPaper) {
      const bad = unknownPaper(context)
      if (bad !== undefined) return refused(context, `refuse:${bad}`)
      const state = paper?.state ?? NO_RECORD
      const paperRow = rowFor(context, law.fallback.paper, state)
      const why = paperRow?.does.find((effect) => effect.startsWith('refuse:'))
      if (paperRow === undefined) return { outcome: 'conflict', state }
      if (why !== undefined) return refused(context, why)
      const made = onePaper(context, paperRow)
      changes.push(...made.changes)
      detail = made.detail ?? detail
      continue
    }
    if (name === eachPaper) {
      const all = context.facts.papers.map((each) => {
        const about = { ...context, paper: each }
        return onePaper(about, rowFor(about, law.fallback.paper, each.state))
      })
      changes.push(...all.flatMap((made) => made.changes))
      detail = all.flatMap((made) => made.detail ?? []).join(', ')
      continue
    }
    const made = fallbackEffects[name]?.(context)
    changes.push(...(made?.changes ?? []))
    detail = made?.detail ?? detail
  }
  if (tooMany(context, changes)) return refused(context, 'refuse:F18')
  return { outcome: 'moved', state, changes, event: row.event, detail }
}

/** The acts that a role may do on a mode in a state; with `-`, what may make a new one. */
export function fallbackActs(law: Law, { role, state }: Pick<FallbackMode, 'role' | 'state'>): Act[] {
  return law.fallback.acts.filter(
    (act) => act.role === role && law.fallback.machine.find(state, `act:${act.act}`).length > 0,
  )
}

/** Whether a document about the movement behind a paper is taken: the mode and the paper both have a row for it. */
export function takesDocument(law: Law, paper: PaperFacts | undefined, document: string): boolean {
  if (paper === undefined) return false
  const { machine, paper: papers } = law.fallback
  return machine.find(paper.mode.state, document).length > 0 && papers.find(paper.state, document).length > 0
}

/** What a row of the paper machine does to the paper of the context. */
function onePaper(context: FallbackContext, row: MachineRow | undefined): Made {
  const all = (row?.does ?? []).flatMap((name) => {
    const [effect = '', argument = ''] = name.split(':')
    return paperEffects[effect]?.(context, row?.to ?? '=', argument) ?? []
  })
  const detail = all.findLast((made) => made.detail !== undefined)?.detail
  return { changes: all.flatMap(({ changes }) => changes), ...(detail === undefined ? {} : { detail }) }
}

function rowFor(context: FallbackContext, machine: Machine, state: string): MachineRow | undefined {
  return machine.find(state, eventName(context.event)).find((row) => fallbackGuards[row.guard]?.(context) === true)
}

/** An arrival on paper brings its own MRN; any other paper is one of the mode. */
function unknownPaper({ event, paper }: FallbackContext): string | undefined {
  if (event.act === 'note-arrival') return isMrn(event.fields['mrn'] ?? '') ? undefined : 'F17'
  return paper === undefined || paper.state === NO_RECORD ? 'F16' : undefined
}

function tooMany({ facts }: FallbackContext, changes: readonly FallbackChange[]): boolean {
  const more = changes.reduce((sum, change) => sum + (change.do === 'reserve' ? change.count : 0), 0)
  return more > 0 && facts.results.length + more > facts.most
}

function refused({ mode, facts }: FallbackContext, effect: string): FallbackDecision {
  const latest = latestPaper(facts)
  const flagged = facts.results.filter(({ result }) => result === 'flagged' || result === 'open')
  return {
    outcome: 'refused',
    id: effect.slice('refuse:'.length),
    values: {
      prepared: facts.prepared ?? '',
      open: facts.open ?? '',
      began: mode.beganAt ?? '',
      latest: latest?.mrn ?? '',
      latestAt: latest?.registered?.at ?? '',
      other: facts.sameLrn ?? '',
      most: String(facts.most),
      flagged: flagged.map(({ mrn, flags }) => [mrn, ...flags.map(({ flag }) => flag)].join(' ')).join(', '),
    },
  }
}
