import {
  type CodeLists,
  compileCodeLists,
  compileMessages,
  compileRules,
  listsFromTables,
  type Messages,
  overlayCodeLists,
  type Rules,
} from '@corridor/customs'
import { loadCorridorTables } from './corridor-tables.ts'
import { folder, ownFolders } from './files.ts'

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
  const codeLists = overlays === undefined ? published : overlayCodeLists(published, folder(overlays, ''))
  return { messages, rules: compileRules(folder(customs, 'rules/'), messages), codeLists }
}

/** Reads and compiles the message tables alone. @throws CustomsFault naming the table and the line that is wrong */
export function loadMessages(customs: URL = ownFolders.customs): Messages {
  const { groups = '', formats = '', ...messages } = folder(customs, 'messages/')
  return compileMessages({ messages, groups, formats })
}
