/**
 * The facets of a schema's simple type, said in our format notation (src/format/notation.ts). A combination that the notation
 * cannot say is an error, so nothing is lost on the way.
 */
import type { Facets } from './xsd-schema.ts'

/** Named formats: what the official notation alone cannot say. The rows of messages/formats.tsv come from here. */
const named: { name: string; pattern: string[][]; base: string }[] = [
  { name: 'office', base: 'normalizedString', pattern: [['[A-Z]{2}[A-Z0-9]{6}']] },
  {
    name: 'mrn',
    base: 'normalizedString',
    pattern: [
      ['([0-1][0-9]|[2][0-4])[A-Z]{2}[A-Z0-9]{13}[0-9]', '([2][4-9]|[3-9][0-9])[A-Z]{2}[A-Z0-9]{12}[J-M][0-9]'],
    ],
  },
  {
    name: 'export-mrn',
    base: 'normalizedString',
    pattern: [
      ['([0-1][0-9]|[2][0-4])[A-Z]{2}[A-Z0-9]{13}[0-9]', '([2][4-9]|[3-9][0-9])[A-Z]{2}[A-Z0-9]{12}[A-E][0-9]'],
    ],
  },
  {
    name: 'grn',
    base: 'normalizedString',
    pattern: [['[A-Z0-9]*'], ['[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[0-9]([A-Z][0-9]{6})?']],
  },
  { name: 'tin', base: 'normalizedString', pattern: [['[A-Z]{2}[!-~]{1,15}']] },
  { name: 'capital', base: 'normalizedString', pattern: [['[A-Z]*']] },
  { name: 'capital-or-digit', base: 'normalizedString', pattern: [['[A-Z0-9]*']] },
  { name: 'email', base: 'normalizedString', pattern: [['\\p{IsBasicLatin}+'], ['[^@]+@[^\\.]+\\..+']] },
  {
    name: 'email-trimmed',
    base: 'normalizedString',
    pattern: [['\\p{IsBasicLatin}+'], ['\\P{Z}[^@]*@[^\\.]+\\..*\\P{Z}']],
  },
  { name: 'latitude', base: 'normalizedString', pattern: [['[+-]?([0-8]?[0-9]\\.[0-9]{5,7}|90.000000?0?)']] },
  {
    name: 'longitude',
    base: 'normalizedString',
    pattern: [['[+-]?((0?[0-9]?|1[0-7])[0-9]\\.[0-9]{5,7}|180.000000?0?)']],
  },
  { name: 'risk-result', base: 'normalizedString', pattern: [['.{0,4}E', '[!-~]{1,16}E']] },
  {
    name: 'tir-carnet',
    base: 'normalizedString',
    pattern: [
      [
        '([1-9][0-9]{0,6}|(1[0-9]|2[0-4])[0-9]{0,6}|25000000|(X[A-Z]|[A-Z]X)(2[5-9]|[3-9][0-9]|[1-9][0-9][0-9])[0-9]{6})',
      ],
    ],
  },
  { name: 'year', base: 'token', pattern: [['[2][0][1-9][0-9]']] },
]

/** Enumerated technical lists: schema type → our name. The country list is data here (a corridor adds to it), so its row is a shape. */
const enumerated: Record<string, string> = {
  Flag: 'flag',
  MonthOfYear: 'month',
  XmlErrorCodes: 'xml-error',
  AesNctsP5FunctionalErrorCodes: 'functional-error',
  MessageTypes: 'message-type',
  ModificationType: 'modification',
  SystemUnavailabilityType: 'unavailability',
}

const used = new Map<string, string[]>()

/** The format column of a field: the official notation, then a qualifier or the name of a format in formats.tsv. */
export function formatNotation(official: string, facets: Facets): string {
  const { base, patterns, lengths, values, range } = facets
  const flat = patterns.map((step) => step.join('|'))
  const last = flat.at(-1) ?? ''
  if (values.length > 0) return enumeration(official, facets)
  if (base === 'date') return 'date'
  if (base === 'dateTime') return last.endsWith('(\\.\\d+)?') ? 'dateTime' : 'dateTime whole-seconds'
  if (base === 'decimal') return last.startsWith('(0|') ? official : `${official} positive`
  if (base === 'integer') {
    const plain = range.minInclusive === 0 && /^\[0-9\]\{1,\d\}$/.test(last)
    return plain ? official : `${official} ${range.minInclusive}..${range.maxInclusive}`
  }
  if (official === 'a2' && flat.length === 1 && /^\[[AaZz-]+\]\{2\}$/.test(last) && base === 'normalizedString')
    return use(last.startsWith('[A-Z]') ? 'a2 capital' : 'a2 letters', 'text', last.replace('{2}', '*'))
  const shape = named.find((entry) => entry.base === base && JSON.stringify(entry.pattern) === JSON.stringify(patterns))
  if (shape)
    return use(`${official} ${shape.name}`, base === 'token' ? 'token' : 'text', patterns.map(alternatives).join(' & '))
  const [, kind, dots, digits] = /^(an|a|n)(\.\.)?(\d+)$/.exec(official) ?? []
  if (!kind || !digits) throw new Error(`format ${official}`)
  const letters = kind === 'a' ? '[A-Za-z]' : kind === 'n' ? '[0-9]' : '.'
  const plain = `${letters}{${dots ? '1,' : ''}${digits}}`
  if (base === 'token' && last === plain) return kind === 'n' ? official : `${official} token`
  if (base !== 'normalizedString') throw new Error(`${facets.typeName}: ${base} ${last}`)
  if (last === plain || (last === '' && lengths.minLength === 1)) return official
  if (last === '\\P{Z}(.*\\P{Z})?')
    return lengths.length && dots ? `an${lengths.length} trimmed` : `${official} trimmed`
  if (last.startsWith('[ -~]')) return `${official} printable`
  if (last.startsWith('[!-~][ -~]')) return `${official} printable trimmed`
  throw new Error(`${facets.typeName}: the notation cannot say ${official} ${JSON.stringify(facets)}`)
}

function enumeration(official: string, facets: Facets): string {
  if (facets.typeName === 'CountryCodesCustomsOfficeLists') return formatNotation(official, countryShape)
  const name = enumerated[facets.typeName]
  if (!name) throw new Error(`unknown enumeration ${facets.typeName}`)
  return use(`${official} ${name}`, 'token', '', facets.values.join(' '))
}

function use(notation: string, whitespace: string, pattern: string, values = ''): string {
  const name = notation.slice(notation.indexOf(' ') + 1)
  used.set(name, [name, whitespace, pattern, values])
  return notation
}

const countryShape: Facets = {
  base: 'normalizedString',
  lengths: { length: 2 },
  digits: {},
  range: {},
  patterns: [['[A-Z]{2}']],
  values: [],
  typeName: 'CountryCode',
}

function alternatives(step: string[]): string {
  return step.length === 1 ? step[0]! : step.map((one) => `(${one})`).join('|')
}

/** The rows of formats.tsv for every named format that `formatNotation` was asked for. */
export function namedFormats(): string[][] {
  return [...used.values()].sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
}
