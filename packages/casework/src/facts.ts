import { dateTimeOf } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import {
  type Event,
  type Facts,
  groups,
  type GuaranteeFacts,
  isFor,
  type Movement,
  recordRequests,
  text,
  texts,
} from '@corridor/procedures'
import { accessCodeMatches, findGuarantees } from '@corridor/registry'
import { operatorGroups } from './directory.ts'
import type { CaseworkPorts } from './ports.ts'

/** The facts that need no database. */
export function plainFacts(ports: CaseworkPorts): Facts {
  const { directory } = ports
  return {
    now: dateTimeOf(ports.clock()),
    today: localDay(ports),
    party: directory.party,
    country: directory.country,
    mrnBody: ports.randomBody(12),
    office: (reference) => directory.office(reference),
    administration: (country) => directory.administration(country),
    guaranteeOffice: (country) => directory.guaranteeOffice(country),
    operator: (id) => {
      const trader = directory.trader(id)
      return trader === undefined ? undefined : operatorGroups(trader)
    },
    authorisations: (id) => directory.trader(id)?.authorisations ?? [],
    guarantees: {},
  }
}

/** The day where this node's offices are: the law counts in days on the wall, and only the moments in documents are in UTC. */
export function localDay({ clock, timeZone }: Pick<CaseworkPorts, 'clock' | 'timeZone'>): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timeZone ?? 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(clock())
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}`
}

/**
 * The facts for one event: what our ledger knows of the guarantees that it names to an office of guarantee, or that the record uses when
 * another office asks for the record.
 */
export async function factsFor(ports: CaseworkPorts, tx: Tx, event: Event, movement?: Movement): Promise<Facts> {
  const facts = plainFacts(ports)
  if (event.kind !== 'document') return facts
  const isRequest = Object.values(recordRequests).some(({ request }) => request === event.type)
  if (!isRequest && !isFor(ports.law, event.type, 'guarantee')) return facts
  const references = groups(event.doc, 'Guarantee.GuaranteeReference')
  const grns = isRequest
    ? (movement?.data.guarantees ?? []).map((use) => use.grn)
    : texts(event.doc, 'Guarantee.GuaranteeReference.GRN')
  const codes = new Map(
    references.map((reference) => [text(reference, 'GRN') ?? '', text(reference, 'accessCode') ?? '']),
  )
  const known = await findGuarantees(tx, grns, facts.today)
  const guarantees: Record<string, GuaranteeFacts> = {}
  for (const guarantee of known) {
    guarantees[guarantee.grn] = {
      holder: guarantee.holder,
      type: guarantee.type,
      currency: guarantee.currency,
      available: guarantee.available,
      valid: guarantee.valid,
      notValidIn: guarantee.notValidIn,
      accessCodeMatches: accessCodeMatches(
        ports.dataKey,
        guarantee.grn,
        codes.get(guarantee.grn) ?? '',
        guarantee.accessCodeDigest,
      ),
    }
  }
  return { ...facts, guarantees }
}
