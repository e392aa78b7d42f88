/** Blocks made by chance from the table, right in structure and formats. */
import type { Doc } from '@corridor/customs'
import type { Chance } from '../../customs/test/random.ts'
import type { BlockElement } from '../src/index.ts'
import { blocks } from './tables.ts'

const words = 'abc XYZ ñü فا ик <&>"|\\/,;'
const fixed: Record<string, (drawn: Chance) => string> = {
  WCODataModelVersionCode: () => '3.6',
  AgencyAssignedCustomizationVersionCode: () => blocks.newest,
  FunctionCode: (drawn) => drawn.pick(['1', '5', '9']),
  'declaration-type': (drawn) => drawn.pick(['EX', 'IM', 'EXA']),
  'type-name': () => 'DEC',
  classification: () => 'HS',
  flag: (drawn) => drawn.pick(['0', '1']),
  ucr: (drawn) => `6SZ${drawn.text('ABC-019', drawn.whole(1, 30))}`,
}

/** A value of a format. */
function valueOf({ name, format }: BlockElement, drawn: Chance): string {
  const [notation = '', qualifier = ''] = format.split(' ')
  const make = fixed[name] ?? fixed[qualifier]
  if (make) return make(drawn)
  if (notation === 'dateTime')
    return `20${drawn.whole(10, 99)}-${String(drawn.whole(1, 12)).padStart(2, '0')}-${String(drawn.whole(1, 28)).padStart(2, '0')}T${drawn.pick(['00:00:00', '08:15:30'])}`
  const range = /^(\d+)\.\.(\d+)$/.exec(qualifier)
  if (range) return String(drawn.whole(Number(range[1]), Math.min(Number(range[2]), 99_999)))
  const decimal = /^n\.\.(\d+),(\d+)$/.exec(notation)
  if (decimal)
    return `${drawn.whole(1, 99_999)}${drawn.pick(['', `.${drawn.text('0123456789', drawn.whole(1, Number(decimal[2])))}`])}`
  const [, kind = '', dots, length] = /^(an|a|n)(\.\.)?(\d+)$/.exec(notation) ?? []
  const size = dots ? drawn.whole(1, Math.min(Number(length), 300)) : Number(length)
  if (kind === 'n') return drawn.text('123456789', size)
  if (qualifier === 'capital') return drawn.text('ABCXYZ', size)
  return drawn.text(words, size).replaceAll(/ {2,}/g, ' ').trim() || 'x'
}

/** A block in which each thing that may be left out is there with the chance that is given. */
export function chanceBlock(drawn: Chance, likely = 0.6): Doc {
  const children = Map.groupBy(blocks.elements, ({ path, name }) => path.slice(0, -name.length))
  const group = (above: string): Doc => {
    const doc: Doc = {}
    for (const element of children.get(above) ?? []) {
      if (element.optionality !== 'R' && drawn.next() > likely) continue
      const one = (): string | Doc => {
        const inside = children.has(`${element.path}/`) ? group(`${element.path}/`) : undefined
        if (element.format === '') return inside ?? {}
        const value = valueOf(element, drawn)
        return inside ? { '#text': value, ...inside } : value
      }
      const value = element.repeats ? Array.from({ length: drawn.whole(1, 3) }, one) : one()
      if (typeof value === 'string' || Array.isArray(value) || Object.keys(value).length > 0) doc[element.name] = value
    }
    return doc
  }
  return group('')
}
