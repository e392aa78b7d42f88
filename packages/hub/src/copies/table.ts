import { type Messages, readTable, type TableNode } from '@corridor/customs'
import { HubFault } from '../faults.ts'

/** One element that the members agreed to copy. */
export interface CopiedElement {
  /** Path in the document, names separated by dots. */
  path: string
  /** Name in the copy; with a dot it is a member of a group: `guarantee.grn`. */
  name: string
}

/** What is copied of each message type and of each event, as the members agreed. */
export interface CopyTable {
  covers(type: string): boolean
  /** Empty for a type of which nothing is copied. */
  elementsOf(type: string): readonly CopiedElement[]
}

/** Of which document the record of a movement has the shape, by the role of the office that holds it. */
const recordTypes: Readonly<Record<string, string>> = {
  departure: 'CC015C',
  transit: 'CD050C',
  exit: 'CD160C',
  destination: 'CD001C',
}
/** What an event has beside the record. */
const eventFields: ReadonlySet<string> = new Set(['state', 'office', 'limitDate', 'releaseDate'])
const columns = ['message type', 'element path', 'name', 'why']
const isName = /^[a-z][A-Za-z]{0,39}(\.[a-z][A-Za-z]{0,39})?$/
const isEvent = /^(departure|transit|exit|destination)\.[a-z][a-z-]{0,39}$/

/**
 * Reads the table of copies (`message type`, `element path`, `name`, `why`). A type is a message (`CD001C`) or an event of a movement at one of its
 * offices (`departure.released`): then paths are of the record, which has the shape of the document that it began with, and `state`, `office`,
 * `limitDate` and `releaseDate`.
 * @throws HubFault `copies-table` with the line, and what is wrong
 */
export function readCopyTable(text: string, messages: Messages, file: string): CopyTable {
  const byType = new Map<string, CopiedElement[]>()
  for (const row of tableOf(text, file).rows) {
    const [type = '', path = '', name = '', why = ''] = columns.map((column) => row.cell(column).trim())
    if (type.startsWith('#')) continue
    const wrong = (what: string): never => {
      throw new HubFault('copies-table', `${file}, line ${row.line}: ${what}`)
    }
    const roots = rootsOf(type, messages) ?? wrong(`“${type}” is no message and no event of an office`)
    if (why === '') wrong(`it does not say why ${path} is copied`)
    if (!isName.test(name)) wrong(`“${name}” is no name: letters, the first one small, at most one dot`)
    if (path.split('.').at(-1) === 'accessCode') wrong('an access code is never copied')
    const isOfEvent = isEvent.test(type) && eventFields.has(path)
    if (!isOfEvent && !isElement(roots, path)) wrong(`${type} has no element ${path} with a value`)
    const elements = byType.get(type) ?? []
    if (elements.some((element) => element.name === name)) wrong(`${type} has ${name} already`)
    const other = elements.find((element) => groupOf(element.name) !== '' && groupOf(element.name) === groupOf(name))
    if (other !== undefined && groupOf(other.path) !== groupOf(path))
      wrong(`${name} and ${other.name} must be of one group; their paths are ${path} and ${other.path}`)
    byType.set(type, [...elements, { path, name }])
  }
  return { covers: (type) => byType.has(type), elementsOf: (type) => byType.get(type) ?? [] }
}

/** What is before the last dot; '' when there is none. */
export function groupOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('.'), 0))
}

function tableOf(text: string, file: string) {
  try {
    return readTable(text, columns, file)
  } catch (error) {
    throw new HubFault('copies-table', (error as Error).message)
  }
}

function rootsOf(type: string, messages: Messages): readonly TableNode[] | undefined {
  return messages.get(isEvent.test(type) ? (recordTypes[groupOf(type)] ?? '') : type)?.root.children
}

/** Whether there is an element at a path that holds a value and no group. */
function isElement(roots: readonly TableNode[], path: string): boolean {
  let level = roots
  let found: TableNode | undefined
  for (const name of path.split('.')) {
    found = named(level, name)
    if (found === undefined) return false
    level = found.children ?? []
  }
  return found !== undefined && (found.children ?? []).length === 0
}

/** A choice or a sequence has no element of its own. */
function named(nodes: readonly TableNode[], name: string): TableNode | undefined {
  for (const node of nodes) {
    const isInvisible = node.kind === 'choice' || node.kind === 'sequence'
    const found = isInvisible ? named(node.children ?? [], name) : node.name === name ? node : undefined
    if (found !== undefined) return found
  }
  return undefined
}
