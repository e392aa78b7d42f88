import {
  baseOf,
  type CodeListPart,
  type CodeLists,
  codeOf,
  compileCodeLists,
  compileMessages,
  compileRules,
  listsFromTables,
  type Messages,
  officeCodeOf,
  officeParts,
  officesList,
  overlayCodeLists,
  partOf,
  type Rules,
  withParts,
} from '@corridor/customs'
import { loadCorridorTables } from './corridor-tables.ts'
import { folder, ownFolders } from './files.ts'
import { loadOfficeLists } from './office-lists.ts'
import { isPart, partIn } from './shipped-lists.ts'

/** All that documents are read and checked with, compiled. */
export interface DocumentTables {
  messages: Messages
  rules: Rules
  codeLists: CodeLists
}

/**
 * Reads and compiles the tables of documents: messages, code lists, rules. A few tens of milliseconds, once a process.
 * @param overlays folder of a corridor's own code lists (countries, offices), laid over the published ones
 * @param customs the room of these tables; that of this repository unless told
 * @throws CustomsFault naming the table and the line that is wrong
 */
export function loadDocuments(overlays?: URL, customs: URL = ownFolders.customs): DocumentTables {
  const messages = loadMessages(customs)
  const published = compileCodeLists({
    ...listsFromTables(loadCorridorTables(customs)),
    ...folder(customs, 'codelists/'),
    ...folder(customs, 'reference/common/'),
  })
  const codeLists = overlays === undefined ? published : withCorridor(published, overlays, customs)
  return { messages, rules: compileRules(folder(customs, 'rules/'), messages), codeLists }
}

/** Lays a corridor's own lists over the published ones: additions and whole lists, then the parts of administrations. */
function withCorridor(published: CodeLists, overlays: URL, customs: URL): CodeLists {
  const [parts, others] = [new Map<string, CodeListPart[]>(), {} as Record<string, string>]
  for (const [file, text] of Object.entries(folder(overlays, ''))) {
    if (!isPart(text)) {
      others[file] = text
      continue
    }
    const { head, entries } = partIn(file, text)
    const offices = baseOf(head.id) === officesList ? entries.map(({ entry }) => officeCodeOf(entry)) : undefined
    const part = partOf(head, offices ?? entries.map(({ entry }) => codeOf(entry)))
    const also = offices === undefined ? [] : [...officeParts(loadOfficeLists(customs), part, offices)]
    for (const [list, own] of [[baseOf(head.id), part] as const, ...also])
      if (own.codes.length > 0) parts.set(list, [...(parts.get(list) ?? []), own])
  }
  return withParts(overlayCodeLists(published, others), parts, 'beside')
}

/** Reads and compiles the message tables alone. @throws CustomsFault naming the table and the line that is wrong */
export function loadMessages(customs: URL = ownFolders.customs): Messages {
  const { groups = '', formats = '', ...messages } = folder(customs, 'messages/')
  return compileMessages({ messages, groups, formats })
}
