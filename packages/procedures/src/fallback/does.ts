import { rejectedRecord } from '../does/diversion.ts'
import { momentIn } from './guards.ts'
import type { FallbackChange, FallbackContext } from './types.ts'

/** What an effect makes, with words for the journal. */
export interface Made {
  changes: FallbackChange[]
  detail?: string
}

/** The moment as the officer wrote it. */
const wallIn = ({ event }: FallbackContext): string => `${event.fields['date'] ?? ''} ${event.fields['time'] ?? ''}`

/** The effects that rows of the fallback machine may name; those of a paper are under {@link paperEffects}. */
export const fallbackEffects: Record<string, (context: FallbackContext) => Made> = {
  none: () => ({ changes: [] }),
  reserve: ({ event }) => {
    const count = event.fields['count'] ?? '0'
    return { changes: [{ do: 'reserve', count: Number(count) }], detail: count }
  },
  // At an office of destination nothing leaves, so no numbers are needed.
  'reserve-usual': ({ mode, facts }) =>
    mode.role === 'departure' ? { changes: [{ do: 'reserve', count: facts.block }] } : { changes: [] },
  begin: (context) => {
    const { reason = '', note: text = '' } = context.event.fields
    return {
      changes: [{ do: 'begin', at: momentIn(context), reason, text }],
      detail: `${wallIn(context)} ${text}`.trim(),
    }
  },
  end: (context) => ({ changes: [{ do: 'end', at: momentIn(context) }], detail: wallIn(context) }),
  'return-unused': ({ event }) => ({
    changes: [{ do: 'return-unused' }],
    detail: event.fields['note'] ?? event.fields['why'] ?? '',
  }),
  explain: ({ event }) => {
    const { mrn = '', flag = '', why: text = '' } = event.fields
    return { changes: [{ do: 'explain', mrn, flag, text }], detail: `${mrn} ${flag}: ${text}` }
  },
}

/** The effects of rows of the paper machine for acts: `to` is the state that the row leads to, the argument stands behind the colon. */
export const paperEffects: Record<string, (context: FallbackContext, to: string, argument: string) => Made> = {
  register: (context, to) => {
    const { mrn = '', declarant = '', lrn = '', date = '', packages = '0', grossMass = '' } = context.event.fields
    const registered = { declarant, lrn, at: momentIn(context), day: date, packages: Number(packages), grossMass }
    return { changes: [{ do: 'paper', mrn, state: to, registered }], detail: [mrn, declarant, lrn].join(' ').trim() }
  },
  void: ({ event }, to) => {
    const { mrn = '', why: text = '' } = event.fields
    return { changes: [{ do: 'paper', mrn, state: to }], detail: `${mrn}: ${text}` }
  },
  /** `refuse-seen:<code>` of the list record-rejection (results.tsv): the offices that asked wait for an answer that will not come. */
  'refuse-seen': ({ paper }, _to, code) => {
    const { mrn = '', seen = [] } = paper ?? {}
    const send = seen.flatMap((asked) => rejectedRecord(mrn, asked, code))
    if (send.length === 0) return { changes: [] }
    const detail = seen.map(({ document, office }) => `${mrn} ${document} ${office} ${code}`).join(', ')
    return { changes: [{ do: 'send', mrn, send }], detail }
  },
}

/** What rows say that a document does; the machine of the office of departure does it ({@link PaperNote}). */
export const paperDocumentEffects: readonly string[] = ['enter', 'see']
