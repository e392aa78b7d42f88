/** Values of formats: right ones by chance, and such as are one step inside or outside of each facet. */
import type { Format } from '../src/index.ts'
import { sampleOf } from './instances-patterns.ts'
import type { Chance } from './instances-random.ts'

const beyondAscii = ['é', 'ë', 'ж', 'د', '𝕏', '語']

/** A right value of the format. */
export function rightValue(format: Format, chance: Chance): string {
  const { notation, values, named, maxLength } = format
  if (values) return chance.pick(values)
  const [official = '', ...words] = notation.split(' ')
  if (official === 'date') return day(chance)
  if (official === 'dateTime') {
    const fraction = words.length === 0 && chance.oneIn(3) ? `.${1 + chance.below(999)}` : ''
    return `${day(chance)}T${two(chance.below(24))}:${two(chance.below(60))}:${two(chance.below(60))}${fraction}`
  }
  const decimal = /^n\.\.(\d+),(\d+)$/.exec(official)
  if (decimal) return number(Number(decimal[1]), Number(decimal[2]), words.includes('positive'), chance)
  const range = words.map((word) => /^(\d+)\.\.(\d+)$/.exec(word)).find(Boolean)
  if (range) return String(Number(range[1]) + chance.below(Number(range[2]) - Number(range[1]) + 1))
  const length = /\.\./.test(official)
    ? 1 + chance.below(chance.oneIn(4) ? maxLength! : Math.min(maxLength!, 12))
    : maxLength!
  if (named) return patterned(format, chance)
  const alphabet = official.startsWith('n')
    ? [...'0123456789']
    : official.startsWith('an')
      ? words.includes('printable')
        ? [...'abcXYZ019-./&<>']
        : [...'abcXYZ019 -./&<>"\'', ...beyondAscii]
      : [...'abcXYZ']
  const text = Array.from({ length }, () => chance.pick(alphabet))
  // No spaces at the ends or in a row: some formats would change or refuse them.
  return text.map((each, at) => (each === ' ' && (at % 2 === 0 || at === length - 1) ? 'x' : each)).join('')
}

const two = (figure: number): string => String(figure).padStart(2, '0')

function day(chance: Chance): string {
  return `${String(1 + chance.below(9999)).padStart(4, '0')}-${two(1 + chance.below(12))}-${two(1 + chance.below(28))}`
}

function number(total: number, fraction: number, positive: boolean, chance: Chance): string {
  const whole = 1 + chance.below(total - fraction)
  const digits = Array.from({ length: whole }, () => chance.below(10))
    .join('')
    .replace(/^0+(?=.)/, '')
  const decimals = Array.from({ length: chance.below(fraction + 1) }, () => chance.below(10)).join('')
  const value = decimals === '' ? digits : `${digits}.${decimals}`
  return positive && Number(value) === 0 ? '1' : value
}

/** The last of several patterns says most; what it gives is tried until the others and the length agree. */
function patterned(format: Format, chance: Chance): string {
  const pattern = format.named!.patterns.at(-1)!
  for (let tries = 0; tries < 500; tries++) {
    const made = sampleOf(pattern, chance)
    const value = made.length > format.maxLength! ? made.slice(0, format.maxLength) : made
    if (!format.check(value)) return value
  }
  throw new Error(`no value found for ${format.notation}`)
}

/** Values one step inside and outside of what the format allows, and some that are far from it. */
export function edgeValues(format: Format, chance: Chance): string[] {
  const { notation, values, maxLength } = format
  const right = rightValue(format, chance)
  // By character: half of a pair of surrogates is nothing that UTF-8 could carry.
  const characters = [...right]
  const [first = '', tail, rest] = [characters[0], characters.slice(1).join(''), characters.slice(2).join('')]
  const edges = [
    '',
    ' ',
    right,
    ` ${right}`,
    `${right} `,
    `${right}1`,
    `${right}x`,
    tail,
    characters.slice(0, -1).join(''),
  ]
  edges.push(`${first}  ${rest}`, `${first}\t${rest}`, `\u2003${tail}`)
  const at = chance.below(characters.length)
  for (const other of ['-', 'a', 'A', '0', '9', 'é', '𝕏', '!', ' ', '.', '\u00a0', '\n'])
    edges.push(characters.with(at, other).join(''))
  if (maxLength !== undefined) {
    for (const unit of ['x', '7', '𝕏', 'X'])
      for (const length of [maxLength - 1, maxLength, maxLength + 1]) edges.push(unit.repeat(Math.max(length, 0)))
  }
  if (values) edges.push(values[0]!.toLowerCase(), `${values.at(-1)}0`, values.join(' '))
  const [official = '', ...words] = notation.split(' ')
  const decimal = /^n\.\.(\d+),(\d+)$/.exec(official)
  if (decimal) edges.push(...decimalEdges(Number(decimal[1]), Number(decimal[2])))
  const range = words.map((word) => /^(\d+)\.\.(\d+)$/.exec(word)).find(Boolean)
  if (range)
    edges.push(...[range[1]!, range[2]!].flatMap((bound) => [-1, 0, 1].map((step) => String(Number(bound) + step))))
  if (official.startsWith('date')) edges.push(...dayEdges)
  if (official === 'dateTime') edges.push(...timeEdges)
  return edges
}

function decimalEdges(total: number, fraction: number): string[] {
  const whole = '9'.repeat(total - fraction)
  const most = `${whole}.${'9'.repeat(fraction)}`
  const wholes = [
    '9'.repeat(total),
    '9'.repeat(total + 1),
    `${'9'.repeat(total)}.0`,
    `${whole}9.${'9'.repeat(fraction)}`,
  ]
  const small = [`0.${'0'.repeat(fraction)}`, `0.${'0'.repeat(fraction)}1`, `0.${'1'.padStart(fraction, '0')}`]
  const forms = ['0', '-0', '-1', '+1', '01', '00', '.5', '5.', '1e3', '1E3', 'NaN', 'INF', '1,5', '0x1', '1.50', '١']
  return [most, `${most}0`, `${most}00`, `${most}1`, ...wholes, ...small, ...forms]
}

const dayEdges = [
  ['2026-02-28', '2026-02-29', '2024-02-29', '1900-02-29', '2000-02-29', '2026-04-30', '2026-04-31', '2026-00-10'],
  ['2026-13-01', '2026-01-00', '2026-01-32', '0000-01-01', '0001-01-01', '9999-12-31', '12026-01-01', '-2026-01-01'],
  ['2026-1-01', '2026-01-1', '20260101', '01-01-2026', '2026-01-01Z', '2026-01-01+01:00', '2026/01/01'],
].flat()

const timeEdges = [
  ['00:00:00', '23:59:59', '24:00:00', '24:00:01', '24:01:00', '25:00:00', '23:60:00', '23:59:60', '1:00:00', '10:00'],
  ['10:00:00.0', '10:00:00.', '10:00:00.123456789012', '24:00:00.0', '24:00:00.1', '10:00:00Z', '10:00:00-14:00'],
]
  .flat()
  .map((time) => `2026-11-24T${time}`)
