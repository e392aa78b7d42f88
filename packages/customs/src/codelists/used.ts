import type { TableNode } from '../messages/fields.ts'
import type { Messages } from '../messages/messages.ts'
import type { Rules } from '../rules/rules.ts'

/** The code lists with which documents are checked: those of a field of some message, and those that rules name. */
export function codeListsUsed(messages: Messages, rules: Rules): ReadonlySet<string> {
  const used = new Set(rules.codeLists)
  const seen = new Set<readonly TableNode[]>()
  const look = (fields: readonly TableNode[]): void => {
    if (seen.has(fields)) return
    seen.add(fields)
    for (const { codeList, children = [], attributes = [] } of fields) {
      if (codeList !== undefined) used.add(codeList)
      look(children)
      look(attributes)
    }
  }
  for (const type of messages.types) look(messages.get(type)?.root.children ?? [])
  return used
}
