import { isOfficeReference } from '@corridor/customs'
import { readListPart } from '@corridor/tables'
import { JoinFault } from './faults.ts'

/** An office as the corridor file has it. */
export interface Office {
  reference: string
  name: string
  roles: string[]
}

/** What a role is called in the record of an office (CL056). */
const roleCodes: Record<string, string> = {
  departure: 'DEP',
  destination: 'DES',
  transit: 'TRA',
  exit: 'EXT',
  guarantee: 'GUA',
}
const ofTransit = new Set(['DEP', 'DES', 'TRA'])
const columns = 'code\tvalidFrom\tvalidTo\tCountryCode\tUnLocodeId\tPostalCode\tgroups'

/** The part of CL141 that an administration publishes for itself, as a first version. */
export function officeListOf(
  offices: readonly Office[],
  { country, party, day }: { country: string; party: string; day: string },
): string {
  const rows = offices.map(
    ({ reference, name, roles }) =>
      `${reference}\t${day}\t\t${country}\t\t1000\t${JSON.stringify([
        {
          name: 'CustomsOfficeLsd',
          items: { LanguageCode: 'EN', CustomsOfficeUsualName: name, StreetAndNumber: name, City: name },
          groups: [],
        },
        {
          name: 'CustomsOfficeTimetable',
          items: { SeasonCode: '1', SeasonName: 'All Year', SeasonStartDate: '20260101', SeasonEndDate: '20991231' },
          groups: [
            {
              name: 'CustomsOfficeTimetableLine',
              items: {
                DayInTheWeekBeginDay: '1',
                OpeningHoursTimeFirstPeriodFrom: '0000',
                OpeningHoursTimeFirstPeriodTo: '2359',
                DayInTheWeekEndDay: '7',
              },
              groups: roles.map((role) => ({
                name: 'CustomsOfficeRoleTrafficCompetence',
                items: { Role: roleCodes[role], TrafficType: ofTransit.has(roleCodes[role] ?? '') ? 'R' : 'N/A' },
                groups: [],
              })),
            },
          ],
        },
      ])}`,
  )
  const head = [
    `#list\tCL141/${party}`,
    '#name\tCustomsOffices',
    `#source\texample of corridor join init; published by nobody`,
  ]
  return [...head, `#owner\t${party}`, `#version\t${day}`, '#status\tillustrative', columns, ...rows, ''].join('\n')
}

/**
 * Looks at the list of offices that another administration sent: it must be its own part, and of its own country.
 * @returns its status
 * @throws JoinFault join.bad-file
 */
export function checkOfficeList(
  text: string,
  { country, party, offices }: { country: string; party: string; offices: readonly Office[] },
): 'official' | 'illustrative' {
  const wrong = (what: string): never => {
    throw new JoinFault('join.bad-file', `officeList: ${what}.`)
  }
  let part: ReturnType<typeof readListPart>
  try {
    part = readListPart('officeList', text)
  } catch (error) {
    return wrong((error as Error).message)
  }
  const { head, entries } = part
  if (head.id !== `CL141/${party}`) wrong(`it is the list “${head.id}”, and must be CL141/${party}`)
  if (head.owner !== party) wrong(`its owner is “${head.owner ?? ''}”, and must be ${party}`)
  const codes = new Set(entries.map(({ entry }) => entry.code))
  for (const code of codes)
    if (!isOfficeReference(code) || !code.startsWith(country)) wrong(`“${code}” is no office of ${country}`)
  for (const { reference } of offices) if (!codes.has(reference)) wrong(`the office ${reference} is not in it`)
  return head.illustrative ? 'illustrative' : 'official'
}

/** The countries of the corridor, with one more; the version counts on, so that a node takes the new one into its store. */
export function withCountry(
  text: string | null,
  { country, name, day, owner }: { country: string; name: string; day: string; owner: string },
): string {
  const row = `CL009 CL070 CL112\t${country}\t${day}\t\t${name.replace(/[\t\n]/g, ' ')}`
  if (text === null)
    return [
      '#name\tCountries of the corridor',
      '#source\tthe members of the corridor, as they joined',
      `#owner\t${owner}`,
      '#version\t1',
      '#status\tillustrative',
      'lists\tcode\tvalidFrom\tvalidTo\ttext_en',
      row,
      '',
    ].join('\n')
  const lines = text.trimEnd().split('\n')
  if (lines.some((line) => !line.startsWith('#') && line.split('\t')[1] === country)) return text
  const head = lines.find((line) => !line.startsWith('#'))
  // Columns that other languages have here are left empty in the new row.
  const missing = Math.max(0, (head ?? '').split('\t').length - row.split('\t').length)
  return [...lines.map(nextVersion), row + '\t'.repeat(missing), ''].join('\n')
}

function nextVersion(line: string): string {
  const version = /^#version\t(.*)$/.exec(line)?.[1]
  if (version === undefined) return line
  const counted = /^(.*?)(\d{1,9})$/.exec(version)
  // A version that is a day counts from that day on: what is laid over it needs a name that is none.
  if (counted === null || /^\d{4}-\d\d-\d\d$/.test(version)) return `#version\t${version}.1`
  return `#version\t${counted[1]}${Number(counted[2]) + 1}`
}
