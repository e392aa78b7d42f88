import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeGrn } from '@corridor/customs'
import { JoinFault } from './faults.ts'
import { keepSecret } from './files.ts'
import { makeKeys, type MadeKeys, PILOT_MARK } from './keys.ts'
import { type Office, officeListOf, withCountry } from './offices.ts'

/** A new member as its administration describes it. */
export interface NewMember {
  /** Name of its node: small letters, digits, hyphens. */
  id: string
  country: string
  party: string
  name: string
  /** Its AS4 endpoint, as partners reach it. */
  url: string
  timeZone: string
  locales: string[]
  ports: { api: number; as4: number }
}

/** A member's first folder. */
export interface Draft extends MadeKeys {
  /** Whether its certificates are there; else its authority has to sign the requests. */
  isCertified: boolean
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** In the folder of a member. */
export const keysFolder = 'keys'

/** @throws JoinFault join.bad-value naming what is wrong */
export function checkMember({ id, country, party, url, name, locales, ports }: NewMember): void {
  const wrong = (what: string): never => {
    throw new JoinFault('join.bad-value', what)
  }
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(id))
    wrong(`“${id}” is no name of a node: small letters, digits and hyphens, 20 at the most, a letter first.`)
  if (!/^[A-Z]{2}$/.test(country))
    wrong(`--country “${country}” is no ISO 3166 code of two capital letters, such as TJ.`)
  if (!/^[A-Za-z0-9._-]{1,35}$/.test(party))
    wrong(`--party “${party}” is no party id: up to 35 letters, digits, dots, hyphens and underlines, such as NTA.TJ.`)
  if (name.trim() === '' || /[\p{Cc}]/u.test(name)) wrong(`--name “${name}” is no name of an administration.`)
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
    wrong(`--url “${url}” is no https address, such as https://gateway.customs.example:8443/as4.`)
  for (const locale of locales)
    if (!/^[a-z]{2}(-[A-Z]{2})?$/.test(locale)) wrong(`--locales “${locale}” is no language, such as en or fa-AF.`)
  for (const port of [ports.api, ports.as4])
    if (!Number.isInteger(port) || port < 1 || port > 65_535) wrong(`“${port}” is no port: a number from 1 to 65535.`)
}

/**
 * Makes the folder of a new member: keys, corridor file, its countries and offices. What is there stays as it is.
 * @param pilotUnit as of {@link makeKeys}
 * @throws JoinFault join.bad-value
 */
export async function draftMember(
  folder: string,
  member: NewMember,
  { now, pilotUnit }: { now: Date; pilotUnit?: string },
): Promise<Draft> {
  checkMember(member)
  const { country, party, name, url } = member
  const day = now.toISOString().slice(0, 10)
  const keys = join(folder, keysFolder)
  const holder = { country, party, organisation: name, host: new URL(url).hostname.replace(/^\[|\]$/g, '') }
  const { made, kept } = await makeKeys(keys, holder, { now, ...(pilotUnit !== undefined && { pilotUnit }) })
  const draft = { made: made.map(inKeys), kept: kept.map(inKeys) }
  const note = (path: string, isMade: boolean): void => void draft[isMade ? 'made' : 'kept'].push(path)
  const grn = makeGrn(day.slice(2, 4), country, '000901000001')
  const code = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  note(
    `${keysFolder}/access-codes.json`,
    keepSecret(join(keys, 'access-codes.json'), () => `${JSON.stringify({ [grn]: code })}\n`),
  )
  const offices = exampleOffices(country)
  for (const [path, content] of [
    ['codelists/countries.tsv', withCountry(null, { country, name, day, owner: party })],
    [`codelists/offices-${party}.tsv`, officeListOf(offices, { country, party, day })],
    ['corridor.yaml', corridorFile(member, { grn, day, offices })],
  ] as const)
    note(path, keepFile(join(folder, path), content))
  return {
    ...draft,
    isCertified: ['authority', 'signing', 'tls'].every((each) => existsSync(join(keys, `${each}.crt`))),
  }
}

/** The unit in the names of a pilot's authority and certificates. */
export const pilotUnit = PILOT_MARK

const inKeys = (name: string): string => `${keysFolder}/${name}`

const exampleOffices = (country: string): Office[] => [
  { reference: `${country}000101`, name: `Inland office of ${country}`, roles: ['departure', 'destination'] },
  { reference: `${country}000201`, name: `Border office of ${country}`, roles: ['transit'] },
  { reference: `${country}000901`, name: `Guarantee office of ${country}`, roles: ['guarantee'] },
]

/** The trader of a member's test documents. */
export const testTrader = (country: string): string => `${country}TEST0001`

function corridorFile(
  { id, country, party, name, url, timeZone, locales, ports }: NewMember,
  { grn, day, offices }: { grn: string; day: string; offices: readonly Office[] },
): string {
  const office = (role: string): string => offices.find(({ roles }) => roles.includes(role))!.reference
  const trader = testTrader(country)
  return `# The corridor as ${party} has it, begun on ${day} by corridor join init. Every key: docs/corridor-file.md.
# Other members come with corridor join accept, and go with corridor join leave.
corridor: ${id}-corridor
title: ${text(`Corridor of ${name}`)}
codelists: codelists

nodes:
  ${id}:
    country: ${text(country)}
    name: ${text(name)}
    party: ${text(party)}
    domain: ${party.toLowerCase().replaceAll('_', '-')} # what stands after @ in message ids
    timeZone: ${timeZone}
    ports: { api: ${ports.api}, as4: ${ports.as4} }
    locales: [${locales.join(', ')}]
    # Examples: put your officers, offices and traders in their place. The test trader and the guarantee are what the conformance
    # scenarios declare with.
    accounts:
      - { id: ${id}-departure, name: Officer of departure, role: departure, office: ${office('departure')} }
      - { id: ${id}-transit, name: Officer of transit, role: transit, office: ${office('transit')} }
      - { id: ${id}-destination, name: Officer of destination, role: destination, office: ${office('destination')} }
      - { id: ${id}-guarantee, name: Officer of guarantee, role: guarantee, office: ${office('guarantee')} }
      - { id: ${id}-operations, name: Operations desk, role: operations }
      - { id: ${id}-test-trader, name: Test trader, role: trader, trader: ${trader} }
    guarantees:
      - {
          grn: ${grn},
          holder: ${trader},
          type: '1',
          currency: EUR,
          referenceAmount: '1000000.00',
          validFrom: ${day},
        }
    # Keep these files as what they are: whoever has them is this administration.
    keys:
      signingCertificate: ${keysFolder}/signing.crt
      signingKey: ${keysFolder}/signing.key
      tlsCertificate: ${keysFolder}/tls.crt
      tlsKey: ${keysFolder}/tls.key
      dataKey: ${keysFolder}/data.key
      accessCodes: ${keysFolder}/access-codes.json
    # What partners are told of this node.
    published:
      url: ${text(url)}
      signingCertificate: ${keysFolder}/signing.crt
      tlsCertificate: ${keysFolder}/tls.crt
      ca: ${keysFolder}/authority.crt

# Who is next to whom: a link goes both ways.
links: []

offices:
${offices.map((each) => `  - { reference: ${each.reference}, name: ${each.name}, country: ${text(country)}, roles: [${each.roles.join(', ')}] }`).join('\n')}

traders:
  - {
      id: ${trader},
      name: Test trader,
      address: { streetAndNumber: Test Street 1, postcode: '1000', city: Test City, country: ${text(country)} },
      authorisations: [C522],
    }

# Reference data that goes over the links: its owner alone changes it.
reference:
  - lists: [CL141/${party}]
    name: ${text(`Customs offices of ${name}`)}
    owner: ${id}
    status: illustrative
`
}

/** In quotes: NO is a country, and no “false”. */
const text = (value: string): string => JSON.stringify(value)

function keepFile(path: string, content: string): boolean {
  if (existsSync(path)) return false
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content, { flush: true })
  return true
}
