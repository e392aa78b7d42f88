/**
 * The utility block: the elements of a declaration that two administrations agreed on, by the names of the WCO Data Model, in editions
 * that stand side by side.
 */
import {
  type CodeLists,
  compileEditions,
  CustomsFault,
  type Doc,
  type Editions,
  type Finding,
  type MessageTable,
  readJson,
  xmlErrorCode,
} from '@corridor/customs'
import { compact, leaves, textAt } from '../doc.ts'
import { canonicalJson } from './canonical.ts'
import {
  type BlockEdition,
  type BlockElement,
  type BlockTexts,
  compareEditions,
  readEditions,
  readElements,
  sameMain,
  textsOf,
} from './elements.ts'
import { only } from './part.ts'
import { type BlockRule, compileBlockRules } from './rules.ts'
import { checkCodes } from './codes.ts'

/** A utility block in its JSON form, what is inside of `{"UtilityBlock": …}`. */
export type Block = Doc

/** What reading a block gave. */
export interface BlockReading {
  /** edition that the block says it has; undefined when it does not say it rightly */
  readonly edition: string | undefined
  /** what could be read; do not act on it while there are findings */
  readonly block: Block | undefined
  readonly findings: readonly Finding[]
  /**
   * Places that a newer edition has and this reader does not know: they are not in `block`. Keep the bytes, whoever reads the newer
   * edition later finds them there.
   */
  readonly unknown: readonly string[]
}

/** A block made fit for a reader of an older edition. */
export interface OlderBlock {
  readonly block: Block
  /** what had to be left out, because that edition does not have it */
  readonly left: readonly { readonly path: string; readonly value: string }[]
}

/** All editions of the utility block. */
export interface UtilityBlocks {
  /** oldest first */
  readonly editions: readonly BlockEdition[]
  readonly newest: string
  readonly elements: readonly BlockElement[]
  readonly rules: readonly BlockRule[]
  /** The row of an element; the path without numbers. */
  element(path: string): BlockElement | undefined
  /** The message table of an edition, for what is generated from tables (schemas, pages). Throws `table-reference`. */
  table(edition: string): MessageTable
  /**
   * Reads a block in its JSON or XML form and names everything that is wrong with structure, formats and rules.
   * @param as the newest edition that the reader knows, this program's newest unless told
   */
  read(bytes: Uint8Array, as?: string): BlockReading
  /** What is wrong with a block that was not read but made. */
  check(block: Block): readonly Finding[]
  /**
   * Codes of a block that are not in their list on a day, yyyy-mm-dd. Lists that are not there are not checked. Apart from `read`, since lists
   * are an administration's own and change.
   */
  checkCodes(block: Block, codeLists: CodeLists, date: string): readonly Finding[]
  /**
   * The block with some elements only: of a group all below it. What says whose block and which edition it is stays. Such a part is no
   * whole block: {@link partial} reads it.
   */
  only(block: Block, elements: readonly string[]): Block
  /** Reads a part of a block: as `read`, but nothing is missed, and no rule is looked at that compares elements. */
  partial(bytes: Uint8Array, as?: string): BlockReading
  /** The canonical bytes: the same block is the same bytes. Throws a fault for a name that the edition does not have. */
  write(block: Block): Uint8Array
  /** The same as XML, in the order of the table. */
  writeXml(block: Block): Uint8Array
  /** The block for a reader of an edition, and what it loses. Throws `table-reference` for an edition that is not there. */
  toEdition(block: Block, edition: string): OlderBlock
}

const editionElement = 'AgencyAssignedCustomizationVersionCode'

/** Compiles the tables of the utility block. Some milliseconds; once a process. Throws CustomsFault with table and line. */
export function compileBlocks(texts: BlockTexts): UtilityBlocks {
  const elements = readElements(texts.elements)
  const editions = readEditions(texts.editions)
  const names = editions.map(({ edition }) => edition)
  const newest = names.at(-1)
  if (newest === undefined) throw new CustomsFault('table-syntax', 'editions: there is none')
  const stray = elements.find(({ since }) => !names.includes(since))
  if (stray) throw new CustomsFault('table-syntax', `elements, line ${stray.line}: there is no edition ${stray.since}`)
  const compiled = compileEditions(Object.fromEntries(names.map((name) => [name, textsOf(name, elements, texts)])))
  const byPath = new Map(elements.map((element) => [element.path, element]))
  const rules = compileBlockRules(texts.rules, new Set(byPath.keys()))
  const table = (edition: string): MessageTable => compiled.get('UtilityBlock', edition)!
  const read = (bytes: Uint8Array, as = newest): BlockReading => {
    const { edition, ...reading } = readAs(compiled, names, bytes, as)
    if (reading.block === undefined || reading.findings.length > 0) return { edition, ...reading }
    return { edition, ...reading, findings: rules.broken(reading.block) }
  }
  const editionOf = (block: Block): string => {
    const said = textAt(block, editionElement)
    if (said === undefined || !names.includes(said))
      throw new CustomsFault('bad-value', `a block of the edition ${said ?? '(none)'} cannot be written here`)
    return said
  }
  const write = (block: Block): Uint8Array => {
    // The writer refuses names and shapes that the edition does not have.
    table(editionOf(block)).write(block)
    return canonicalJson({ UtilityBlock: block })
  }
  return {
    editions,
    newest,
    elements,
    rules: rules.rules,
    element: (path) => byPath.get(path),
    table,
    read,
    check: (block) => read(canonicalJson({ UtilityBlock: block })).findings,
    checkCodes: (block, codeLists, date) => checkCodes(block, codeLists, date, byPath),
    only: (block, wanted) => only(block, wanted, byPath),
    partial: (bytes, as = newest) => {
      const reading = readAs(compiled, names, bytes, as)
      return { ...reading, findings: reading.findings.filter(({ rule }) => rule !== 'required') }
    },
    write,
    writeXml: (block) => table(editionOf(block)).write(block),
    toEdition: (block, edition) => {
      table(edition)
      return older(block, edition, byPath)
    },
  }
}

/** A reader of the edition `as` at work: reads with the table of the block's own edition where it has that, else with its own. */
function readAs(editions: Editions, names: readonly string[], bytes: Uint8Array, as: string): BlockReading {
  const first = readWith(editions, as, bytes)
  const edition = first.block && textAt(first.block, editionElement)
  if (edition === undefined || edition === as) return { ...first, edition, unknown: [] }
  if (names.includes(edition) && compareEditions(edition, as) < 0)
    return { ...readWith(editions, edition, bytes), edition, unknown: [] }
  if (!/^\d{1,2}\.\d{1,2}$/.test(edition)) return { ...first, edition: undefined, unknown: [] }
  if (!sameMain(edition, as) || compareEditions(edition, as) < 0)
    return { block: undefined, edition, findings: [otherEdition(edition, as)], unknown: [] }
  const isUnknown = ({ rule }: Finding): boolean => rule === 'unknown' || rule === 'attribute'
  return {
    edition,
    block: first.block,
    findings: first.findings.filter((finding) => !isUnknown(finding)),
    unknown: first.findings.filter(isUnknown).map(({ path }) => path),
  }
}

function readWith(editions: Editions, edition: string, bytes: Uint8Array): Pick<BlockReading, 'block' | 'findings'> {
  if (isXml(bytes)) {
    const { document, findings } = editions.get('UtilityBlock', edition)!.read(bytes)
    return { block: document, findings }
  }
  const { document, findings } = readJson(editions.of(edition), bytes)
  return { block: document, findings }
}

/** Whether the first character that is no white space begins a tag; a byte order mark is passed over. */
function isXml(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte))
  return first === 0x3c
}

const otherEdition = (edition: string, as: string): Finding => ({
  kind: 'xml',
  rule: 'edition',
  code: xmlErrorCode.enumeration,
  path: `/UtilityBlock/${editionElement}`,
  value: edition,
  allowed: `editions ${as.split('.')[0]}.x`,
  remedy: `Send the block in the edition ${as}, or agree on editions with the reader.`,
  text: `This reader does not know the edition ${edition}, and cannot tell what its elements mean.`,
})

function older(block: Block, edition: string, byPath: ReadonlyMap<string, BlockElement>): OlderBlock {
  const left = leaves(block).filter(({ element }) => compareEditions(byPath.get(element)?.since ?? '0.0', edition) > 0)
  const kept = (doc: Doc, above: string): Doc =>
    Object.fromEntries(
      Object.entries(doc)
        .filter(([name]) => compareEditions(byPath.get(above + name)?.since ?? '0.0', edition) <= 0)
        .map(([name, value]) => {
          const inside = (each: string | Doc): string | Doc =>
            typeof each === 'string' ? each : kept(each, `${above}${name}/`)
          return [name, Array.isArray(value) ? value.map(inside) : value === undefined ? undefined : inside(value)]
        }),
    )
  return {
    block: compact({ ...kept(block, ''), [editionElement]: edition }),
    left: left.map(({ path, value }) => ({ path, value })),
  }
}
