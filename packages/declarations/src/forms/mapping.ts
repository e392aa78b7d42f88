/** The mapping of a form: which element of the block is which of the form. */
import { CustomsFault, readTable } from '@corridor/customs'
import type { BlockElement } from '../blocks/elements.ts'
import { compileConvert, type Convert, type FormCodes } from './convert.ts'
import { type Layout, layoutAt } from './layout.ts'
import { type FormStep, formSteps } from './tree.ts'

/** One row of a `mapping.tsv`. */
export interface MappingRow {
  /** undefined where the row says what the form always says */
  readonly block: readonly FormStep[] | undefined
  /** undefined where the row says what the block always says */
  readonly form: readonly FormStep[] | undefined
  readonly convert: Convert
  /** in declarations of this flow only: `EX`, `IM`; '' for all */
  readonly when: string
  /** `read`: from the form to the block only, `write`: the other way only */
  readonly way: '' | 'read' | 'write'
  /** most characters of the field */
  readonly length: number | undefined
  readonly line: number
}

/** An element of the block for which the form has nothing. */
export interface NotMapped {
  /** of the block, without numbers; of a group it means all below it */
  readonly element: string
  readonly why: string
}

/** A mapping, compiled. */
export interface Mapping {
  readonly rows: readonly MappingRow[]
  readonly notMapped: readonly NotMapped[]
}

const columns = ['block', 'form', 'convert', 'when', 'way', 'why']

/**
 * Reads a mapping against the elements of the block and the layout of the form. Throws `table-syntax` or `table-reference` with the line
 * for a path that is not there, and for an element of the block that no row names: what a form cannot hold is said, never forgotten.
 */
export function readMapping(
  text: string,
  layout: Layout,
  codes: FormCodes,
  elements: readonly BlockElement[],
  what: string,
): Mapping {
  const known = new Set(elements.map(({ path }) => path))
  const [rows, notMapped]: [MappingRow[], NotMapped[]] = [[], []]
  for (const row of readTable(text, columns, what).rows) {
    const stop = (why: string): never => {
      throw new CustomsFault('table-syntax', `${what}, line ${row.line}: ${why}`)
    }
    const [block, form] = [row.cell('block'), row.cell('form')]
    const element = block.replaceAll(/\[[^\]]*\]/g, '')
    if (block !== '' && !known.has(element))
      throw new CustomsFault('table-reference', `${what}, line ${row.line}: the block has no ${element}`)
    if (form === '-') {
      if (row.cell('why') === '') stop('say why the form has nothing for it')
      notMapped.push({ element, why: row.cell('why') })
      continue
    }
    rows.push(compiled(row, layout, codes, what, stop))
  }
  complete(elements, rows, notMapped, what)
  return { rows, notMapped }
}

/** Whether a conversion makes its value of nothing that stands on the other side. */
export const standsAlone = ({ kind }: Convert): boolean => kind === 'is' || kind === 'fact' || kind === 'number'

interface Cells {
  readonly line: number
  cell(column: string): string
}

function compiled(
  row: Cells,
  layout: Layout,
  codes: FormCodes,
  what: string,
  stop: (why: string) => never,
): MappingRow {
  const [block, form, when, way] = ['block', 'form', 'when', 'way'].map((name) => row.cell(name)) as [
    string,
    string,
    string,
    string,
  ]
  const blockSteps = block === '' ? undefined : (formSteps(block) ?? stop(`${block} is no path`))
  const steps = form === '' ? undefined : (formSteps(form) ?? stop(`${form} is no path`))
  const place =
    steps &&
    layoutAt(
      layout.root,
      steps.map(({ name }) => name),
    )
  if (steps && !place) throw new CustomsFault('table-reference', `${what}, line ${row.line}: the form has no ${form}`)
  let convert: Convert
  try {
    convert = compileConvert(row.cell('convert'), codes)
  } catch (error) {
    return stop(error instanceof Error ? error.message.replace(/^[\w-]+: /, '') : String(error))
  }
  const stars = (all: readonly FormStep[] | undefined): number =>
    (all ?? []).filter(({ index }) => index === '*').length
  const isAlone = standsAlone(convert)
  if ((blockSteps === undefined || steps === undefined) !== isAlone || (!blockSteps && !steps))
    stop('a row has a path on both sides, or on one with is, fact or number')
  if (!isAlone && stars(blockSteps) !== stars(steps)) stop('both paths have the same number of [*]')
  if (!/^(EX|IM)?$/.test(when) || !/^(read|write)?$/.test(way))
    stop('when is EX, IM or nothing; way is read, write or nothing')
  return {
    block: blockSteps,
    form: steps,
    convert,
    when,
    way: way as MappingRow['way'],
    length: place?.length,
    line: row.line,
  }
}

/** Every element with a value is in a row, or said not to be. */
function complete(
  elements: readonly BlockElement[],
  rows: readonly MappingRow[],
  notMapped: readonly NotMapped[],
  what: string,
): void {
  const mapped = new Set(rows.flatMap(({ block }) => (block ? [block.map(({ name }) => name).join('/')] : [])))
  const left = elements.filter(
    ({ path, format }) =>
      format !== '' &&
      !mapped.has(path) &&
      !notMapped.some(({ element }) => path === element || path.startsWith(`${element}/`)),
  )
  if (left.length > 0)
    throw new CustomsFault('table-reference', `${what}: nothing is said of ${left.map(({ path }) => path).join(', ')}`)
}
