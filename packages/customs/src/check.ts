/** The functional check of a document: code lists, then rules and conditions. */
import type { CodeLists } from './codelists/code-lists.ts'
import { pathOf, type Doc, type Place } from './document.ts'
import { functionalErrorCode, maxFindings, valueToShow, type Finding } from './finding.ts'
import type { TableNode } from './messages/fields.ts'
import type { MessageTable } from './messages/messages.ts'
import type { Facts, NotEvaluated } from './rules/facts.ts'
import type { NamedDates } from './rules/period.ts'
import type { Rules } from './rules/rules.ts'

/** What a document is checked with. */
export interface CheckContext {
  readonly codeLists: CodeLists
  readonly rules: Rules
  /** the day whose codes and rules count, `yyyy-mm-dd`: that of the movement, not of the reading */
  readonly date: string
  /** the days that rules name, such as the end of the transitional period; `defaultDates` when not given */
  readonly dates?: NamedDates
  /** look-ups beyond the document; rules that need one which is not given are not evaluated, and `examine` names them */
  readonly facts?: Facts
}

/** What is wrong with a document, and what could not be told. */
export interface Examination {
  readonly findings: Finding[]
  readonly notEvaluated: readonly NotEvaluated[]
}

/**
 * Checks a document whose structure is right (`table.read` had no findings): the message type, every code whose list is known, and the
 * rules and conditions of the message. Returns every violation, at most 9999, with codes of CL180. Lists that are not there are not
 * checked; `codeLists.knows` tells.
 */
export function check(table: MessageTable, doc: Doc, context: CheckContext): Finding[] {
  return examine(table, doc, context).findings
}

/** Like `check`, with the rules that were not evaluated because a fact or a code list was not given. */
export function examine(table: MessageTable, doc: Doc, context: CheckContext): Examination {
  const { codeLists, rules, date } = context
  const findings: Finding[] = []
  const root: Place = { parent: undefined, name: table.type, index: 0 }
  const claimed = doc['messageType']
  if (typeof claimed === 'string' && claimed !== table.type) {
    findings.push({
      kind: 'rule',
      rule: 'CL060',
      code: functionalErrorCode.rule,
      path: pathOf({ parent: root, name: 'messageType', index: 0 }),
      value: claimed,
      allowed: table.type,
      remedy: `Give the message type ${table.type}.`,
      text: 'The message type is not that of the document.',
    })
  }
  checkCodes(codedFields(table.root.children), doc, root, (field, value, place) => {
    const list = field.codeList!
    if (!codeLists.knows(list) || codeLists.has(list, value, date)) return
    findings.push(notInList(list, value, place, codeLists, date))
  })
  const evaluation = rules.evaluate(table.type, doc, context)
  return {
    findings: [...findings, ...evaluation.findings].slice(0, maxFindings),
    notEvaluated: evaluation.notEvaluated,
  }
}

/** The fields of a group that have a code list, and the groups below which there are any. */
interface Coded {
  readonly field: TableNode
  readonly inside: readonly Coded[] | undefined
}

const known = new WeakMap<readonly TableNode[], readonly Coded[]>()

function codedFields(fields: readonly TableNode[]): readonly Coded[] {
  let coded = known.get(fields)
  if (!coded) {
    coded = fields.flatMap((field): Coded[] => {
      if (field.codeList) return [{ field, inside: undefined }]
      const inside = field.children ? codedFields(field.children) : []
      return inside.length > 0 ? [{ field, inside }] : []
    })
    known.set(fields, coded)
  }
  return coded
}

function checkCodes(
  coded: readonly Coded[],
  doc: Doc,
  at: Place,
  look: (field: TableNode, value: string, place: Place) => void,
): void {
  for (const { field, inside } of coded) {
    const found = doc[field.name]
    if (found === undefined) continue
    let index = 0
    for (const each of Array.isArray(found) ? found : [found]) {
      index += 1
      const place = { parent: at, name: field.name, index: field.repeats ? index : 0 }
      if (typeof each === 'string') look(field, each, place)
      else if (inside) checkCodes(inside, each, place, look)
    }
  }
}

/** A finding names the codes themselves when they are this few. */
const fewCodes = 30

function notInList(list: string, value: string, place: Place, codeLists: CodeLists, date: string): Finding {
  const codes = codeLists.codes(list, date).map(({ code }) => code)
  return {
    kind: 'codelist',
    rule: list,
    code: functionalErrorCode.codeList,
    path: pathOf(place),
    ...valueToShow(place.name, value),
    allowed: codes.length > fewCodes ? `${list} (${codes.length} codes)` : codes.join(', '),
    remedy: `Give a code of ${list} (${codeLists.sources(list)[0]?.name}) that is valid on ${date}.`,
    text: `The code is not in ${list} on ${date}.`,
  }
}
