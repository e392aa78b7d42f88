/** Codes of a block against the lists of an administration. */
import { type CodeLists, type Doc, type Finding, functionalErrorCode } from '@corridor/customs'
import { leaves } from '../doc.ts'
import type { BlockElement } from './elements.ts'

/** Codes that are not in their list on a day; lists that are not there are not checked. */
export function checkCodes(
  block: Doc,
  codeLists: CodeLists,
  date: string,
  elements: ReadonlyMap<string, BlockElement>,
): Finding[] {
  return leaves(block).flatMap(({ path, element, value }) => {
    const list = elements.get(element)?.codeList ?? ''
    if (list === '' || !codeLists.knows(list) || codeLists.has(list, value, date)) return []
    return [
      {
        kind: 'codelist' as const,
        rule: list,
        code: functionalErrorCode.codeList,
        path: `/UtilityBlock/${path}`,
        value,
        allowed: `${list} (${codeLists.codes(list, date).length} codes)`,
        remedy: `Give a code of ${list} (${codeLists.sources(list)[0]?.name}) that is valid on ${date}.`,
        text: `The code is not in ${list} on ${date}.`,
      },
    ]
  })
}
