/** Documents of the transit procedure that the national system hands over: a declaration that was lodged there, and what follows it. */
import type { Finding } from '@corridor/customs'
import { isUniqueViolation, type Tx } from '@corridor/database'
import { text } from '@corridor/procedures'
import { type declared, national } from '@corridor/registry'
import type { DeclarationSource } from '../declarations/take.ts'
import type { CaseworkPorts } from '../ports.ts'
import { submitFor } from '../trader.ts'

/** What became of it. `again`: it is here already. `wrong`: it can never be taken as it is. */
export type TransitOutcome =
  | { readonly kind: 'accepted' | 'again' }
  | { readonly kind: 'wrong'; readonly findings: readonly declared.DeclarationFinding[] }

/** What must have happened at the system to a declaration for these; to any other it is `released`. */
const eventsOf: Readonly<Record<string, string>> = { CC013C: 'amended', CC014C: 'cancelled' }

/** Most that is told of one document: who reads it mends the first ones. */
const mostTold = 100

/** A trader’s identification number; nothing of this form is the name of an outside system. */
const traderForm = /^[A-Z]{2}[A-Z0-9]{1,15}$/

/** Whether a document is one of the procedure, by its first element. */
export const isTransitDocument = ({ law }: Pick<CaseworkPorts, 'law'>, bytes: Uint8Array): boolean =>
  law.messages.identify(bytes).type !== undefined

/**
 * Commits a document to the inbox as that of the trader whom its header names: the system is the administration's own, and knows its traders. What
 * cannot be read, or is none of a trader about a movement, stays at the system; what breaks a rule is refused by a document of the procedure,
 * which the system gets as a result.
 * @param source `id`: the same however often it is handed, and it takes effect once
 * @param declaration number at the system
 */
export async function takeTransitDocument(
  ports: CaseworkPorts,
  source: DeclarationSource,
  declaration: string,
  bytes: Uint8Array,
): Promise<TransitOutcome> {
  const { type, root } = ports.law.messages.identify(bytes)
  const route = type === undefined ? undefined : ports.law.routes.get(type)
  if (type === undefined || route?.sender !== 'trader' || route.key === 'grn') {
    const known = [...ports.law.routes.values()].filter(({ sender, key }) => sender === 'trader' && key !== 'grn')
    return wrong({
      rule: 'document',
      path: root === undefined ? '/' : `/${root}`,
      value: type ?? '',
      text: 'This is no document of a trader about a movement.',
      remedy: `Hand over one of ${known.map(({ document }) => document).join(', ')}.`,
    })
  }
  const event = eventsOf[type] ?? 'released'
  if (source.event !== event)
    return wrong({
      rule: 'event',
      path: `/${root}`,
      value: source.event,
      text: `A ${type} is not what follows when a declaration is ${source.event}.`,
      remedy: `Hand it over as ${event}; for what is amended hand over a CC013C, for what is cancelled a CC014C.`,
    })
  const { document, findings } = ports.law.messages.get(type)!.read(bytes)
  if (document === undefined || findings.length > 0)
    return { kind: 'wrong', findings: findings.slice(0, mostTold).map(toldOf) }
  const trader = text(document, 'messageSender') ?? ''
  if (!traderForm.test(trader))
    return wrong({
      rule: 'trader',
      path: `/${root}/messageSender`,
      value: trader,
      text: 'It does not say whose document it is.',
      remedy:
        'Give the identification number of the trader as messageSender: two letters of the country, then letters and digits.',
    })
  const take = (tx: Tx) => takeOnce(ports, tx, { source, declaration, trader, bytes, ...referencesOf(document) })
  try {
    return await ports.db.transaction(take)
  } catch (error) {
    // Handed over twice at the same moment: now it is there.
    if (!isUniqueViolation(error)) throw error
    return ports.db.transaction(take)
  }
}

const referencesOf = (document: Parameters<typeof text>[0]): { lrn: string | null; mrn: string | null } => ({
  lrn: text(document, 'TransitOperation.LRN') ?? null,
  mrn: text(document, 'TransitOperation.MRN') ?? null,
})

async function takeOnce(
  ports: CaseworkPorts,
  tx: Tx,
  taking: {
    source: DeclarationSource
    declaration: string
    trader: string
    bytes: Uint8Array
    lrn: string | null
    mrn: string | null
  },
): Promise<TransitOutcome> {
  const { source, bytes, ...about } = taking
  if (await national.wasHanded(tx, source.id)) return { kind: 'again' }
  const { messageId } = await submitFor(ports, tx, about.trader, bytes)
  await national.noteHanded(tx, { handed: source.id, messageId, ...about }, ports.clock())
  return { kind: 'accepted' }
}

const wrong = (finding: declared.DeclarationFinding): TransitOutcome => ({ kind: 'wrong', findings: [finding] })

function toldOf({ rule, path, line, value = '', text: words, remedy }: Finding): declared.DeclarationFinding {
  return { rule, path: line === undefined ? path : `${path} (line ${line})`, value, text: words, remedy }
}
