/** Where documents have codes: derived from the message tables, so that nobody lists fields by hand. */
import { baseOf } from '../reference/parts.ts'
import type { Messages } from './messages.ts'
import type { TableNode } from './fields.ts'

/**
 * The fields whose codes are of one of some lists, as SQL/JSON paths from the document element of a document's JSON form:
 * `$."Consignment"."HouseConsignment"."Packaging"."typeOfPackages"`. In the lax mode, the usual one, a step goes into each occurrence of a
 * group that repeats.
 * @param lists ids as the message tables name them (`CL017`); a part of a list (`CL141/NTA.AL`) is checked
 * with the list, and has its fields
 * @returns each path once, in alphabetical order
 */
export function codePaths(messages: Messages, lists: readonly string[]): string[] {
  const wanted = new Set(lists.map(baseOf))
  const paths = new Set<string>()
  const walk = (nodes: readonly TableNode[], above: string): void => {
    for (const { kind, name, codeList, children = [], attributes = [] } of nodes) {
      // A choice or a sequence has no element of its own.
      const path = kind === 'choice' || kind === 'sequence' ? above : `${above}.${JSON.stringify(name)}`
      if (codeList !== undefined && wanted.has(codeList)) paths.add(path)
      walk(attributes, path)
      walk(children, path)
    }
  }
  for (const type of messages.types) walk(messages.get(type)?.root.children ?? [], '$')
  return [...paths].sort()
}
