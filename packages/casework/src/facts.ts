import { dateTimeOf } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import {
  type Event,
  type Facts,
  groups,
  type GuaranteeFacts,
  type Movement,
  NO_RECORD,
  type PaperFacts,
  recordRequests,
  text,
} from '@corridor/procedures'
import { accessCodeMatches, findGuarantees, paperByLrn, paperByMrn } from '@corridor/registry'
import { operatorGroups } from './directory.ts'
import type { CaseworkPorts, GuaranteeRules } from './ports.ts'

/** The facts that need no database. */
export function plainFacts(ports: CaseworkPorts): Facts {
  const { directory } = ports
  const today = localDay(ports)
  return {
    now: dateTimeOf(ports.clock()),
    today,
    party: directory.party,
    country: directory.country,
    mrnBody: ordinaryBody(ports.randomBody(12)),
    office: (reference) => directory.office(reference),
    administration: (country) => directory.administration(country),
    guaranteeOffice: (country) => directory.guaranteeOffice(country),
    hasSystem: (system) => directory.hasSystem(system),
    operator: (id) => {
      const trader = directory.trader(id)
      return trader === undefined ? undefined : operatorGroups(trader)
    },
    authorisations: (id) => directory.trader(id)?.authorisations ?? [],
    serves: (country) => directory.serves(country),
    rate: (currency, day) => rateOn(ports.guaranteeRules?.rates ?? [], currency, day),
    suspendedGoods: (ports.guaranteeRules?.suspendedGoods ?? [])
      .filter((goods) => isOn(goods, today))
      .map(({ commodity }) => commodity),
    guarantees: {},
  }
}

/** MRNs that are reserved for paper begin with F behind the country, and no other does: so none can be given twice. */
const ordinaryBody = (body: string): string => body.replace(/^F/, 'E')

/** The euro is the unit of the rates. */
function rateOn(rates: GuaranteeRules['rates'], currency: string, day: string): string | undefined {
  if (currency === 'EUR') return '1'
  return rates.find((rate) => rate.currency === currency && isOn(rate, day))?.perEuro
}

const isOn = ({ validFrom, validTo }: { validFrom: string; validTo: string | null }, day: string): boolean =>
  validFrom <= day && (validTo === null || day <= validTo)

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
 * The facts for one event; at the office of guarantee what its ledger knows of the guarantees that a document names, or that the movement of
 * an act uses; at departure of those that the record uses, when another office asks for the record.
 */
export async function factsFor(ports: CaseworkPorts, tx: Tx, movement: Movement, event: Event): Promise<Facts> {
  const facts = { ...plainFacts(ports), paper: await paperFor(tx, movement, event) }
  const isRequest =
    event.kind === 'document' && Object.values(recordRequests).some(({ request }) => request === event.type)
  if (movement.role !== 'guarantee' && !isRequest) return facts
  const names = event.kind === 'document' && !isRequest
  const references = names ? groups(event.doc, 'Guarantee.GuaranteeReference') : []
  const codes = new Map(
    references.map((reference) => [text(reference, 'GRN') ?? '', text(reference, 'accessCode') ?? '']),
  )
  const grns = names ? [...codes.keys()] : (movement.data.guarantees ?? []).map(({ grn }) => grn)
  const mrn = event.kind === 'document' ? text(event.doc, 'TransitOperation.MRN') : movement.mrn
  const guarantees: Record<string, GuaranteeFacts> = {}
  for (const guarantee of await findGuarantees(tx, grns, facts.today)) {
    const { grn, holder, type, currency, available, valid, notValidIn, terms, usedBy, digests } = guarantee
    guarantees[grn] = {
      holder,
      type,
      currency,
      available,
      valid,
      notValidIn,
      terms,
      usedBy: usedBy === mrn ? null : usedBy,
      accessCodeMatches: accessCodeMatches(ports.dataKey, grn, codes.get(grn) ?? '', digests),
    }
  }
  return { ...facts, guarantees }
}

/** The paper of a fallback mode behind a movement that the office of departure does not know yet. */
async function paperFor(tx: Tx, { role, state, mrn }: Movement, event: Event): Promise<PaperFacts | undefined> {
  if (role !== 'departure' || state !== NO_RECORD || event.kind !== 'document') return undefined
  if (event.type === 'CC015C') return paperByLrn(tx, event.sender, text(event.doc, 'TransitOperation.LRN') ?? '')
  return mrn === '' ? undefined : paperByMrn(tx, mrn)
}
