/** What people do to bring a movement to its end, when nothing else happens any more. */
import { offices } from './corridor.ts'
import type { Pairs } from './pairs.ts'
import type { Path } from './paths.ts'
import type { State, Step, World } from './world.ts'

/** What is needed to choose. */
export interface Settling {
  world: World
  path: Path
  pairs: Pairs
  /** What this movement may have, by the labels of the path. */
  may: ReadonlySet<string>
}

/** How goods arrive where the movement may have it; each paper is written as often as its path says. */
const arrivals = ['paper:arrival-normal', 'paper:arrival', 'paper:arrival-elsewhere']

/** By state at departure: what is done there, by the labels of the path; the first that is possible. */
const atDeparture: Record<string, string[]> = {
  'pre-lodged': ['timer:presentation'],
  accepted: ['departure:release', 'departure:refuse'],
  'guarantee-not-valid': ['departure:refuse'],
  'under-control': ['departure:release', 'departure:refuse'],
  released: ['transit:cross', ...arrivals, 'timer:arrival-limit'],
  crossed: [...arrivals, 'timer:arrival-limit'],
  'invalidation-asked': ['departure:invalidate'],
  discrepancies: ['departure:resolve-discrepancies'],
  'status-asked': ['timer:status-answer', 'timer:recovery'],
  enquiry: ['departure:ask-holder'],
  'holder-asked': ['timer:holder-answer'],
  'enquiry-ended': ['departure:start-recovery'],
  'under-recovery': ['departure:record-payment'],
  'recovery-requested': ['departure:record-payment'],
  'recovery-transferred': ['departure:record-payment'],
}

/** By state at destination: goods that have arrived are dealt with there. */
const atDestination: Record<string, string[]> = {
  arrived: ['destination:permit-unloading', 'destination:record-results'],
  unloading: ['paper:remarks', 'paper:remarks-elsewhere'],
  unloaded: ['destination:record-results'],
}

/**
 * The next step to the end: what is on its way is delivered, then goods that arrived are dealt with, then the office of departure goes on.
 * @returns undefined when there is none, which is the end
 */
export function settlingStep({ world, path, pairs, may }: Settling, state: State): Step | undefined {
  for (const last of [false, true])
    for (const letter of new Set(state.flight)) {
      const step: Step = { kind: 'deliver', letter, copy: false, ...(last ? { last } : {}) }
      if (!world.take(state, step).waits) return step
    }
  for (const [place, { role }] of offices.entries())
    if (role === 'destination')
      for (const label of atDestination[world.stateAt(state, place)] ?? []) {
        const step = possible({ world, path }, state, label, place)
        if (step !== undefined) return step
      }
  const departure = world.stateAt(state, 0)
  if (pairs.isEnd(departure)) return undefined
  for (const label of atDeparture[departure] ?? []) {
    if (arrivals.includes(label) && !may.has(label)) continue
    const step = possible({ world, path }, state, label, undefined)
    if (step !== undefined) return step
  }
  return undefined
}

/** The move with this label, where it is possible; remarks only of the trader whose goods wait. */
function possible(
  { world, path }: Pick<Settling, 'world' | 'path'>,
  state: State,
  label: string,
  at: number | undefined,
): Step | undefined {
  const move = path.may.findIndex((each) => each.label === label)
  const found = path.may[move]
  if (found === undefined) return undefined
  if (label.startsWith('paper:remarks') && at !== undefined) {
    const isElsewhere = offices[at]?.reference !== 'XK000301'
    if (label.endsWith('elsewhere') !== isElsewhere) return undefined
    return { kind: 'move', move, place: 0 }
  }
  // Done as often as it may be: it did not help, and the next thing is tried.
  if ((arrivals.includes(label) || label === 'departure:release') && (state.left[move] ?? 0) === 0) return undefined
  const place = world.placesFor(state, found).find((each) => at === undefined || each === at)
  return place === undefined ? undefined : { kind: 'move', move, place }
}
