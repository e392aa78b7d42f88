import { existsSync, readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { FileSettings, GuaranteeReach } from '@corridor/casework'
import type { DailyReconciliation } from '@corridor/exchange'
import { type Correspondence, isDate, isDuration, isGrn, isOfficeReference, isTin } from '@corridor/customs'
import type { MirrorFacts } from '@corridor/declarations'
import { paperLanguages } from '@corridor/paper'
import { type GuaranteeTerms, type System, systems } from '@corridor/procedures'
import { isOfficeRole, type OfficeRole, type Role as AccountRole } from '@corridor/registry'
import { NodeFault } from '../faults.ts'
import { Checked } from './checked.ts'
import { type Contact, contactsFrom } from './contacts.ts'
import { readCorrespondence } from './correspondence.ts'
import {
  type CorridorDeclarations,
  type CorridorSubscription,
  crossCheckDeclarations,
  declarationsFrom,
  mirrorFrom,
  subscriptionFrom,
} from './declarations.ts'
import { filesFrom } from './files.ts'
import { crossCheckHubs, hubFrom, type HubSettings } from './hub.ts'
import { keysFrom, type NodeKeyFiles, type PublishedFiles, publishedFrom } from './keys.ts'
import { readLike } from './like.ts'
import { type CorridorLink, type CorridorPlace, crossCheckLinks, linkFrom, placesFrom } from './links.ts'
import { type CorridorNationalSystem, nationalFrom } from './national.ts'
import { reconciliationFrom } from './reconciliation.ts'
import { type CorridorReference, crossCheckReference, referenceFrom } from './reference.ts'
import { webhooksFrom, type WebhookRules } from './webhooks.ts'

/** One node of a corridor, as its file describes it. */
export interface CorridorNode {
  id: string
  country: string
  name: string
  party: string
  domain: string
  timeZone: string
  ports: { api: number; as4: number }
  locales: string[]
  /** The language in which this country's people read documents on paper; the first of `locales` unless told. */
  paperLanguage: string
  accounts: {
    id: string
    name: string
    role: AccountRole
    office: string | null
    trader: string | null
    system: System | null
    /** Of another agency of the country: which part of declaration data it gets. */
    subscription: CorridorSubscription | null
  }[]
  guarantees: {
    grn: string
    holder: string
    type: string
    currency: string
    referenceAmount: string
    validFrom: string
    validTo: string | null
    notValidIn: string[]
    terms: GuaranteeTerms
  }[]
  /** Units of a currency for one euro, by days; the last day is included. */
  rates: { currency: string; perEuro: string; validFrom: string; validTo: string | null }[]
  /** How many MRNs an office reserves for paper at once; null: the usual number. */
  fallbackBlock: number | null
  /** Goods for which comprehensive guarantees are suspended: beginnings of commodity codes, by days. */
  suspendedGoods: { commodity: string; validFrom: string; validTo: string | null }[]
  /** What the codes of this administration are in the common lists; null when it uses the common ones. */
  correspondence: Correspondence | null
  /** How long what falls due takes here, where that is other than usual: ISO 8601 durations, by `role timer`. */
  timers: Record<string, string>
  /** How files of supporting documents are dealt with here. */
  files: FileSettings
  /** The national system of the administration; null of one that uses the node alone. */
  nationalSystem: CorridorNationalSystem | null
  /** How mirror data are compared here. */
  mirror: Omit<MirrorFacts, 'day'>
  webhooks: WebhookRules
  /** When days are compared with the partners; null where that is done on demand only. */
  reconciliation: DailyReconciliation | null
  /** As a regional hub; null of any other node. */
  hub: HubSettings | null
  /** Whom partners call. */
  contacts: Contact[]
  /** For a node with keys and a database of its own; absent in a demonstration. */
  keys: NodeKeyFiles | null
  /** What the partner gave: where it is, and its certificates. Absent in a demonstration. */
  published: PublishedFiles | null
}

/** A corridor file, checked. */
export interface Corridor {
  id: string
  title: string
  /** What it shows, in one sentence, by language. */
  about: Record<string, string>
  /** Folder of the corridor file. */
  folder: URL
  codelists: URL
  story: URL | null
  nodes: CorridorNode[]
  links: CorridorLink[]
  places: CorridorPlace[]
  /** How far guarantees reach. */
  guarantees: GuaranteeReach
  offices: { reference: string; name: string; country: string; roles: OfficeRole[] }[]
  traders: {
    id: string
    name: string
    address: { streetAndNumber: string; postcode?: string; city: string; country: string }
    authorisations: string[]
  }[]
  /** Reference data that goes over the links. */
  reference: CorridorReference[]
  /** Declaration data that go over the links. */
  declarations: CorridorDeclarations[]
  /** Published rules that do not bind these administrations, and why. */
  withoutRules: { rule: string; because: string }[]
}

const corridorsFolder = new URL('../../../../corridors/', import.meta.url)

/** The corridor that is meant where none is named. */
export const defaultCorridor = 'albania-kosovo'

/** The names of the corridors that come with the program. */
export function corridorNames(): string[] {
  return readdirSync(corridorsFolder).filter((name) => existsSync(new URL(`${name}/corridor.yaml`, corridorsFolder)))
}

/**
 * The file of a corridor by its name, or by the path of a corridor.yaml of one's own.
 * @throws NodeFault CORRIDOR_UNKNOWN
 */
export function corridorFileOf(nameOrPath: string): URL {
  const ownFile = /\.ya?ml$/.test(nameOrPath)
  const file = ownFile ? pathToFileURL(nameOrPath) : new URL(`${nameOrPath}/corridor.yaml`, corridorsFolder)
  if (!existsSync(file) || (!ownFile && !/^[a-z0-9-]+$/.test(nameOrPath))) {
    throw new NodeFault('CORRIDOR_UNKNOWN', `No corridor “${nameOrPath}”. There are: ${corridorNames().join(', ')}.`)
  }
  return file
}

/**
 * Reads a corridor by its name, or by the path of a corridor.yaml of one's own.
 * @throws NodeFault CORRIDOR_UNKNOWN, CORRIDOR_FILE with the place that is wrong
 */
export function readCorridor(nameOrPath: string): Corridor {
  const file = corridorFileOf(nameOrPath)
  return checkCorridor(readLike(file), file)
}

/** Checks what a corridor file says. @throws NodeFault CORRIDOR_FILE */
export function checkCorridor(content: unknown, file: URL): Corridor {
  const top = new Checked(content, 'corridor.yaml')
  const folder = new URL('.', file)
  const optionalUrl = (name: string) => {
    const path = top.optionalText(name)
    return path === null ? null : new URL(path, folder)
  }
  const corridor: Corridor = {
    id: top.text('corridor', /^[a-z0-9-]{1,40}$/),
    title: top.text('title'),
    about: top.values('about'),
    folder,
    codelists: new URL(`${top.text('codelists')}/`, folder),
    story: optionalUrl('story'),
    nodes: top.entries('nodes').map(([id, node]) => nodeFrom(id, node, folder)),
    links: top.list('links').map((link) => linkFrom(link)),
    places: placesFrom(top),
    guarantees: 'national',
    offices: top.list('offices').map((office) => ({
      reference: office.text('reference', isOfficeReference),
      name: office.text('name'),
      country: office.text('country', /^[A-Z]{2}$/),
      roles: office.texts('roles', /^(departure|transit|exit|destination|guarantee)$/) as OfficeRole[],
    })),
    traders: top.optionalList('traders').map((trader) => traderFrom(trader)),
    reference: top.optionalList('reference').map(referenceFrom),
    declarations: top.optionalList('declarations').map(declarationsFrom),
    withoutRules: top.optionalList('withoutRules').map((each) => ({
      rule: each.text('rule', /^[A-Z]\d{4}$/),
      because: each.text('because'),
    })),
  }
  corridor.guarantees = reachFrom(top, corridor)
  crossCheck(corridor)
  crossCheckReference(corridor)
  crossCheckDeclarations(corridor)
  return corridor
}

function paperLanguageFrom(node: Checked): string | null {
  const language = node.optionalText('paperLanguage')
  if (language === null || paperLanguages.includes(language)) return language
  return node.refuse('paperLanguage', `“${language}” is none of ${paperLanguages.join(', ')}`)
}

function nodeFrom(id: string, node: Checked, folder: URL): CorridorNode {
  const party = node.text('party', /^[A-Za-z0-9._-]{1,35}$/)
  const correspondence = node.optionalText('correspondence')
  const keys = node.optionalGroup('keys')
  const published = node.optionalGroup('published')
  const locales = node.texts('locales', /^[a-z]{2}(-[A-Z]{2})?$/)
  return {
    id: /^[a-z][a-z0-9-]{0,19}$/.test(id)
      ? id
      : node.refuse('', 'a node’s name is lower-case letters, digits and hyphens'),
    country: node.text('country', /^[A-Z]{2}$/),
    name: node.text('name'),
    party,
    domain: node.text('domain', /^[a-z0-9.-]{1,100}$/),
    timeZone: node.optionalText('timeZone') ?? 'UTC',
    ports: portsFrom(node),
    locales,
    paperLanguage: paperLanguageFrom(node) ?? locales[0] ?? 'en',
    accounts: node.list('accounts').map((account) => ({
      id: account.text('id', /^[a-z0-9-]{1,40}$/),
      name: account.text('name'),
      role: account.text(
        'role',
        /^(departure|transit|exit|destination|guarantee|reference|operations|regional|trader|system|agency)$/,
      ) as AccountRole,
      office: account.optionalText('office'),
      trader: account.optionalText('trader'),
      system: systemFrom(account),
      subscription: subscriptionFrom(account),
    })),
    guarantees: node.optionalList('guarantees').map(guaranteeFrom),
    rates: node.optionalList('rates').map((rate) => ({
      currency: rate.text('currency', /^[A-Z]{3}$/),
      perEuro: rate.text('perEuro', (text) => /^\d{1,9}(\.\d{1,6})?$/.test(text) && Number(text) > 0),
      ...daysFrom(rate),
    })),
    suspendedGoods: node.optionalList('suspendedGoods').map((goods) => ({
      commodity: goods.text('commodity', /^\d{2,8}$/),
      ...daysFrom(goods),
    })),
    fallbackBlock: node.has('fallback') ? node.group('fallback').number('block', 1, 500) : null,
    correspondence: correspondence === null ? null : readCorrespondence(correspondence, folder, { id, party }),
    timers: timersFrom(node),
    files: filesFrom(node.optionalGroup('supportingDocuments')),
    nationalSystem: nationalFrom(node.optionalGroup('nationalSystem')),
    mirror: mirrorFrom(node.optionalGroup('mirror')),
    webhooks: webhooksFrom(node.optionalGroup('webhooks')),
    reconciliation: reconciliationFrom(node.optionalGroup('reconciliation')),
    hub: hubFrom(node.optionalGroup('hub'), folder),
    contacts: contactsFrom(node),
    keys: keys && keysFrom(keys),
    published: published && publishedFrom(published),
  }
}

/** Of a partner's node nobody here needs them: it has published its address. */
function portsFrom(node: Checked): CorridorNode['ports'] {
  if (node.has('published') && !node.has('ports')) return { api: 0, as4: 0 }
  const ports = node.group('ports')
  return { api: ports.number('api', 1, 65_535), as4: ports.number('as4', 1, 65_535) }
}

function systemFrom(account: Checked): System | null {
  const named = account.optionalText('system')
  if (named === null) return null
  const known = systems.find((system) => system === named)
  return known ?? account.refuse('system', `“${named}” is none of ${systems.join(', ')}`)
}

/** `timers: { departure: { arrival-limit: P10D } }` */
function timersFrom(node: Checked): Record<string, string> {
  const durations: Record<string, string> = {}
  for (const [role, timers] of node.optionalGroup('timers')?.members() ?? [])
    for (const name of timers.names()) durations[`${role} ${name}`] = timers.text(name, isDuration)
  return durations
}

function daysFrom(place: Checked): { validFrom: string; validTo: string | null } {
  const validTo = place.optionalText('validTo')
  if (validTo !== null && !isDate(validTo)) place.refuse('validTo', `“${validTo}” is no day (yyyy-mm-dd)`)
  return { validFrom: place.text('validFrom', isDate), validTo }
}

function guaranteeFrom(guarantee: Checked): CorridorNode['guarantees'][number] {
  return {
    grn: guarantee.text('grn', isGrn),
    holder: guarantee.text('holder', isTin),
    type: guarantee.text('type', /^[01249]$/),
    currency: guarantee.text('currency', /^[A-Z]{3}$/),
    referenceAmount: guarantee.text('referenceAmount', /^\d{1,14}(\.\d{1,2})?$/),
    ...daysFrom(guarantee),
    notValidIn: guarantee.optionalTexts('notValidIn'),
    terms: termsFrom(guarantee.optionalGroup('terms')),
  }
}

function termsFrom(terms: Checked | null): GuaranteeTerms {
  if (terms === null) return {}
  const guarantor = terms.optionalText('guarantor')
  const percentage = terms.optionalText('percentage')
  const [departure, destination] = [terms.optionalText('officeOfDeparture'), terms.optionalText('officeOfDestination')]
  return {
    ...(guarantor === null ? {} : { guarantor }),
    ...(percentage === null ? {} : { percentage: terms.number('percentage', 0, 100) }),
    ...(terms.optionalText('suspendedGoods') === 'no' ? { restrictedUseForSuspendedGoods: true } : {}),
    ...(terms.optionalTexts('commodities').length === 0
      ? {}
      : { commodities: terms.texts('commodities', /^\d{2,8}$/) }),
    ...(departure === null ? {} : { officeOfDeparture: departure }),
    ...(destination === null ? {} : { officeOfDestination: destination }),
  }
}

/** `guarantees: national | mutual | regional`; a regional guarantee is kept by the one office of guarantee that the corridor has. */
function reachFrom(top: Checked, { offices }: Corridor): GuaranteeReach {
  const reach = top.optionalText('guarantees') ?? 'national'
  if (reach === 'national' || reach === 'mutual') return reach
  if (reach !== 'regional') return top.refuse('guarantees', `“${reach}” is none of national, mutual, regional`)
  const keepers = offices.filter(({ roles }) => roles.includes('guarantee'))
  const [keeper] = keepers
  if (keeper === undefined || keepers.length > 1)
    return top.refuse('guarantees', `a regional guarantee needs one office of guarantee; there are ${keepers.length}`)
  return { regional: keeper.reference }
}

function traderFrom(trader: Checked): Corridor['traders'][number] {
  const address = trader.group('address')
  const postcode = address.optionalText('postcode')
  return {
    id: trader.text('id', isTin),
    name: trader.text('name'),
    address: {
      streetAndNumber: address.text('streetAndNumber'),
      ...(postcode === null ? {} : { postcode }),
      city: address.text('city'),
      country: address.text('country', /^[A-Z]{2}$/),
    },
    authorisations: trader.optionalTexts('authorisations'),
  }
}

/** What one place says about another must be there. */
function crossCheck(corridor: Corridor): void {
  const wrong = (what: string): never => {
    throw new NodeFault('CORRIDOR_FILE', `corridor.yaml: ${what}`)
  }
  crossCheckLinks(corridor, wrong)
  crossCheckHubs(corridor, wrong)
  const countries = new Set(corridor.nodes.map((node) => node.country))
  for (const office of corridor.offices)
    if (!countries.has(office.country)) wrong(`offices: ${office.reference} is in ${office.country}, which has no node`)
  for (const node of corridor.nodes) {
    for (const account of node.accounts) {
      const office = corridor.offices.find((candidate) => candidate.reference === account.office)
      const isOfOffice = isOfficeRole(account.role)
      const fits =
        (account.trader !== null) === (account.role === 'trader') &&
        (account.system !== null) === (account.role === 'system') &&
        (account.office !== null) === isOfOffice
      if (!fits)
        wrong(
          `account ${account.id}: a trader needs “trader” alone, an outside system “system” alone, a reference-data manager, the operations desk and the regional secretariat none, another agency “subscribes”, an officer “office” alone`,
        )
      if (isOfOffice && office === undefined)
        wrong(`account ${account.id}: there is no office ${account.office} in the list of offices`)
      if (
        office !== undefined &&
        (office.country !== node.country || !office.roles.includes(account.role as OfficeRole))
      ) {
        wrong(
          `account ${account.id}: office ${office.reference} is not in ${node.country} or has no role ${account.role}`,
        )
      }
    }
  }
}
