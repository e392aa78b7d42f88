/** The corridor that is explored: Albania and Kosovo with two offices in each role on the way, and a guarantee on each side. */
import { overlayCodeLists } from '@corridor/customs'
import type { Facts, GuaranteeFacts, Role } from '@corridor/procedures'
import { type CompiledLaw, loadLaw, type TableFolders } from '@corridor/tables'
import type { Balances } from './ledger.ts'

export const folder = new URL('../../../corridors/albania-kosovo/', import.meta.url)

export const declarant = 'ALL12345678A'
export const consignee = 'XK810123456'
export const lrn = 'LRN1'

/** Everything happens at one moment, so that records that differ in nothing but time are one. */
export const now = '2026-11-24T14:00:00'
export const today = now.slice(0, 10)

/** An office with the role in which it keeps records. */
export interface Office {
  reference: string
  role: Role
}

/** The first of each role is declared; the others are where goods may turn up. */
export const offices: readonly Office[] = [
  { reference: 'AL000101', role: 'departure' },
  { reference: 'XK000201', role: 'transit' },
  { reference: 'XK000202', role: 'transit' },
  { reference: 'XK000203', role: 'exit' },
  { reference: 'XK000204', role: 'exit' },
  { reference: 'XK000301', role: 'destination' },
  { reference: 'XK000302', role: 'destination' },
  { reference: 'AL000901', role: 'guarantee' },
  { reference: 'XK000901', role: 'guarantee' },
]

export const partyOf = (reference: string): string => `NTA.${reference.slice(0, 2)}`

const known = new Map(
  offices.map(({ reference }) => [reference, { country: reference.slice(0, 2), party: partyOf(reference) }]),
)

/** What each guarantee is good for, in euros: one is kept in each country. */
export const references: Readonly<Record<string, string>> = {
  '26AL0009010000019': '10000.00',
  '26XK0009010000019': '10000.00',
}

/** The corridor's law, with the offices that its own lists do not have. @param folders where the tables lie, when not in this repository */
export function loadExplored(folders?: TableFolders): CompiledLaw {
  const read = loadLaw(new URL('codelists/', folder), folders)
  const codeLists = overlayCodeLists(read.codeLists, {
    more: [
      '#name\tMore offices on the way',
      '#source\tthe explorer',
      '#version\t1',
      '#status\tillustrative',
      'lists\tcode\tvalidFrom\tvalidTo\ttext_en',
      'CL141 CL173\tXK000202\t\t\tMorinë',
      'CL141 CL172\tXK000302\t\t\tPejë',
      'CL141 CL175\tXK000204\t\t\tMerdare',
    ].join('\n'),
  })
  return { ...read, codeLists, law: { ...read.law, codeLists } }
}

/** What a decision of one administration may know, at the balances of this moment. */
export function factsOf(party: string, balances: Balances): Facts {
  const country = party.slice(-2)
  const guarantees = Object.entries(balances)
    .filter(([grn]) => grn.slice(2, 4) === country)
    .map(([grn, { available }]): [string, GuaranteeFacts] => [
      grn,
      {
        holder: declarant,
        type: '1',
        accessCodeMatches: true,
        valid: true,
        currency: 'EUR',
        available,
        notValidIn: [],
        terms: {},
        usedBy: null,
      },
    ])
  return {
    now,
    today,
    party,
    country,
    mrnBody: 'ABCDEFGHIJK1',
    office: (reference) => known.get(reference),
    administration: (where) => (['AL', 'XK'].includes(where) ? `NTA.${where}` : undefined),
    hasSystem: () => false,
    guaranteeOffice: (where) => ({ AL: 'AL000901', XK: 'XK000901' })[where],
    operator: (id) =>
      id === declarant
        ? { name: 'Adria', Address: { streetAndNumber: 'Rruga 1', postcode: '1001', city: 'Tirana', country: 'AL' } }
        : undefined,
    authorisations: (trader) => ({ [consignee]: ['C522'], [declarant]: ['C521'] })[trader] ?? [],
    serves: () => true,
    rate: () => '1',
    suspendedGoods: [],
    guarantees: Object.fromEntries(guarantees),
  }
}
