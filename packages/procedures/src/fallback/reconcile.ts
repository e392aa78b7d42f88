import { compareAmounts } from '@corridor/customs'
import type { Law } from '../types.ts'
import type { FallbackMode, PaperResult, PaperToReconcile } from './types.ts'

type Flagging = (paper: PaperToReconcile, mode: FallbackMode) => boolean

const isOver = (state: string): boolean => state === 'invalidated' || state === 'not-released'
const hasEnded = ({ state }: FallbackMode): boolean => state === 'ended' || state === 'closed'

/** When each flag of fallback/flags.tsv is raised. */
export const flaggings: Record<string, Flagging> = {
  'not-accounted': ({ state }, mode) => state === 'reserved' && hasEnded(mode),
  'not-entered': ({ state, seen }, mode) => state === 'issued' && seen.length === 0 && hasEnded(mode),
  // Once one of the two is invalidated, the other is the movement.
  double: ({ state, double, movement }) =>
    double !== null && !isOver(double.state) && state !== 'returned' && !(movement !== null && isOver(movement.state)),
  'seen-not-entered': ({ state, seen }) => (state === 'issued' || state === 'reserved') && seen.length > 0,
  'seen-after-return': ({ state, seen }) => state === 'returned' && seen.length > 0,
  'not-secured': ({ movement }) => movement !== null && movement.refused,
  'differs-from-register': (paper) => paper.state === 'entered' && differs(paper),
  'differs-at-arrival': ({ movement }) => movement !== null && /^[BC]/.test(movement.result),
  'arrival-not-entered': ({ state, movement }, mode) =>
    state === 'noted' && hasEnded(mode) && !(movement !== null && movement.arrived),
  'arrival-differs': (paper) => paper.state === 'noted' && differs(paper),
}

/** What is written on the paper and what is declared are not the same. */
function differs({ registered, movement }: PaperToReconcile): boolean {
  if (registered === null || movement === null) return false
  const { packages, grossMass } = registered
  const masses = [grossMass, movement.grossMass].map((mass) => (mass === '' ? undefined : mass))
  const [onPaper, declared] = masses
  const sameMass = onPaper === undefined || declared === undefined || compareAmounts(onPaper, declared) === 0
  return packages !== movement.packages || !sameMass
}

/**
 * Compares every paper of a fallback mode with what the systems know since: each is unused, returned or matched, or it is flagged with who
 * must act. Pure: the same papers give the same findings, so a flag goes away by itself when what it says is no longer so.
 */
export function reconcile(law: Law, mode: FallbackMode, papers: readonly PaperToReconcile[]): PaperResult[] {
  return papers.map((paper) => {
    const flags = [...law.fallback.flags]
      .filter(([flag]) => flaggings[flag]?.(paper, mode) === true)
      .map(([flag, { turn }]) => ({ flag, turn, explained: paper.explained[flag] ?? null }))
    return { mrn: paper.mrn, result: resultOf(paper, flags), flags }
  })
}

function resultOf(paper: PaperToReconcile, flags: PaperResult['flags']): PaperResult['result'] {
  if (flags.some(({ explained }) => explained === null)) return 'flagged'
  if (flags.length > 0) return 'settled'
  if (paper.state === 'returned') return 'returned'
  if (paper.state === 'reserved') return 'unused'
  const isMatched = paper.state === 'entered' || (paper.state === 'noted' && paper.movement?.arrived === true)
  return isMatched ? 'matched' : 'open'
}
