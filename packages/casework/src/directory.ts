import type { Doc } from '@corridor/customs'
import type { Role, System } from '@corridor/procedures'

/** A customs office as the corridor knows it. */
export interface Office {
  reference: string
  name: string
  country: string
  /** Party id of its administration. */
  party: string
  roles: Role[]
}

/** A trader that one of the administrations has registered. */
export interface Trader {
  id: string
  name: string
  address: { streetAndNumber: string; postcode?: string; city: string; country: string }
  /** Codes of CL235 and CL236: C521, C522 … */
  authorisations: string[]
}

/** Who is who in this corridor, as this node knows it. */
export interface Directory {
  /** This node's administration. */
  party: string
  country: string
  office(reference: string): Office | undefined
  /** Our own offices that have a role. */
  ownOffices(role: Role): Office[]
  /** Party id of the administration of a country that takes part. */
  administration(country: string): string | undefined
  /** The other administrations of the corridor. */
  partners(): { country: string; party: string }[]
  /** The office that keeps a guarantee of a country, if guarantees of that country can be used for movements that start here. */
  guaranteeOffice(country: string): string | undefined
  /** Whether guarantees that are kept here may be used for movements that start in a country. */
  serves(country: string): boolean
  trader(id: string): Trader | undefined
  /** Whether our administration has an outside system. */
  hasSystem(system: System): boolean
  /** A name for a party id, an office reference or a trader's number; the id itself when nobody has it. */
  nameOf(id: string): string
}

/**
 * How far a guarantee reaches: `national`, for movements that start in the country where it is kept; `mutual`, in any country of the
 * corridor; or one regional office that keeps all guarantees.
 */
export type GuaranteeReach = 'national' | 'mutual' | { regional: string }

/** Makes a directory from lists. `parties` maps party ids to names. */
export function createDirectory(lists: {
  party: string
  country: string
  offices: Office[]
  traders: Trader[]
  /** The outside systems of this node; none unless told. */
  systems?: readonly System[]
  parties: Record<string, string>
  guarantees: GuaranteeReach
  /** An operator whom an administration publishes: he counts for more than one of `traders`. */
  operator?: (id: string) => Trader | undefined
  /** what published reference data calls an office that is not one of these */
  officeName?: (reference: string) => string | undefined
}): Directory {
  const offices = new Map(lists.offices.map((office) => [office.reference, office]))
  const traders = new Map(lists.traders.map((trader) => [trader.id, trader]))
  const reach = lists.guarantees
  const guarantee = new Map(
    lists.offices
      .filter((office) => office.roles.includes('guarantee'))
      .map((office) => [office.country, office.reference]),
  )
  const trader = (id: string): Trader | undefined => lists.operator?.(id) ?? traders.get(id)
  return {
    party: lists.party,
    country: lists.country,
    office: (reference) => offices.get(reference),
    ownOffices: (role) => lists.offices.filter((office) => office.party === lists.party && office.roles.includes(role)),
    administration: (country) => lists.offices.find((office) => office.country === country)?.party,
    partners: () => {
      const parties = new Map(lists.offices.map(({ country, party }) => [country, party]))
      parties.delete(lists.country)
      return [...parties].map(([country, party]) => ({ country, party }))
    },
    guaranteeOffice: (country) => {
      if (typeof reach === 'object') return reach.regional
      return reach === 'mutual' || country === lists.country ? guarantee.get(country) : undefined
    },
    serves: (country) => reach !== 'national' || country === lists.country,
    trader,
    hasSystem: (system) => (lists.systems ?? []).includes(system),
    nameOf: (id) => offices.get(id)?.name ?? trader(id)?.name ?? lists.parties[id] ?? (lists.officeName?.(id) || id),
  }
}

/** Name and address of a trader in the form of a document's groups. */
export function operatorGroups(trader: Trader): Doc {
  const { streetAndNumber, postcode, city, country } = trader.address
  return {
    name: trader.name,
    Address: { streetAndNumber, ...(postcode === undefined ? {} : { postcode }), city, country },
  }
}
