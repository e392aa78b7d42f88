/** The corridor as its nodes know it, and its documents filled in. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { overlayCodeLists } from '@corridor/customs'
import { loadLaw } from '@corridor/tables'
import { createDirectory, type Directory, type GuaranteeReach } from '../src/index.ts'

const corridor = new URL('../../../corridors/albania-kosovo/', import.meta.url)

const loaded = loadLaw(new URL('codelists/', corridor))
export const { rules } = loaded

/** The corridor's law, with more offices: of transit, and of destination. */
export const law: typeof loaded.law = {
  ...loaded.law,
  codeLists: overlayCodeLists(loaded.codeLists, {
    more: [
      '#name\tMore offices for tests',
      '#source\tthis test',
      '#version\t1',
      '#status\tillustrative',
      'lists\tcode\tvalidFrom\tvalidTo\ttext_en',
      'CL141 CL173\tXK000202\t\t\tKrusha',
      'CL141 CL172\tXK000302\t\t\tPejë',
      'CL141 CL173\tAL000202\t\t\tMorinë',
    ].join('\n'),
  }),
}

export const declarant = 'ALL12345678A'
export const consignee = 'XK810123456'
export const grn = '26AL0009010000019'
export const accessCode = 'Zq7x'

export const parties = { al: 'NTA.AL', xk: 'NTA.XK' } as const
export type NodeId = keyof typeof parties

/** The story is set on this day, whenever the test runs. */
const offset = Date.UTC(2026, 10, 24, 14) - Date.now()
export const clock = (): Date => new Date(Date.now() + offset)

const names = {
  AL000101: 'Durrës Port',
  AL000901: 'Tirana Guarantees',
  XK000901: 'Prishtina Guarantees',
  XK000201: 'Vërmicë',
  XK000202: 'Krusha',
  XK000203: 'Hani i Elezit',
  AL000202: 'Morinë',
  XK000301: 'Prizren',
  XK000302: 'Pejë',
}

/** Who is who in the corridor, as a node sees it. */
export function directoryOf(node: NodeId, guarantees: GuaranteeReach = 'mutual'): Directory {
  const office = (
    reference: keyof typeof names,
    ...roles: ('departure' | 'transit' | 'exit' | 'destination' | 'guarantee')[]
  ) => {
    const country = reference.slice(0, 2)
    return { reference, name: names[reference], country, party: `NTA.${country}`, roles }
  }
  const address = { streetAndNumber: 'Rruga 1', postcode: '1001', city: 'Tirana', country: 'AL' }
  return createDirectory({
    party: parties[node],
    country: node.toUpperCase(),
    offices: [
      office('AL000101', 'departure', 'destination'),
      office('AL000901', 'guarantee'),
      office('XK000901', 'guarantee'),
      office('XK000201', 'transit'),
      office('XK000203', 'exit'),
      office('XK000202', 'transit'),
      office('AL000202', 'transit'),
      office('XK000301', 'departure', 'destination'),
      office('XK000302', 'destination'),
    ],
    traders: [
      { id: declarant, name: 'Adria Spedicion Shpk', address, authorisations: [] },
      { id: consignee, name: 'Sharr Cargo Sh.p.k.', address, authorisations: ['C522'] },
    ],
    parties: { 'NTA.AL': 'Albania', 'NTA.XK': 'Kosovo', 'system:aes': 'Stand-in for the export system' },
    guarantees,
    systems: node === 'al' ? ['aes', 'central'] : [],
  })
}

export const accountsOf = {
  al: [
    { id: 'durres', name: 'Arta Hoxha', role: 'departure', office: 'AL000101' },
    { id: 'tirana', name: 'Besnik Leka', role: 'guarantee', office: 'AL000901' },
    { id: 'durres-arrivals', name: 'Ilir Dema', role: 'destination', office: 'AL000101' },
    { id: 'morine', name: 'Ardit Shehu', role: 'transit', office: 'AL000202' },
    { id: 'adria', name: 'Adria', role: 'trader', trader: declarant },
    { id: 'export-system', name: 'Stand-in for the export system', role: 'system', system: 'aes' },
    { id: 'central-system', name: 'Stand-in for the central services', role: 'system', system: 'central' },
    { id: 'al-desk', name: 'Ilir Prifti', role: 'operations' },
    { id: 'guarantor', name: 'Bank', role: 'trader', trader: 'ALK98765432B' },
  ],
  xk: [
    { id: 'vermice', name: 'Dardan Krasniqi', role: 'transit', office: 'XK000201' },
    { id: 'hani-exit', name: 'Blerta Hoti', role: 'exit', office: 'XK000203' },
    { id: 'krusha', name: 'Agim Berisha', role: 'transit', office: 'XK000202' },
    { id: 'peja', name: 'Teuta Gashi', role: 'destination', office: 'XK000302' },
    { id: 'prizren', name: 'Mimoza Berisha', role: 'destination', office: 'XK000301' },
    { id: 'prishtina', name: 'Valon Krasniqi', role: 'guarantee', office: 'XK000901' },
    { id: 'prizren-departures', name: 'Liri Gashi', role: 'departure', office: 'XK000301' },
    { id: 'xk-desk', name: 'Arben Hyseni', role: 'operations' },
    { id: 'sharr', name: 'Sharr Cargo', role: 'trader', trader: consignee },
    { id: 'unauthorised', name: 'Nobody’s Cargo', role: 'trader', trader: 'XK820000002' },
  ],
} as const

let serial = 0

/** One of the corridor's documents, filled in. */
export function corridorXml(name: string, values: Record<string, string>): string {
  const now = clock().toISOString().slice(0, 19)
  const all: Record<string, string> = {
    now,
    today: now.slice(0, 10),
    recipient: 'NTA',
    messageIdentification: `M${++serial}`,
    grn,
    accessCode,
    ...values,
  }
  return readFileSync(new URL(`documents/${name}.xml`, corridor), 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (_, key: string) => all[key] ?? assert.fail(`no ${key}`),
  )
}

export const newLrn = (): string => `LRN${++serial}`

export const declaration = (values: Record<string, string> = {}): string =>
  corridorXml('declaration', { sender: declarant, lrn: newLrn(), ...values })

/** Replaces the text of an element. */
export const put = (xml: string, element: string, value: string): string =>
  xml.replace(new RegExp(`<${element}>[^<]*</${element}>`), () => `<${element}>${value}</${element}>`)
