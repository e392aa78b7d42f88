/** The part of a declaration that another agency of the country gets. Pure. */
import {
  type Block,
  compact,
  copyOf,
  groupsAt,
  leaves,
  putAt,
  stepsOf,
  textAt,
  type UtilityBlocks,
} from '@corridor/declarations'
import type { AgencySubscription } from './settings.ts'

const items = 'Declaration/GoodsShipment/GovernmentAgencyGoodsItem'

/** What every part says, so that its reader knows what it is a part of. */
const always = [
  'ResponsibleCountryCode',
  'Declaration/ID',
  'Declaration/TypeCode',
  'Declaration/FunctionCode',
  'Declaration/GoodsShipment/UCR/ID',
  `${items}/SequenceNumeric`,
  `${items}/Commodity/Classification`,
]

const isOf = (item: Block, commodities: readonly string[]): boolean => {
  const codes = groupsAt(item, 'Commodity/Classification').map((each) => textAt(each, 'ID') ?? '')
  return codes.some((code) => commodities.some((beginning) => code.startsWith(beginning)))
}

/** The block with the goods of one chapter of the Harmonized System alone; undefined when it has none. All of it without a chapter. */
export function goodsOf(block: Block, chapter: string | undefined): Block | undefined {
  if (chapter === undefined) return block
  const own = groupsAt(block, items).filter((item) => isOf(item, [chapter]))
  if (own.length === 0) return undefined
  const { Declaration } = block as { Declaration: { GoodsShipment: Block } }
  return {
    ...block,
    Declaration: { ...Declaration, GoodsShipment: { ...Declaration.GoodsShipment, GovernmentAgencyGoodsItem: own } },
  }
}

/** The elements and goods that were subscribed to; undefined when none of the goods are. */
export function partOf(
  block: Block,
  { commodities, elements }: Pick<AgencySubscription, 'commodities' | 'elements'>,
  blocks: UtilityBlocks,
): Block | undefined {
  const own = groupsAt(block, items).map((item) => commodities.length === 0 || isOf(item, commodities))
  if (!own.includes(true)) return undefined
  const wanted = [...always, ...elements]
  const part: Block = {}
  const hasAttributes = hasAttributesIn(blocks)
  for (const { path, element, value } of leaves(block)) {
    const [, at] = path.startsWith(`${items}[`) ? (/\[(\d+)\]/.exec(path) ?? []) : []
    if (at !== undefined && own[Number(at) - 1] !== true) continue
    if (wanted.some((each) => element === each || element.startsWith(`${each}/`)))
      putAt(part, path, value, hasAttributes)
  }
  return compact(part)
}

/** Whether an element of the block has attributes, so that its text stands below it. */
export function hasAttributesIn(blocks: UtilityBlocks): (element: string) => boolean {
  const withAttributes = new Set(
    blocks.elements.filter(({ name }) => name.startsWith('@')).map(({ path }) => path.replace(/\/@[^/]*$/, '')),
  )
  return (element) => withAttributes.has(element)
}

/** A block with other texts at some paths; null takes one away. Groups on the way are made, empty ones go. */
export function withValues(
  block: Block,
  values: Readonly<Record<string, string | null>>,
  blocks: UtilityBlocks,
): Block {
  const made = copyOf(block)
  const hasAttributes = hasAttributesIn(blocks)
  for (const [path, value] of Object.entries(values))
    if (value !== null) putAt(made, path, value, hasAttributes)
    else takeAway(made, path)
  return compact(made)
}

/** What an element repeats is groups, so the text itself is never one of several. */
function takeAway(block: Block, path: string): void {
  const steps = stepsOf(path)
  let at: Block | undefined = block
  for (const { name, index } of steps.slice(0, -1)) {
    const next: Block[string] = at[name]
    const one: string | Block | undefined = Array.isArray(next) ? next[(index ?? 1) - 1] : next
    if (one === undefined || typeof one === 'string') return
    at = one
  }
  delete at[steps.at(-1)!.name]
}
