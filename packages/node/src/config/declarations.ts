import { type DeclarationAgreement, usualTolerance } from '@corridor/casework'
import type { MirrorFacts } from '@corridor/declarations'
import { NodeFault } from '../faults.ts'
import type { Checked } from './checked.ts'
import type { Corridor } from './corridor.ts'

/** What two nodes agreed on about declaration data. */
export interface CorridorDeclarations extends Omit<DeclarationAgreement, 'edition' | 'purpose'> {
  between: [string, string]
  /** Edition of the utility block; null: the newest of this program. */
  edition: string | null
  /** What the exchange rests on, for people. */
  basis: string
  /** Purpose of the share without which no export goes; null: exports go by themselves. */
  share: string | null
}

/** One member of the section `declarations`. @throws NodeFault CORRIDOR_FILE */
export function declarationsFrom(agreed: Checked): CorridorDeclarations {
  const [one, other, ...more] = agreed.texts('between', /^[a-z][a-z0-9-]*$/)
  if (one === undefined || other === undefined || more.length > 0 || one === other)
    return agreed.refuse('between', 'an agreement is between two nodes')
  return {
    between: [one, other],
    edition: agreed.has('edition') ? agreed.text('edition', /^\d{1,2}\.\d{1,2}$/) : null,
    tells: agreed.has('tells')
      ? (agreed.text('tells', /^(nothing|state|import)$/) as DeclarationAgreement['tells'])
      : 'state',
    basis: agreed.text('basis'),
    share: shareFrom(agreed),
  }
}

/** `share: { purpose: Import declarations begin from export declarations }` */
function shareFrom(agreed: Checked): string | null {
  const told = agreed.optionalGroup('share')
  return told === null ? null : told.text('purpose', (text) => text.trim() !== '' && text.length <= 500)
}

/** `mirror: { currency: USD, massPercent: '2', valuePercent: '5', travelDays: 20, rates: [{ currency: AFN, perUnit: '70' }] }` of a node. */
export function mirrorFrom(told: Checked | null): Omit<MirrorFacts, 'day'> {
  if (told === null) return { currency: 'EUR', rates: [], tolerance: usualTolerance }
  const percent = (name: 'massPercent' | 'valuePercent'): string =>
    told.has(name) ? told.text(name, /^\d{1,3}(\.\d{1,2})?$/) : usualTolerance[name]
  return {
    currency: told.text('currency', /^[A-Z]{3}$/),
    rates: told.optionalList('rates').map((rate) => ({
      currency: rate.text('currency', /^[A-Z]{3}$/),
      perUnit: rate.text('perUnit', (text) => /^\d{1,9}(\.\d{1,6})?$/.test(text) && Number(text) > 0),
      ...(rate.has('validFrom') && { validFrom: rate.text('validFrom', /^\d{4}-\d\d-\d\d$/) }),
      ...(rate.has('validTo') && { validTo: rate.text('validTo', /^\d{4}-\d\d-\d\d$/) }),
    })),
    tolerance: {
      massPercent: percent('massPercent'),
      valuePercent: percent('valuePercent'),
      travelDays: told.has('travelDays') ? told.number('travelDays', 0, 365) : usualTolerance.travelDays,
    },
  }
}

/** Which part of declaration data another agency gets. */
export interface CorridorSubscription {
  /** Beginnings of commodity codes; none: all goods. */
  commodities: string[]
  /** Elements of the utility block, each with all below it. */
  elements: string[]
}

/** `subscribes: { commodities: ['30'], elements: [Declaration/Exporter] }` of an account with the role `agency`; null of any other. */
export function subscriptionFrom(account: Checked): CorridorSubscription | null {
  const told = account.optionalGroup('subscribes')
  if (told === null) return null
  const commodities = told.optionalTexts('commodities')
  return {
    commodities: commodities.length === 0 ? [] : told.texts('commodities', /^\d{2,10}$/),
    elements: told.texts('elements', /^[A-Z][A-Za-z]*(\/[A-Z][A-Za-z]*)*$/),
  }
}

/** An agreement is between nodes that are linked, once; an agency says which part it gets. @throws NodeFault CORRIDOR_FILE */
export function crossCheckDeclarations({ declarations, links, nodes }: Corridor): void {
  const wrong = (what: string): never => {
    throw new NodeFault('CORRIDOR_FILE', `corridor.yaml: ${what}`)
  }
  const seen = new Set<string>()
  for (const { between, share } of declarations) {
    const name = between.toSorted().join(' and ')
    if (seen.has(name)) wrong(`declarations: ${name} are there twice`)
    seen.add(name)
    const link = links.find((each) => between.every((one) => each.between.includes(one)))
    if (link === undefined) wrong(`declarations: there is no link between ${name}`)
    if (share !== null && link?.kind !== 'cloud')
      wrong(`declarations: ${name} have shares only where a link of kind cloud connects them`)
  }
  for (const { id, role, subscription } of nodes.flatMap(({ accounts }) => accounts))
    if ((role === 'agency') !== (subscription !== null))
      wrong(`account ${id}: an agency, and nobody else, says in “subscribes” which part of declaration data it gets`)
}
