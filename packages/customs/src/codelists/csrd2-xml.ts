/**
 * The rows of a published export of CS/RD2 in XML (RDEntityList: RDEntity, RDEntry), entry by entry, so that a file of any size is read
 * in bounded memory. Each entry is read strictly by itself; one that cannot be read is a wrong line.
 *
 * The code of an entry is its first data item; of `UnLocode` its first two. Customs offices are rows of `CustomsOffices`, and of each list
 * of offices that has one of their roles.
 */
import { attributeOf, childElements, parse, textOf, XmlFault, type XmlElement } from '@corridor/xml'
import { readTable } from '../tsv.ts'
import type { EntryRow, WrongLine } from './entry-rows.ts'

/** Lists of customs offices by name, and the roles of which an office has one. */
export type OfficeLists = ReadonlyMap<string, readonly string[]>

/** Reads the table `list name roles` (imports/office-lists.tsv). Throws `table-syntax`. */
export function readOfficeLists(text: string): OfficeLists {
  const { rows } = readTable(text, ['list', 'name', 'roles'], 'office-lists')
  return new Map(rows.map((row) => [row.cell('name'), row.cell('roles').split(' ')]))
}

/** An entry is not longer, in characters: customs offices with all their timetables have at most about 100,000. */
const longestEntry = 1_000_000

/** The rows of an export, from its text in chunks of any size. */
export async function* rowsOfCsrd2Xml(
  chunks: Iterable<string> | AsyncIterable<string>,
  offices: OfficeLists,
): AsyncGenerator<EntryRow | WrongLine> {
  const splitter = new Splitter()
  for await (const chunk of chunks) {
    splitter.add(chunk)
    for (let part = splitter.next(); part; part = splitter.next()) yield* rowsOf(part, offices)
    if (splitter.stuck) break
  }
  const reason = splitter.end()
  if (reason) yield { line: splitter.line, reason }
}

/** The text of one entry, as a document of its own. */
interface Part {
  readonly line: number
  readonly entity: string
  readonly xml: string
}

/** Cuts the export into its entries. */
class Splitter {
  stuck: string | undefined
  line = 1
  #text = ''
  #root: { start: string; end: string } | undefined
  #entity = ''
  #closed = false

  add(chunk: string): void {
    this.#text += chunk
  }

  next(): Part | undefined {
    while (!this.stuck) {
      if (!this.#root && !this.#readRoot()) return undefined
      const tag = /<(\/?)((?:[\w.-]+:)?)(RDEntityList|RDEntity|RDEntry)(\s[^<>]*)?>/.exec(this.#text)
      if (!tag) {
        this.#drop(this.#text.lastIndexOf('<'))
        return undefined
      }
      const [whole, slash, prefix = '', name, attributes = ''] = tag
      if (name === 'RDEntry' && slash === '') {
        this.#drop(tag.index)
        const end = `</${prefix}RDEntry>`
        const at = this.#text.indexOf(end)
        if (at < 0) {
          if (this.#text.length > longestEntry) this.stuck = `an entry is longer than ${longestEntry} characters`
          return undefined
        }
        const line = this.line
        const xml = this.#root!.start + this.#text.slice(0, at + end.length) + this.#root!.end
        this.#drop(at + end.length)
        return { line, entity: this.#entity, xml }
      }
      if (name === 'RDEntity') this.#entity = slash === '' ? (/\bname="([^"]*)"/.exec(attributes)?.[1] ?? '') : ''
      else if (name === 'RDEntityList') this.#closed = true
      this.#drop(tag.index + whole.length)
    }
    return undefined
  }

  /** What is wrong with the end of the export. */
  end(): string | undefined {
    if (this.stuck) return this.stuck
    if (!this.#root) return 'no RDEntityList'
    return this.#closed ? undefined : 'the export ends before its end'
  }

  #readRoot(): boolean {
    if (/<!DOCTYPE/i.test(this.#text)) this.stuck = 'a DOCTYPE'
    const root = /<((?:[\w.-]+:)?RDEntityList)(?:\s[^<>]*)?>/.exec(this.#text)
    if (this.stuck || !root) {
      if (this.#text.length > longestEntry) this.stuck ??= 'no RDEntityList'
      return false
    }
    this.#root = { start: root[0], end: `</${root[1]}>` }
    this.#drop(root.index + root[0].length)
    return true
  }

  /** Leaves off the first characters, and counts their lines. */
  #drop(length: number): void {
    if (length <= 0) return
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < length; at = this.#text.indexOf('\n', at + 1))
      this.line += 1
    this.#text = this.#text.slice(length)
  }
}

const encoder = new TextEncoder()

function rowsOf({ line, entity, xml }: Part, offices: OfficeLists): (EntryRow | WrongLine)[] {
  let entry: XmlElement | undefined
  try {
    entry = childElements(parse(encoder.encode(xml), { refuse: { cdata: true, comments: true } }))[0]
  } catch (fault) {
    if (!(fault instanceof XmlFault)) throw fault
    return [{ line, reason: fault.message }]
  }
  if (!entry) return [{ line, reason: 'an entry without content' }]
  const items = childElements(entry).filter(({ local }) => local === 'dataItem')
  const row = {
    line,
    code: items
      .slice(0, entity === 'UnLocode' ? 2 : 1)
      .map(textOf)
      .join(''),
    validFrom: below(entry, 'activeFrom'),
    validTo: below(entry, 'activeTo'),
    text: textIn(entry),
    state: below(entry, 'state'),
    name: '',
  }
  const lists = [entity]
  if (entity === 'CustomsOffices') {
    const roles = new Set(itemsNamed(entry, 'Role').map(textOf))
    for (const [name, wanted] of offices) if (wanted.some((role) => roles.has(role))) lists.push(name)
  }
  return lists.map((list) => ({ ...row, list }))
}

function* descendants(element: XmlElement): Generator<XmlElement> {
  for (const child of childElements(element)) {
    yield child
    yield* descendants(child)
  }
}

function below(entry: XmlElement, local: string): string {
  for (const element of descendants(entry)) if (element.local === local) return textOf(element)
  return ''
}

function itemsNamed(element: XmlElement, name: string): XmlElement[] {
  return [...descendants(element)].filter((each) => each.local === 'dataItem' && attributeOf(each, 'name') === name)
}

/** English where there is any: the description, the name of an office, else what is called a name. */
function textIn(entry: XmlElement): string {
  const descriptions = [...descendants(entry)].filter(({ local }) => local === 'description')
  const english = descriptions.find((each) => attributeOf(each, 'lang') === 'en') ?? descriptions[0]
  if (english) return textOf(english)
  const isNamed = (element: XmlElement, ending: string): boolean =>
    attributeOf(element, 'name')?.endsWith(ending) ?? false
  const groups = childElements(entry).filter((each) => each.local === 'dataGroup' && isNamed(each, 'Lsd'))
  const group =
    groups.find((each) => itemsNamed(each, 'LanguageCode').some((code) => textOf(code) === 'EN')) ?? groups[0]
  const name = [...descendants(group ?? entry)].find((each) => isNamed(each, 'Name'))
  return name ? textOf(name) : ''
}
