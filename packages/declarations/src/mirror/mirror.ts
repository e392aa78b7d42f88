/** Mirror data: what was declared at export held against what was declared at import, consignment by consignment. */
import { addDays, compareAmounts, parseAmount } from '@corridor/customs'
import type { Block } from '../blocks/blocks.ts'
import { canonicalText } from '../blocks/canonical.ts'
import { textAt } from '../doc.ts'
import {
  distance,
  itemsOf,
  type MirrorItem,
  type MirrorRate,
  type MirrorTotals,
  nothing,
  sum,
  type Unusable,
} from './totals.ts'

/** What a comparison needs beside the declarations. */
export interface MirrorFacts {
  /** currency of the report, ISO 4217 */
  readonly currency: string
  readonly rates: readonly MirrorRate[]
  /** the day of the report, yyyy-mm-dd */
  readonly day: string
  /** what counts as the same, decimal numbers */
  readonly tolerance: {
    /** per cent of what was exported */
    readonly massPercent: string
    readonly valuePercent: string
    /** for so many days after the export nobody misses the import */
    readonly travelDays: number
  }
}

/** One thing that is not the same on both sides. */
export interface MirrorDifference {
  readonly kind: 'mass' | 'value' | 'code'
  /** undefined for the consignment as a whole */
  readonly subheading: string | undefined
  readonly exported: string
  readonly imported: string
  readonly difference: string
  /** of what was exported, with one decimal; undefined where nothing was */
  readonly percent: string | undefined
}

/** One consignment, by its unique consignment reference. */
export interface MirrorPair {
  readonly ucr: string
  /** `not-compared`: an item of it could not be compared, so neither could the whole */
  readonly state: 'agrees' | 'differs' | 'not-compared' | 'no-import' | 'no-export' | 'on-the-way'
  /** numbers of the declarations on each side */
  readonly exports: readonly string[]
  readonly imports: readonly string[]
  readonly exported: MirrorTotals
  readonly imported: MirrorTotals
  readonly differences: readonly MirrorDifference[]
}

/** Sums of one chapter of the Harmonized System over everything that was comparable. */
export interface MirrorChapter {
  readonly chapter: string
  readonly exported: MirrorTotals & { readonly items: number }
  readonly imported: MirrorTotals & { readonly items: number }
}

/** The report. */
export interface MirrorReport {
  readonly currency: string
  /** by reference, in the order of their characters */
  readonly pairs: readonly MirrorPair[]
  readonly chapters: readonly MirrorChapter[]
  readonly counts: Readonly<Record<MirrorPair['state'], number>>
  /** declarations and items that could not be compared: they are in no sum */
  readonly unusable: readonly (Unusable & { readonly side: Side; readonly declaration: string })[]
  /** declarations that were given again with the same content, or cancelled: each counted once, or not at all */
  readonly notCounted: readonly {
    readonly side: Side
    readonly declaration: string
    readonly why: 'again' | 'cancelled'
  }[]
}

type Side = 'export' | 'import'

/**
 * Holds exports against imports. The order in which declarations are given does not matter: the report is the same bytes. Of several
 * versions of one declaration give the one that counts; two that differ are both taken, and seen.
 */
export function mirror(exports: readonly Block[], imports: readonly Block[], facts: MirrorFacts): MirrorReport {
  const report: Growing = { consignments: new Map(), chapters: new Map(), unusable: [], notCounted: [] }
  for (const block of ordered(exports)) take(report, 'export', block, facts)
  for (const block of ordered(imports)) take(report, 'import', block, facts)
  const pairs = [...report.consignments]
    .toSorted(([a], [b]) => byUnits(a, b))
    .map(([ucr, consignment]) => pairOf(ucr, consignment, facts))
  const counts = { agrees: 0, differs: 0, 'not-compared': 0, 'no-import': 0, 'no-export': 0, 'on-the-way': 0 }
  for (const { state } of pairs) counts[state] += 1
  return {
    currency: facts.currency,
    pairs,
    chapters: [...report.chapters.values()].toSorted((a, b) => byUnits(a.chapter, b.chapter)),
    counts,
    unusable: report.unusable,
    notCounted: report.notCounted,
  }
}

/**
 * One report of several, each of other consignments than the rest: so a report over many is made a few at a time.
 * @param reports in the order of their references
 */
export function together(reports: readonly MirrorReport[], currency: string): MirrorReport {
  const chapters = new Map<string, MirrorChapter>()
  const counts = { agrees: 0, differs: 0, 'not-compared': 0, 'no-import': 0, 'no-export': 0, 'on-the-way': 0 }
  for (const report of reports) {
    for (const each of report.chapters) {
      const known = chapters.get(each.chapter)
      chapters.set(each.chapter, known === undefined ? each : { chapter: each.chapter, ...bothSides(known, each) })
    }
    for (const state of Object.keys(counts) as MirrorPair['state'][]) counts[state] += report.counts[state]
  }
  return {
    currency,
    pairs: reports.flatMap(({ pairs }) => pairs),
    chapters: [...chapters.values()].toSorted((a, b) => byUnits(a.chapter, b.chapter)),
    counts,
    unusable: reports.flatMap(({ unusable }) => unusable),
    notCounted: reports.flatMap(({ notCounted }) => notCounted),
  }
}

function bothSides(a: MirrorChapter, b: MirrorChapter): Pick<MirrorChapter, 'exported' | 'imported'> {
  const of = (key: 'exported' | 'imported') => ({ ...sum(a[key], b[key]), items: a[key].items + b[key].items })
  return { exported: of('exported'), imported: of('imported') }
}

interface Growing {
  readonly consignments: Map<string, Consignment>
  readonly chapters: Map<string, MirrorChapter>
  readonly unusable: MirrorReport['unusable'][number][]
  readonly notCounted: MirrorReport['notCounted'][number][]
}

interface Taken {
  readonly declaration: string
  readonly text: string
  readonly day: string
  readonly items: readonly MirrorItem[]
  readonly isWhole: boolean
}

type Consignment = Record<Side, Taken[]>

const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The declarations by number, then by content. */
function ordered(blocks: readonly Block[]): { block: Block; declaration: string; text: string }[] {
  return blocks
    .map((block) => {
      const declaration = textAt(block, 'Declaration/ID') ?? textAt(block, 'Declaration/FunctionalReferenceID') ?? ''
      return { block, declaration, text: canonicalText(block) }
    })
    .toSorted((a, b) => byUnits(a.declaration, b.declaration) || byUnits(a.text, b.text))
}

function take(
  report: Growing,
  side: Side,
  { block, declaration, text }: ReturnType<typeof ordered>[number],
  facts: MirrorFacts,
): void {
  if (textAt(block, 'Declaration/FunctionCode') === '1') {
    report.notCounted.push({ side, declaration, why: 'cancelled' })
    return
  }
  const ucr = textAt(block, 'Declaration/GoodsShipment/UCR/ID') ?? ''
  const consignment = report.consignments.get(ucr) ?? { export: [], import: [] }
  report.consignments.set(ucr, consignment)
  if (consignment[side].some((other) => other.declaration === declaration && other.text === text)) {
    report.notCounted.push({ side, declaration, why: 'again' })
    return
  }
  const moment = textAt(block, 'Declaration/AcceptanceDateTime') ?? textAt(block, 'Declaration/IssueDateTime')
  const day = moment?.slice(0, 10) ?? facts.day
  const { items, unusable } = itemsOf(block, day, facts.rates, facts.currency)
  report.unusable.push(...unusable.map((each) => ({ side, declaration, ...each })))
  for (const item of items) addToChapter(report.chapters, side, item)
  consignment[side].push({ declaration, text, day, items, isWhole: unusable.length === 0 })
}

function addToChapter(chapters: Growing['chapters'], side: Side, item: MirrorItem): void {
  const chapter = item.subheading.slice(0, 2)
  const none = { ...nothing, items: 0 }
  const known = chapters.get(chapter) ?? { chapter, exported: none, imported: none }
  const key = side === 'export' ? 'exported' : 'imported'
  chapters.set(chapter, { ...known, [key]: { ...sum(known[key], item), items: known[key].items + 1 } })
}

function pairOf(ucr: string, consignment: Consignment, facts: MirrorFacts): MirrorPair {
  const all = (side: Side): MirrorItem[] => consignment[side].flatMap(({ items }) => items)
  const [exportItems, importItems] = [all('export'), all('import')]
  const both = consignment.export.length > 0 && consignment.import.length > 0
  const isWhole = [...consignment.export, ...consignment.import].every((each) => each.isWhole)
  const differences = both && isWhole ? differencesOf(exportItems, importItems, facts) : []
  const last = consignment.export
    .map(({ day }) => day)
    .toSorted(byUnits)
    .at(-1)
  const isTravelling = last !== undefined && addDays(last, facts.tolerance.travelDays) >= facts.day
  const missing = last === undefined ? 'no-export' : isTravelling ? 'on-the-way' : 'no-import'
  const compared = !isWhole ? 'not-compared' : differences.length > 0 ? 'differs' : 'agrees'
  const numbers = (side: Side): string[] => consignment[side].map(({ declaration }) => declaration)
  return {
    ucr,
    state: both ? compared : missing,
    exports: numbers('export'),
    imports: numbers('import'),
    exported: exportItems.reduce<MirrorTotals>(sum, nothing),
    imported: importItems.reduce<MirrorTotals>(sum, nothing),
    differences,
  }
}

/** Of the consignment as a whole, of each code that both sides have, and codes that one side has alone. */
function differencesOf(
  exported: readonly MirrorItem[],
  imported: readonly MirrorItem[],
  facts: MirrorFacts,
): MirrorDifference[] {
  const [ours, theirs] = [bySubheading(exported), bySubheading(imported)]
  const found = between(
    undefined,
    exported.reduce<MirrorTotals>(sum, nothing),
    imported.reduce<MirrorTotals>(sum, nothing),
    facts,
  )
  for (const subheading of [...new Set([...ours.keys(), ...theirs.keys()])].toSorted(byUnits)) {
    const [first, second] = [ours.get(subheading), theirs.get(subheading)]
    if (first && second) found.push(...between(subheading, first, second, facts))
    else found.push(difference('code', subheading, (first ?? nothing).netMass, (second ?? nothing).netMass))
  }
  return found
}

function bySubheading(items: readonly MirrorItem[]): Map<string, MirrorTotals> {
  const sums = new Map<string, MirrorTotals>()
  for (const item of items) sums.set(item.subheading, sum(sums.get(item.subheading) ?? nothing, item))
  return sums
}

function between(
  subheading: string | undefined,
  exported: MirrorTotals,
  imported: MirrorTotals,
  { tolerance }: MirrorFacts,
): MirrorDifference[] {
  const found: MirrorDifference[] = []
  if (isBeyond(exported.netMass, imported.netMass, tolerance.massPercent))
    found.push(difference('mass', subheading, exported.netMass, imported.netMass))
  if (isBeyond(exported.value, imported.value, tolerance.valuePercent))
    found.push(difference('value', subheading, exported.value, imported.value))
  return found
}

/** Whether the difference is more than so many per cent of what was exported; compared without dividing, so nothing is rounded. */
function isBeyond(exported: string, imported: string, percent: string): boolean {
  const [away, base, limit] = [parseAmount(distance(exported, imported)), parseAmount(exported), parseAmount(percent)]
  return (
    away.units * 100n * 10n ** BigInt(base.scale + limit.scale) > base.units * limit.units * 10n ** BigInt(away.scale)
  )
}

function difference(
  kind: MirrorDifference['kind'],
  subheading: string | undefined,
  exported: string,
  imported: string,
): MirrorDifference {
  const away = distance(exported, imported)
  return { kind, subheading, exported, imported, difference: away, percent: percentOf(away, exported) }
}

/** With one decimal, a half upwards; undefined of nothing. */
function percentOf(part: string, whole: string): string | undefined {
  const [over, under] = [parseAmount(part), parseAmount(whole)]
  if (compareAmounts(whole, '0') === 0) return undefined
  const numerator = over.units * 1000n * 10n ** BigInt(under.scale)
  const denominator = under.units * 10n ** BigInt(over.scale)
  const tenths = (2n * numerator + denominator) / (2n * denominator)
  return `${tenths / 10n}.${tenths % 10n}`
}
