/** Makes documents from message tables: the smallest that the structure allows, and the fullest. */
import type { Doc, Format, TableNode } from '../src/index.ts'

export type Fullness = 'minimal' | 'maximal'

/** Values of the named formats: shortest and longest that are right. */
const named: Record<string, [string, string]> = {
  capital: ['A', 'Z'],
  letters: ['al', 'XK'],
  'capital-or-digit': ['A', '9'],
  email: ['a@b.c', 'clerk@customs.example'],
  'email-trimmed': ['a@b.c', 'clerk@customs.example'],
  'export-mrn': ['23GB0002466HT2CXJ9', '25AL000101000001A1'],
  grn: ['26AL0009010000013', '26AL0009010000013A000123'],
  latitude: ['+41.32750', '-90.0000000'],
  longitude: ['19.45389', '-180.0000000'],
  mrn: ['23GB0002466HT2CXJ9', '26AL000101000001J5'],
  office: ['AL000101', 'XK000301'],
  'risk-result': ['E', '1234567890123456E'],
  tin: ['ALK', 'ALK12345678901234'],
  'tir-carnet': ['1', 'XA999000000'],
  year: ['2010', '2099'],
}

/** A value of the format: its shortest or its longest. */
export function valueOf({ notation, values, maxLength }: Format, fullness: Fullness): string {
  const longest = fullness === 'maximal'
  if (values) return longest ? values.at(-1)! : values[0]!
  const [official = '', ...words] = notation.split(' ')
  if (official === 'date') return longest ? '9999-12-31' : '0001-01-01'
  if (official === 'dateTime') return longest && words.length === 0 ? '9999-12-31T23:59:59.999' : '2026-11-24T14:00:00'
  const decimal = /^n\.\.(\d+),(\d+)$/.exec(official)
  if (decimal) {
    const [whole, fraction] = [Number(decimal[1]) - Number(decimal[2]), Number(decimal[2])]
    return longest
      ? `${'9'.repeat(whole)}.${'9'.repeat(fraction)}`
      : words[0] === 'positive'
        ? `0.${'1'.padStart(fraction, '0')}`
        : '0'
  }
  const range = words.map((word) => /^(\d+)\.\.(\d+)$/.exec(word)).find(Boolean)
  if (range) return longest ? range[2]! : range[1]!
  for (const word of words) {
    const value = named[word]?.[longest ? 1 : 0]
    if (value !== undefined) return value.length === 1 && official.startsWith('a2') ? value.repeat(2) : value
  }
  const length = longest || !official.includes('..') ? maxLength! : 1
  return (
    official.startsWith('n')
      ? '7'
      : words.includes('printable') || official.startsWith('a.') || /^a\d/.test(official)
        ? 'x'
        : 'é'
  ).repeat(length)
}

/** The content of a group. The maximal one has every field, twice where it repeats. */
export function groupOf(nodes: readonly TableNode[], fullness: Fullness): Doc {
  const doc: Doc = {}
  for (const node of nodes) {
    if (!node.required && fullness === 'minimal') continue
    const one = (): string | Doc => (node.children ? groupOf(node.children, fullness) : valueOf(node.format!, fullness))
    doc[node.name] = node.repeats ? Array.from({ length: fullness === 'maximal' ? 2 : 1 }, one) : one()
  }
  return doc
}
