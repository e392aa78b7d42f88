/** A customs office as its entry describes it (CL141; entity CustomsOffices of CS/RD2), and the holidays of its country and region. */
import type { Items, ReferenceEntry, ReferenceGroup } from './entry.ts'

/** What an office is called and where it is, in one language. */
export interface OfficeAddress {
  readonly language: string
  readonly name: string
  readonly streetAndNumber: string
  readonly city: string
}

/** From and to, `hh:mm`. */
export interface OpeningHours {
  readonly from: string
  readonly to: string
}

/** What an office does at some time, for which traffic: role CL056, traffic type CL020. */
export interface Competence {
  readonly role: string
  readonly trafficType: string
}

/** Some days of the week with their hours and what the office does in them. */
export interface TimetableLine {
  /** first and last day of the week, 1 Monday to 7 Sunday */
  readonly fromDay: number
  readonly toDay: number
  readonly hours: readonly OpeningHours[]
  readonly competences: readonly Competence[]
}

export interface Season {
  readonly code: string
  readonly name: string
  /** first and last day, `yyyy-mm-dd`; '' when open */
  readonly from: string
  readonly to: string
  readonly lines: readonly TimetableLine[]
}

export interface CustomsOffice {
  readonly reference: string
  readonly country: string
  readonly region?: string
  /** country and place: `ADALV` */
  readonly unLocode?: string
  /** CL015 */
  readonly geoInfo?: string
  readonly postalCode?: string
  readonly phone?: string
  readonly fax?: string
  readonly email?: string
  readonly mainOffice?: string
  readonly higherAuthority?: string
  readonly enquiryAuthority?: string
  readonly recoveryAuthority?: string
  readonly nearestOffice?: string
  /** the office that takes over what this one did */
  readonly takenOverBy?: string
  readonly addresses: readonly OfficeAddress[]
  readonly seasons: readonly Season[]
  /** CL067 */
  readonly specificNotes: readonly string[]
  readonly dedicatedTraders: readonly { readonly language: string; readonly name: string }[]
}

const optional = {
  region: 'RegionCode',
  geoInfo: 'GeoInfoCode',
  postalCode: 'PostalCode',
  phone: 'PhoneNumber',
  fax: 'FaxNumber',
  email: 'EMailAddress',
  mainOffice: 'ReferenceNumberMainOffice',
  higherAuthority: 'ReferenceNumberHigherAuthority',
  enquiryAuthority: 'ReferenceNumberCompetentAuthorityOfEnquiry',
  recoveryAuthority: 'ReferenceNumberCompetentAuthorityOfRecovery',
  nearestOffice: 'NearestOffice',
  takenOverBy: 'ReferenceNumberTakeOver',
} as const

/** The office of an entry. */
export function customsOfficeOf({ code, items, groups }: ReferenceEntry): CustomsOffice {
  const given = Object.entries(optional).flatMap(([name, item]) => (items[item] ? [[name, items[item]]] : []))
  const country = items['CountryCode'] ?? ''
  const place = items['UnLocodeId']
  return {
    reference: code,
    country,
    ...(place && { unLocode: place.length === 3 ? country + place : place }),
    ...(Object.fromEntries(given) as Partial<Record<keyof typeof optional, string>>),
    addresses: named(groups, 'CustomsOfficeLsd').map(({ items: own }) => ({
      language: languageOf(own),
      name: own['CustomsOfficeUsualName'] ?? '',
      streetAndNumber: own['StreetAndNumber'] ?? '',
      city: own['City'] ?? '',
    })),
    seasons: named(groups, 'CustomsOfficeTimetable').map(seasonOf),
    specificNotes: named(groups, 'CustomsOfficeSpecificNotes').map(({ items: own }) => own['SpecificNotesCode'] ?? ''),
    dedicatedTraders: named(groups, 'DedicatedTrader').map(({ items: own }) => ({
      language: languageOf(own),
      name: own['Name'] ?? '',
    })),
  }
}

/** The roles that an office has in any season, in order. */
export function rolesOf({ seasons }: CustomsOffice): string[] {
  const competences = seasons.flatMap(({ lines }) => lines.flatMap((line) => line.competences))
  return [...new Set(competences.map(({ role }) => role))].sort()
}

/** A day on which a country or a region does not work. */
export interface Holiday {
  readonly day: number
  readonly month: number
  /** of a day that moves from year to year */
  readonly year?: number
  readonly names: Readonly<Record<string, string>>
}

/** The holidays of an entry of CountryHolidays or CountryRegion. */
export function holidaysOf({ groups }: ReferenceEntry): Holiday[] {
  return groups
    .filter(({ name }) => /Holidays(Data)?$/.test(name))
    .map(({ items, groups: within }) => ({
      day: Number(items['Day']),
      month: Number(items['Month']),
      ...(items['Year'] && { year: Number(items['Year']) }),
      names: Object.fromEntries(within.map((each) => [languageOf(each.items), each.items['PublicHolidayName'] ?? ''])),
    }))
}

function seasonOf({ items, groups }: ReferenceGroup): Season {
  return {
    code: items['SeasonCode'] ?? '',
    name: items['SeasonName'] ?? '',
    from: dayIn(items['SeasonStartDate']),
    to: dayIn(items['SeasonEndDate']),
    lines: named(groups, 'CustomsOfficeTimetableLine').map((line) => ({
      fromDay: Number(line.items['DayInTheWeekBeginDay']),
      toDay: Number(line.items['DayInTheWeekEndDay']),
      hours: ['First', 'Second'].flatMap((period) => hoursOf(line.items, `OpeningHoursTime${period}Period`)),
      competences: named(line.groups, 'CustomsOfficeRoleTrafficCompetence').map(({ items: own }) => ({
        role: own['Role'] ?? '',
        trafficType: own['TrafficType'] ?? '',
      })),
    })),
  }
}

function hoursOf(items: Items, period: string): OpeningHours[] {
  const [from, to] = [items[`${period}From`], items[`${period}To`]]
  return from && to ? [{ from: clock(from), to: clock(to) }] : []
}

/** `hh:mm` of `hhmm`. */
function clock(text: string): string {
  return text.replace(/^(\d\d)(\d\d)$/, '$1:$2')
}

/** `yyyy-mm-dd` of `yyyymmdd`. */
function dayIn(text = ''): string {
  return text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
}

function languageOf(items: Items): string {
  return (items['LanguageCode'] ?? '').toLowerCase()
}

function named(groups: readonly ReferenceGroup[], name: string): ReferenceGroup[] {
  return groups.filter((group) => group.name === name)
}
