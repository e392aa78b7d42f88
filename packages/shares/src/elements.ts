/** Pure: which elements of the utility block a contract names, and a block with no others. */
import { type Block, type BlockElement, compareEditions, type UtilityBlocks } from '@corridor/declarations'

type Value = string | Block | (string | Block)[] | undefined

/** The text of an element that has attributes stands under this name. */
const ownText = '#text'

const inEdition = (blocks: UtilityBlocks, edition: string): BlockElement[] =>
  blocks.elements.filter(({ since }) => compareEditions(since, edition) <= 0)

/** The elements of an edition that have a value of their own. */
export const leavesOf = (blocks: UtilityBlocks, edition: string): string[] =>
  inEdition(blocks, edition)
    .filter(({ format }) => format !== '')
    .map(({ path }) => path)

/** Elements as a person names them, each with all that is below it, as the values that they stand for; unknown ones stay as they are. */
export function expanded(blocks: UtilityBlocks, edition: string, named: readonly string[]): string[] {
  const all = leavesOf(blocks, edition)
  const found = named.flatMap((name) => {
    const meant = all.filter((leaf) => leaf === name || leaf.startsWith(`${name}/`))
    return meant.length === 0 ? [name] : meant
  })
  return [...new Set(found)].toSorted()
}

/**
 * What else must be named, so that what is left of a block is one: an element that may not be left out, of each group of which something is
 * named.
 */
export function missingFor(blocks: UtilityBlocks, edition: string, leaves: readonly string[]): string[] {
  const named = new Set(leaves)
  const occurs = (path: string): boolean =>
    path === '' || named.has(path) || leaves.some((leaf) => leaf.startsWith(`${path}/`))
  return inEdition(blocks, edition)
    .filter(({ path, optionality, format }) => {
      if (format === '') return optionality === 'R' && occurs(parentOf(path)) && !occurs(path)
      // An attribute without the value that it belongs to says nothing.
      return !named.has(path) && ((optionality === 'R' && occurs(parentOf(path))) || occurs(path))
    })
    .map(({ path }) => path)
}

/** The elements that no contract of an edition may leave out. Of a group that must be there and leaves the choice, some element is needed beside them. */
export function always(blocks: UtilityBlocks, edition: string, above = ''): string[] {
  return inEdition(blocks, edition)
    .filter(({ path, optionality }) => optionality === 'R' && parentOf(path) === above)
    .flatMap(({ path, format }) => [...(format === '' ? [] : [path]), ...always(blocks, edition, path)])
}

const parentOf = (path: string): string => path.split('/').slice(0, -1).join('/')

/** The path of what stands under a name of a group. A name that is a path itself is none of an element. */
function below(above: string, name: string): string {
  if (name === ownText) return above
  const step = name.includes('/') ? JSON.stringify(name) : name
  return above === '' ? step : `${above}/${step}`
}

/** A block with the named elements and no others. It shares nothing with the block that was given. */
export function withOnly(block: Block, leaves: readonly string[]): Block {
  return kept(block, '', new Set(leaves)) ?? {}
}

function kept(doc: Block, above: string, named: ReadonlySet<string>): Block | undefined {
  const left: Block = {}
  for (const name of Object.keys(doc)) {
    const path = below(above, name)
    const value = keptValue(doc[name], path, name === ownText, named)
    if (value !== undefined) left[name] = value
  }
  return Object.keys(left).length === 0 ? undefined : left
}

function keptValue(value: Value, path: string, isOwnText: boolean, named: ReadonlySet<string>): Value {
  if (value === undefined || (isOwnText && typeof value !== 'string')) return undefined
  if (!Array.isArray(value)) return keptOne(value, path, named)
  const some = value.map((each) => keptOne(each, path, named)).filter((each) => each !== undefined)
  return some.length === 0 ? undefined : some
}

function keptOne(value: string | Block, path: string, named: ReadonlySet<string>): string | Block | undefined {
  if (typeof value === 'string') return named.has(path) ? value : undefined
  return typeof value === 'object' && value !== null ? kept(value, path, named) : undefined
}

/** The elements of a block that are not among the named ones. */
export function beyond(block: Block, leaves: readonly string[]): string[] {
  const named = new Set(leaves)
  return [...new Set(valuesIn(block, ''))].filter((path) => !named.has(path))
}

function valuesIn(value: Value, path: string): string[] {
  if (typeof value === 'string') return [path]
  if (Array.isArray(value)) return value.flatMap((each) => valuesIn(each, path))
  if (value === undefined || value === null) return []
  return Object.keys(value).flatMap((name) => valuesIn(value[name], below(path, name)))
}
