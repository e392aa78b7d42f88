/** Exports of CS/RD2 in XML (RDEntityList: RDEntity, RDEntry), read whole and written back: every language, item and group. */
import { attributeOf, childElements, escapeAttribute, escapeText, textOf, type XmlElement } from '@corridor/xml'
import { partsOfCsrd2Xml } from '../codelists/csrd2-parts.ts'
import type { WrongLine } from '../codelists/entry-rows.ts'
import type { ReadEntry, ReferenceEntry, ReferenceGroup } from './entry.ts'
import { daysOf, entryOf, type RawEntry } from './entry-of.ts'
import type { ListNaming } from './lists.ts'
import { strictly, type Chunks } from './text.ts'

/** Entities whose code is their first two items: the country, and what is its own within it. */
const twoItems = new Set(['UnLocode', 'CountryRegion'])

/** The item that names the entry above; our own, as CS/RD2 has no hierarchical list. */
const parentItem = 'ParentCode'

/** The entries of an export, one by one, in bounded memory. */
export function readCsrd2(chunks: Chunks, naming: ListNaming): AsyncGenerator<ReadEntry | WrongLine> {
  return strictly(chunks, async function* (text) {
    for await (const part of partsOfCsrd2Xml(text)) {
      if ('reason' in part) {
        yield part
        continue
      }
      const { line, entity } = part
      const raw = rawOf(part.entry, entity, naming(entity))
      const entry = typeof raw === 'string' ? raw : entryOf(raw)
      yield typeof entry === 'string' ? { line, reason: entry } : { line, entry }
    }
  })
}

function rawOf(element: XmlElement, entity: string, list: string): RawEntry | string {
  const read = groupOf(element, '')
  if (typeof read === 'string') return read
  const { [parentItem]: parent = '', ...items } = read.items
  const keyItems = twoItems.has(entity) ? 2 : 1
  const values = Object.values(items)
  if (values.length < keyItems) return 'no code: an entry begins with the item that is its code'
  const status = childElements(element).find(({ local }) => local === 'RDEntryStatus')
  const saying = (local: string): string => {
    const found = status && childElements(status).find((each) => each.local === local)
    return found ? textOf(found) : ''
  }
  const code = values.slice(0, keyItems).join('')
  if (saying('state') === '') return `${code}: no state`
  const texts = textsOf(element)
  if (typeof texts === 'string') return `${code}: ${texts}`
  return {
    list,
    code,
    state: saying('state'),
    from: saying('activeFrom'),
    to: saying('activeTo'),
    parent,
    texts,
    items,
    keyItems,
    groups: read.groups,
  }
}

function groupOf(element: XmlElement, name: string): ReferenceGroup | string {
  const items: Record<string, string> = {}
  const groups: ReferenceGroup[] = []
  for (const child of childElements(element)) {
    const its = attributeOf(child, 'name') ?? ''
    if (child.local === 'dataItem') {
      if (Object.hasOwn(items, its)) return `the item ${its} is there twice`
      items[its] = textOf(child)
    } else if (child.local === 'dataGroup') {
      const group = groupOf(child, its)
      if (typeof group === 'string') return group
      groups.push(group)
    } else if (name !== '' || !/^(RDEntryStatus|LsdList)$/.test(child.local)) return `an unknown element ${child.local}`
  }
  return { name, items, groups }
}

function textsOf(element: XmlElement): Record<string, string> | string {
  const texts: Record<string, string> = {}
  for (const list of childElements(element).filter(({ local }) => local === 'LsdList'))
    for (const description of childElements(list)) {
      const language = attributeOf(description, 'lang') ?? ''
      if (Object.hasOwn(texts, language)) return `a second description in ${language}`
      texts[language] = textOf(description)
    }
  return texts
}

const version = 'http://xmlns.ec.eu/BusinessObjects/CSRD2/'
const spaces = {
  list: `${version}ReferenceDataSubscriptionReceiverCBSServiceType/V2`,
  ns0: `${version}RDEntityEntryListType/V2`,
  ns1: `${version}RDEntityType/V2`,
  ns2: `${version}RDEntryType/V2`,
  ns3: `${version}RDStatusType/V2`,
  ns5: `${version}LsdListType/V2`,
}

/**
 * An export in chunks, from entries that come list by list.
 * @param nameOf the name of a list as the export's entity; the key item of an entry whose source had none is called `Code`
 */
export async function* writeCsrd2(
  entries: AsyncIterable<ReferenceEntry> | Iterable<ReferenceEntry>,
  nameOf: (list: string) => string,
): AsyncGenerator<string> {
  const declared = Object.entries(spaces).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<list:RDEntityList${declared.join('')}>\n`
  let open: string | undefined
  for await (const entry of entries) {
    if (entry.list !== open) {
      if (open !== undefined) yield '   </ns0:RDEntity>\n'
      yield `   <ns0:RDEntity name="${escapeAttribute(nameOf(entry.list))}">\n`
      open = entry.list
    }
    yield xmlOf(entry)
  }
  if (open !== undefined) yield '   </ns0:RDEntity>\n'
  yield '</list:RDEntityList>\n'
}

function xmlOf(entry: ReferenceEntry): string {
  const { state, from, to } = daysOf(entry)
  const texts = Object.entries(entry.texts)
  const items = {
    ...(entry.keyItems === 0 && { Code: entry.code }),
    ...entry.items,
    ...(entry.parent !== undefined && { [parentItem]: entry.parent }),
  }
  return [
    `      <ns1:RDEntry>\n         <ns2:RDEntryStatus>\n            <ns3:state>${state}</ns3:state>\n`,
    from && `            <ns3:activeFrom>${from}</ns3:activeFrom>\n`,
    to && `            <ns3:activeTo>${to}</ns3:activeTo>\n`,
    `         </ns2:RDEntryStatus>\n`,
    ...contentOf({ name: '', items, groups: entry.groups }, '         '),
    texts.length > 0 && '         <ns2:LsdList>\n',
    ...texts.map(([lang, text]) => {
      const tag = `            <ns5:description lang="${escapeAttribute(lang)}">`
      return `${tag}${escapeText(text)}</ns5:description>\n`
    }),
    texts.length > 0 && '         </ns2:LsdList>\n',
    '      </ns1:RDEntry>\n',
  ]
    .filter(Boolean)
    .join('')
}

function contentOf({ items, groups }: ReferenceGroup, indent: string): string[] {
  return [
    ...Object.entries(items).map(
      ([name, value]) => `${indent}<ns2:dataItem name="${escapeAttribute(name)}">${escapeText(value)}</ns2:dataItem>\n`,
    ),
    ...groups.flatMap((group) => [
      `${indent}<ns2:dataGroup name="${escapeAttribute(group.name)}">\n`,
      ...contentOf(group, `${indent}   `),
      `${indent}</ns2:dataGroup>\n`,
    ]),
  ]
}
