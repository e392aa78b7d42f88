/** The codes in records of customs offices and economic operators, held against the tables of the corridor. */
import type { Finding } from '../finding.ts'
import { functionalErrorCode } from '../finding.ts'
import type { CorridorTables } from './corridor-tables.ts'

/** What is checked of a customs office. Any record that has these may be given, whatever else it holds. */
export interface OfficeCodes {
  /** `AL000101` */
  readonly reference: string
  readonly country: string
  readonly geoInfo?: string
  readonly specificNotes?: readonly string[]
  /** what it may do, with which traffic, in any season */
  readonly competences?: readonly { readonly role: string; readonly trafficType: string }[]
}

/** Numbers of the tables in CS/RD. */
const table = { geoInfo: 12, role: 25, specificNotes: 28, trafficType: 30, activity: 61, person: 62 }

/**
 * What is wrong with the codes of a customs office on a day (`yyyy-mm-dd`): geo info (table 12), roles (25), specific notes (28), traffic
 * types (30), and a frontier that is not one of the office's country. Paths are within the record: `/geoInfo`, `/competences[2]/role`.
 */
export function officeFindings(office: OfficeCodes, tables: CorridorTables, date: string): Finding[] {
  const findings: Finding[] = []
  const look = (number: number, value: string, path: string): void => {
    if (!tables.has(number, value, date)) findings.push(notInTable(tables, number, value, path, date))
  }
  const { geoInfo, country, specificNotes = [], competences = [] } = office
  if (geoInfo !== undefined) look(table.geoInfo, geoInfo, '/geoInfo')
  if (geoInfo?.includes('/') === true && !geoInfo.split('/').includes(country))
    findings.push({
      kind: 'rule',
      rule: 'table 12',
      code: functionalErrorCode.rule,
      path: '/geoInfo',
      value: geoInfo,
      allowed: `a frontier of ${country}`,
      remedy: `Give a frontier that ${country} shares, or another place.`,
      text: `${office.reference} is not in a country of this frontier.`,
    })
  for (const [at, note] of specificNotes.entries()) look(table.specificNotes, note, `/specificNotes[${at + 1}]`)
  for (const [at, { role, trafficType }] of competences.entries()) {
    look(table.role, role, `/competences[${at + 1}]/role`)
    look(table.trafficType, trafficType, `/competences[${at + 1}]/trafficType`)
  }
  return findings
}

/** What is checked of an economic operator; a code that is '' is not given. */
export interface OperatorCodes {
  readonly typeOfPerson: string
  readonly economicActivity: string
}

/** What is wrong with the codes of an economic operator on a day (`yyyy-mm-dd`): economic activity (table 61), type of person (62). */
export function operatorFindings(operator: OperatorCodes, tables: CorridorTables, date: string): Finding[] {
  const codes = [
    [table.activity, operator.economicActivity, '/economicActivity'],
    [table.person, operator.typeOfPerson, '/typeOfPerson'],
  ] as const
  return codes
    .filter(([number, value]) => value !== '' && !tables.has(number, value, date))
    .map(([number, value, path]) => notInTable(tables, number, value, path, date))
}

function notInTable(tables: CorridorTables, number: number, value: string, path: string, date: string): Finding {
  const { oldList = '', name = '', values = [] } = tables.table(number) ?? {}
  const few = values.filter(({ code }) => tables.has(number, code, date)).map(({ code }) => code)
  return {
    kind: 'codelist',
    rule: `table ${number}`,
    code: functionalErrorCode.codeList,
    path,
    value,
    allowed: few.length <= 20 ? few.join(', ') : `${few.length} codes of table ${number} (${oldList})`,
    remedy: `Give a code of table ${number} (${oldList} ${name}) that is valid on ${date}.`,
    text: `The code is not in table ${number} on ${date}.`,
  }
}
