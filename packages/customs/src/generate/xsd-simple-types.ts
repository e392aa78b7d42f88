import { escapeAttribute } from '@corridor/xml'
import type { Format } from '../format/format.ts'
import { facetsOf } from './facets.ts'

/** `n..16,2 positive` → `n..16-2.positive`: an NCName that no group has, because groups begin with a capital. */
export function formatTypeName({ notation }: Format): string {
  return notation.replaceAll(',', '-').replaceAll(' ', '.')
}

/** A format as a named simple type of an XML Schema. */
export function simpleType(name: string, format: Format): string {
  const { base, patterns, values = [], positive, ...bounds } = facetsOf(format)
  const facets = [
    ...Object.entries(bounds).map(([kind, value]) => facet(kind, value)),
    ...(positive ? [facet('minExclusive', 0)] : []),
    ...values.map((value) => facet('enumeration', value)),
  ]
  return `  <xs:simpleType name="${name}">\n    ${restriction(base, patterns, facets)}\n  </xs:simpleType>\n`
}

function facet(kind: string, value: string | number): string {
  return `<xs:${kind} value="${escapeAttribute(String(value))}"/>`
}

/** Patterns of one step are alternatives; those that must all match take a step of derivation each (XML Schema part 2, 4.3.4.3). */
function restriction(base: string, patterns: readonly string[], facets: readonly string[]): string {
  const [last, ...before] = patterns.toReversed()
  const own = [...facets, ...(last === undefined ? [] : [facet('pattern', last)])]
    .map((line) => `\n      ${line}`)
    .join('')
  if (before.length === 0) return `<xs:restriction base="xs:${base}">${own}\n    </xs:restriction>`
  const inner = restriction(base, before.toReversed(), [])
  return `<xs:restriction><xs:simpleType>${inner}</xs:simpleType>${own}\n    </xs:restriction>`
}
