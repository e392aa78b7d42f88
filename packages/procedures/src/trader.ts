/** The trader's view: the state of a movement as the documents in a mailbox tell it. */
import type { Doc } from '@corridor/customs'
import { ProcedureFault } from './faults.ts'
import { compileMachine, type Machine, NO_RECORD } from './machine.ts'
import { text } from './read.ts'
import type { Law } from './types.ts'

const file = 'transit/trader.machine.tsv'

/** Questions about the one document that came: a trader knows nothing else. */
const guards: Record<string, (doc: Doc) => boolean> = {
  always: () => true,
  'decided-yes': (doc) => text(doc, 'Invalidation.decision') === '1',
}

/** Compiles the table. @throws ProcedureFault TABLE, UNKNOWN_GUARD, UNKNOWN_DOES */
export function compileTrader(table: string, isMessage: (type: string) => boolean): Machine {
  const machine = compileMachine(file, table, { guards: new Set(Object.keys(guards)), does: new Set() })
  const strange = machine.events.find((type) => !isMessage(type))
  if (strange !== undefined) throw new ProcedureFault('TABLE', `${file}: ${strange} has no message table`)
  return machine
}

/** The state after the documents that a trader got about one movement, oldest first; `-` before the first. */
export function traderState(law: Pick<Law, 'trader'>, documents: readonly { type: string; doc: Doc }[]): string {
  return documents.reduce((state, { type, doc }) => {
    const row = law.trader.find(state, type).find(({ guard }) => guards[guard]?.(doc))
    return row === undefined || row.to === '=' ? state : row.to
  }, NO_RECORD)
}
