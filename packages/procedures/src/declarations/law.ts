/** What becomes of declarations of which two administrations have data: a table, and why data are refused. */
import { ProcedureFault } from '../faults.ts'
import { NO_RECORD } from '../machine.ts'
import { rowsOf } from '../tsv.ts'

/** Whose declaration it is, as seen from a node. */
export type DeclarationSide = 'export' | 'partner-export' | 'import' | 'partner-import'

/** Where a declaration stands; the words of a state are `declaration.state.<state>` on screens. */
export type DeclarationState =
  | 'sent'
  | 'taken'
  | 'refused'
  | 'lodged'
  | 'withdrawn'
  | 'draft'
  | 'accepted'
  | 'told'
  | 'waiting'
  | 'ended'

/** What happens to one. */
export type DeclarationEvent =
  | 'released'
  | 'withdrawn'
  | 'taken'
  | 'refused'
  | 'import-lodged'
  | 'import-withdrawn'
  | 'lodged'
  | 'accepted'
  | 'kept-back'
  | 'share-over'

/** Where an event leads, and what the journal calls it. */
export interface DeclarationStep {
  readonly to: DeclarationState
  readonly event: string
}

/** Why data are refused. */
export interface DeclarationRefusal {
  readonly id: string
  /** of the block */
  readonly path: string
  readonly text: string
  readonly remedy: string
}

/** The tables, compiled. */
export interface DeclarationLaw {
  readonly rows: readonly (DeclarationStep & { side: DeclarationSide; from: string; on: DeclarationEvent })[]
  /** Undefined when no row answers. @param state undefined: not known here */
  step(side: DeclarationSide, state: DeclarationState | undefined, on: DeclarationEvent): DeclarationStep | undefined
  /** Throws ProcedureFault for an id that the table does not have. */
  refusal(id: string): DeclarationRefusal
}

export const declarationSides: readonly DeclarationSide[] = ['export', 'partner-export', 'import', 'partner-import']
export const declarationStates: readonly DeclarationState[] = [
  'sent',
  'taken',
  'refused',
  'lodged',
  'withdrawn',
  'draft',
  'accepted',
  'told',
  'waiting',
  'ended',
]
const events = new Set<DeclarationEvent>([
  'released',
  'withdrawn',
  'taken',
  'refused',
  'import-lodged',
  'import-withdrawn',
  'lodged',
  'accepted',
  'kept-back',
  'share-over',
])

/** Compiles the tables. Throws ProcedureFault TABLE with what does not fit. */
export function compileDeclarationLaw(texts: { machine: string; refusals: string }): DeclarationLaw {
  const name = 'declarations/declaration.machine.tsv'
  const rows = rowsOf(texts.machine, name).flatMap((row) =>
    (row['from'] ?? '').split('|').map((from) => {
      const [side, on, event] = [row['side'], row['on'], row['event']] as [DeclarationSide, DeclarationEvent, string]
      const to = (row['to'] === '=' ? from : row['to']) as DeclarationState
      const isKnown =
        declarationSides.includes(side) &&
        events.has(on) &&
        declarationStates.includes(to) &&
        (from === NO_RECORD || (declarationStates as readonly string[]).includes(from)) &&
        event !== ''
      if (!isKnown) throw new ProcedureFault('TABLE', `${name}: ${side} ${from} ${on} ${to}`)
      return { side, from, on, to, event }
    }),
  )
  const steps = new Map(rows.map((row) => [`${row.side} ${row.from} ${row.on}`, row]))
  if (steps.size < rows.length) throw new ProcedureFault('TABLE', `${name}: two rows for one state and event`)
  const refusals = new Map(
    rowsOf(texts.refusals, 'declarations/refusals.tsv').map((row) => {
      const [id = '', path = '', text = '', remedy = ''] = [row['id'], row['path'], row['text'], row['remedy']]
      return [id, { id, path, text, remedy }]
    }),
  )
  return {
    rows,
    step: (side, state, on) => steps.get(`${side} ${state ?? NO_RECORD} ${on}`),
    refusal: (id) => {
      const refusal = refusals.get(id)
      if (refusal === undefined) throw new ProcedureFault('TABLE', `declarations/refusals.tsv: there is no ${id}`)
      return refusal
    },
  }
}
