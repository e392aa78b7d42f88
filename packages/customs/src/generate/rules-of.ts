import type { TableNode } from '../messages/fields.ts'

/** The ids of the rules that a field's row cites for this message: `B1813@CC013C,CC015C` is cited in those two only. */
export function rulesOf({ rules }: Pick<TableNode, 'rules'>, type: string): string[] {
  return rules.flatMap((citation) => {
    const [id = '', only] = citation.split('@')
    return only === undefined || only.split(',').includes(type) ? [id] : []
  })
}
