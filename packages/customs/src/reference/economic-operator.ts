/**
 * Economic operators as entries of the list `EconomicOperators`; the code is the EORI number. No public list has them: each
 * administration keeps its own.
 */
import type { Items, ReferenceEntry, ReferenceGroup } from './entry.ts'

/** Id of the list of economic operators. */
export const operatorsList = 'EconomicOperators'

/** Name and address in one language. */
export interface OperatorAddress {
  readonly language: string
  readonly name: string
  readonly streetAndNumber: string
  readonly postalCode: string
  readonly city: string
}

/** What an authority gave, from a first to a last day (`yyyy-mm-dd`; '' when open). */
interface Granted {
  readonly validFrom: string
  readonly validTo: string
  /** `valid`, `suspended` or `revoked` */
  readonly status: string
}

/** AEO certificate: type AEOC (simplifications), AEOS (security and safety) or AEOF (both). */
export interface AeoCertificate extends Granted {
  readonly type: string
  readonly number: string
}

/** An authorisation: type CL235 or CL236 (C521 consignor, C522 consignee, C523 seals, …), its reference number. */
export interface OperatorAuthorisation extends Granted {
  readonly type: string
  readonly reference: string
}

export interface EconomicOperator {
  readonly eori: string
  readonly country: string
  /** type of person, C04 */
  readonly typeOfPerson: string
  /** principal economic activity, C05 (NACE) */
  readonly economicActivity: string
  readonly addresses: readonly OperatorAddress[]
  readonly certificates: readonly AeoCertificate[]
  readonly authorisations: readonly OperatorAuthorisation[]
}

const own = { typeOfPerson: 'TypeOfPerson', economicActivity: 'EconomicActivity', country: 'CountryCode' } as const
const address = {
  language: 'LanguageCode',
  name: 'Name',
  streetAndNumber: 'StreetAndNumber',
  postalCode: 'PostalCode',
  city: 'City',
} as const
const granted = { validFrom: 'ValidFrom', validTo: 'ValidTo', status: 'Status' } as const
const certificate = { type: 'Type', number: 'Number', ...granted } as const
const authorisation = { type: 'Type', reference: 'ReferenceNumber', ...granted } as const

/** The operator of an entry. */
export function economicOperatorOf({ code, items, groups }: ReferenceEntry): EconomicOperator {
  const all = <Field extends string>(name: string, fields: Readonly<Record<Field, string>>) =>
    groups.filter((group) => group.name === name).map((group) => fieldsOf(group.items, fields))
  return {
    eori: code,
    ...fieldsOf(items, own),
    addresses: all('EconomicOperatorLsd', address).map((each) => ({ ...each, language: each.language.toLowerCase() })),
    certificates: all('AeoCertificate', certificate),
    authorisations: all('Authorisation', authorisation),
  }
}

/** The entry of an operator, valid between two days ('' when open). */
export function entryOfOperator(operator: EconomicOperator, validFrom: string, validTo = ''): ReferenceEntry {
  const { eori, addresses, certificates, authorisations, ...about } = operator
  const groups = <Field extends string>(
    name: string,
    of: readonly Readonly<Record<Field, string>>[],
    fields: Readonly<Record<Field, string>>,
  ): ReferenceGroup[] => of.map((each) => ({ name, items: itemsOf(each, fields), groups: [] }))
  const written = addresses.map((each) => ({ ...each, language: each.language.toUpperCase() }))
  return {
    list: operatorsList,
    code: eori,
    validFrom,
    validTo,
    state: 'valid',
    texts: {},
    items: { Eori: eori, ...itemsOf(about, own) },
    keyItems: 1,
    groups: [
      ...groups('EconomicOperatorLsd', written, address),
      ...groups('AeoCertificate', certificates, certificate),
      ...groups('Authorisation', authorisations, authorisation),
    ],
  }
}

function fieldsOf<Field extends string>(items: Items, fields: Readonly<Record<Field, string>>): Record<Field, string> {
  const pairs = Object.entries<string>(fields).map(([field, item]) => [field, items[item] ?? ''])
  return Object.fromEntries(pairs) as Record<Field, string>
}

function itemsOf<Field extends string>(
  from: Readonly<Record<Field, string>>,
  fields: Readonly<Record<Field, string>>,
): Items {
  const pairs = (Object.entries(fields) as [Field, string][]).map(([field, item]) => [item, from[field]])
  return Object.fromEntries(pairs.filter(([, value]) => value !== '')) as Items
}
