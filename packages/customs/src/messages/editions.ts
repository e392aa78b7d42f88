/** Editions of messages side by side: while a new one is brought in, documents of both come in. */
import { CustomsFault } from '../faults.ts'
import { compileMessages, type Messages, type MessageTable, type MessageTexts } from './messages.ts'
import { peek } from './peek.ts'

/** Several editions; each is a folder of tables of its own. */
export interface Editions {
  /** in the order in which they were given, the preferred one first */
  readonly names: readonly string[]
  /** All messages of an edition. Throws `table-reference` for an edition that is not there. */
  of(edition: string): Messages
  get(type: string, edition: string): MessageTable | undefined
  /**
   * The table that should read the bytes, from the first start tag only: of those with that document element and namespace the first whose
   * phases have the document's PhaseID, else the first. undefined when no edition has such a message.
   */
  identify(bytes: Uint8Array): { edition: string; table: MessageTable } | undefined
}

/** Compiles the tables of some editions (`{ P5: …, P6: … }`). Throws what {@link compileMessages} throws, with the edition before it. */
export function compileEditions(texts: Readonly<Record<string, MessageTexts>>): Editions {
  const editions = new Map<string, Messages>()
  for (const [name, edition] of Object.entries(texts)) {
    try {
      editions.set(name, compileMessages(edition))
    } catch (error) {
      if (!(error instanceof CustomsFault)) throw error
      throw new CustomsFault(error.code, `edition ${name}, ${error.message.replace(/^[\w-]+: /, '')}`)
    }
  }
  const of = (edition: string): Messages => {
    const messages = editions.get(edition)
    if (!messages) throw new CustomsFault('table-reference', `there is no edition ${edition}`)
    return messages
  }
  const tables = [...editions].flatMap(([edition, messages]) =>
    messages.types.map((type) => ({ edition, table: messages.get(type)! })),
  )
  return {
    names: [...editions.keys()],
    of,
    get: (type, edition) => of(edition).get(type),
    identify: (bytes) => {
      const said = peek(bytes)
      const fitting = tables.filter(
        ({ table }) => table.root.local === said?.root && table.namespace === said.namespace,
      )
      return (
        fitting.find(({ table }) => said?.phase !== undefined && table.phases.includes(said.phase.trim())) ?? fitting[0]
      )
    },
  }
}
