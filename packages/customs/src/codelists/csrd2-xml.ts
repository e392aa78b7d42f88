/**
 * The rows of a published export of CS/RD2 in XML, entry by entry.
 *
 * The code of an entry is its first data item; of `UnLocode` its first two. Customs offices are rows of `CustomsOffices`, and of each list
 * of offices that has one of their roles.
 */
import { attributeOf, childElements, textOf, type XmlElement } from '@corridor/xml'
import { partsOfCsrd2Xml, type Csrd2Part } from './csrd2-parts.ts'
import type { EntryRow, WrongLine } from './entry-rows.ts'
import type { OfficeLists } from './office-lists.ts'

/** The rows of an export, from its text in chunks of any size. */
export async function* rowsOfCsrd2Xml(
  chunks: Iterable<string> | AsyncIterable<string>,
  offices: OfficeLists,
): AsyncGenerator<EntryRow | WrongLine> {
  for await (const part of partsOfCsrd2Xml(chunks)) {
    if ('reason' in part) yield part
    else yield* rowsOf(part, offices)
  }
}

function rowsOf({ line, entity, entry }: Csrd2Part, offices: OfficeLists): EntryRow[] {
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
    for (const { name, roles: wanted } of offices) if (wanted.some((role) => roles.has(role))) lists.push(name)
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
