/** The corridor that is simulated: Albania and Kosovo as they are in `corridors/`, and in some seeds North Macedonia between them. */
import { readFileSync } from 'node:fs'
import { createDirectory, type Directory } from '@corridor/casework'
import { overlayCodeLists } from '@corridor/customs'
import type { AccountDetails } from '@corridor/registry'
import { type CompiledLaw, loadLaw } from '@corridor/tables'

export type NodeId = 'al' | 'xk' | 'mk'

/** Every node there may be; the first two are in each run. */
export const nodeIds: readonly NodeId[] = ['al', 'xk', 'mk']

const folder = new URL('../../../corridors/albania-kosovo/', import.meta.url)

let loaded: CompiledLaw | undefined

/** The corridor's law, with an office of transit in North Macedonia; read once a process. */
export function lawOfCorridor(): CompiledLaw {
  if (loaded !== undefined) return loaded
  const read = loadLaw(new URL('codelists/', folder))
  const codeLists = overlayCodeLists(read.codeLists, {
    more: [
      '#name\tNorth Macedonia on the way',
      '#source\tthe simulator',
      '#version\t1',
      '#status\tillustrative',
      'lists\tcode\tvalidFrom\tvalidTo\ttext_en',
      'CL009 CL070 CL112\tMK\t\t\tNorth Macedonia',
      'CL141 CL173\tMK000401\t\t\tBllacë',
    ].join('\n'),
  })
  return (loaded = { ...read, codeLists, law: { ...read.law, codeLists } })
}

export const declarant = 'ALL12345678A'
export const consignee = 'XK810123456'
export const grn = '26AL0009010000019'

export const partyOf = (node: NodeId): string => `NTA.${node.toUpperCase()}`
export const domainOf = (node: NodeId): string => `${node}.simulated.example`

/** Accounts of each node: its offices' officers and its traders. */
export const accountsOf: Readonly<Record<NodeId, readonly Omit<AccountDetails, 'locale'>[]>> = {
  al: [
    { id: 'durres', name: 'Arta Hoxha', role: 'departure', office: 'AL000101' },
    { id: 'adria', name: 'Adria Spedicion Shpk', role: 'trader', trader: declarant },
  ],
  xk: [
    { id: 'vermice', name: 'Dardan Krasniqi', role: 'transit', office: 'XK000201' },
    { id: 'prizren', name: 'Mimoza Berisha', role: 'destination', office: 'XK000301' },
    { id: 'sharr', name: 'Sharr Cargo Sh.p.k.', role: 'trader', trader: consignee },
  ],
  mk: [{ id: 'bllace', name: 'Elena Ristova', role: 'transit', office: 'MK000401' }],
}

/** Who is who, as a node knows it. */
export function directoryOf(node: NodeId): Directory {
  const office = (
    reference: string,
    name: string,
    ...roles: ('departure' | 'transit' | 'destination' | 'guarantee')[]
  ) => {
    const country = reference.slice(0, 2)
    return { reference, name, country, party: `NTA.${country}`, roles }
  }
  const address = { streetAndNumber: 'Rruga 1', postcode: '1001', city: 'Tirana', country: 'AL' }
  return createDirectory({
    party: partyOf(node),
    country: node.toUpperCase(),
    offices: [
      office('AL000101', 'Durrës Port', 'departure', 'destination'),
      office('AL000901', 'Tirana Guarantees', 'guarantee'),
      office('XK000201', 'Vërmicë', 'transit'),
      office('XK000301', 'Prizren', 'departure', 'destination'),
      office('MK000401', 'Bllacë', 'transit'),
    ],
    traders: [
      { id: declarant, name: 'Adria Spedicion Shpk', address, authorisations: [] },
      { id: consignee, name: 'Sharr Cargo Sh.p.k.', address, authorisations: ['C522'] },
    ],
    parties: { 'NTA.AL': 'Albania', 'NTA.XK': 'Kosovo', 'NTA.MK': 'North Macedonia' },
    guarantees: 'national',
  })
}

const templates = new Map<string, string>()

/** A document of the corridor with its `{{names}}` filled in. @throws Error for a name without a value */
export function documentOf(name: string, values: Readonly<Record<string, string>>): string {
  let template = templates.get(name)
  if (template === undefined) {
    template = readFileSync(new URL(`documents/${name}.xml`, folder), 'utf8')
    templates.set(name, template)
  }
  return template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
    const value = values[key]
    if (value === undefined) throw new Error(`${name}.xml asks for ${key}`)
    return value
  })
}

/** A declaration for an amount, by way of North Macedonia when that is a node. */
export function declarationOf(
  values: Readonly<Record<string, string>>,
  amount: string,
  byNorthMacedonia: boolean,
): string {
  const xml = documentOf('declaration', values).replace('>5000.00<', () => `>${amount}<`)
  if (!byNorthMacedonia) return xml
  const second =
    '</CustomsOfficeOfTransitDeclared><CustomsOfficeOfTransitDeclared><sequenceNumber>2</sequenceNumber>' +
    '<referenceNumber>MK000401</referenceNumber></CustomsOfficeOfTransitDeclared>'
  return xml.replace('</CustomsOfficeOfTransitDeclared>', second)
}
