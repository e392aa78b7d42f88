/** What an importer changed in the declaration that was begun for him, element by element. */
import { compareAmounts, type Doc } from '@corridor/customs'
import type { Block, UtilityBlocks } from '../blocks/blocks.ts'
import { leaves } from '../doc.ts'
import type { DraftTables } from './draft-table.ts'

/** One element that is not as in the draft. */
export interface Change {
  /** where it is in the declaration that was lodged; of what was removed, where it was in the draft */
  readonly path: string
  readonly element: string
  /** what the element means */
  readonly meaning: string
  /** `completed`: the draft had nothing there */
  readonly kind: 'completed' | 'changed' | 'removed'
  readonly was: string | undefined
  readonly is: string | undefined
}

/**
 * Compares a lodged declaration with its draft. Groups that repeat are the same group when their keys are (an item by its number, a
 * container by its own), else by their order. Numbers are compared by value: `5.0` is `5`. What the importing administration gives
 * itself, such as the number of registration, is no change.
 */
export function changesOf(draft: Block, lodged: Block, blocks: UtilityBlocks, { rows }: DraftTables): Change[] {
  const registered = new Set(rows.filter(({ how }) => how === 'registered').map(({ from }) => from))
  const found: Change[] = []
  const compare: Compare = { blocks, found, registered }
  groups(draft, lodged, { element: '', was: '', is: '' }, compare)
  return found
}

interface Compare {
  readonly blocks: UtilityBlocks
  readonly found: Change[]
  readonly registered: ReadonlySet<string>
}

/** One place, by its path in both. */
interface At {
  readonly element: string
  readonly was: string
  readonly is: string
}

type Value = string | Doc | (string | Doc)[] | undefined

const below = (at: At, name: string): At => {
  const step = (above: string): string => (above === '' ? name : `${above}/${name}`)
  return { element: step(at.element), was: step(at.was), is: step(at.is) }
}

function groups(was: Doc, is: Doc, at: At, compare: Compare): void {
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const place = name === '#text' ? at : below(at, name)
    values(was[name], is[name], place, compare)
  }
}

function values(was: Value, is: Value, at: At, compare: Compare): void {
  if (Array.isArray(was) || Array.isArray(is)) {
    for (const [first, second] of matched(listOf(was), listOf(is), at.element, compare.blocks)) {
      const step = (path: string, index: number | undefined, other: number | undefined): string =>
        `${path}[${index ?? other}]`
      const place = {
        element: at.element,
        was: step(at.was, first?.index, second?.index),
        is: step(at.is, second?.index, first?.index),
      }
      values(first?.value, second?.value, place, compare)
    }
  } else if (typeof was === 'object' || typeof is === 'object')
    groups(typeof was === 'object' ? was : {}, typeof is === 'object' ? is : {}, at, compare)
  else texts(was, is, at, compare)
}

function texts(was: string | undefined, is: string | undefined, at: At, { blocks, found, registered }: Compare): void {
  const { element } = at
  const row = blocks.element(element)
  if (was === is || registered.has(element) || (was !== undefined && is !== undefined && isEqual(was, is, row?.format)))
    return
  found.push({
    path: is === undefined ? at.was : at.is,
    element,
    meaning: row?.meaning ?? '',
    kind: was === undefined ? 'completed' : is === undefined ? 'removed' : 'changed',
    was,
    is,
  })
}

function isEqual(was: string, is: string, format: string | undefined): boolean {
  const isNumber = /^n\.\.\d+(,|$)/.test(format ?? '') && [was, is].every((text) => /^\d+(\.\d+)?$/.test(text))
  return isNumber && compareAmounts(was, is) === 0
}

interface Entry {
  readonly index: number
  readonly value: string | Doc
}

const listOf = (value: Value): Entry[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((each, at) => ({
    index: at + 1,
    value: each,
  }))

/** Pairs what belongs together: by keys where each is there once on both sides, else by order. */
function matched(
  was: readonly Entry[],
  is: readonly Entry[],
  element: string,
  blocks: UtilityBlocks,
): [Entry | undefined, Entry | undefined][] {
  const keys = blocks.elements.filter(({ path, isKey, name }) => isKey && path.slice(0, -name.length - 1) === element)
  const keyOf = ({ value }: Entry): string =>
    typeof value === 'string' ? value : JSON.stringify(keys.map(({ name }) => value[name] ?? null))
  const isOnce = (entries: readonly Entry[]): boolean => new Set(entries.map(keyOf)).size === entries.length
  if (keys.length === 0 || !isOnce(was) || !isOnce(is))
    return Array.from({ length: Math.max(was.length, is.length) }, (_, at) => [was[at], is[at]])
  const byKey = new Map(is.map((entry) => [keyOf(entry), entry]))
  const taken = new Set<Entry>()
  const pairs = was.map((entry): [Entry, Entry | undefined] => {
    const other = byKey.get(keyOf(entry))
    if (other) taken.add(other)
    return [entry, other]
  })
  return [...pairs, ...is.filter((entry) => !taken.has(entry)).map((entry): [undefined, Entry] => [undefined, entry])]
}

/** How many texts a declaration has in all: beside the number of changes it says how much of a draft was of use. */
export const sizeOf = (block: Block): number => leaves(block).length
