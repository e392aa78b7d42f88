import { demand } from './refusal.ts'

/** A Content-Type: `type/subtype` in lower case and its parameters by lower-case name. */
export interface MediaType {
  type: string
  parameters: ReadonlyMap<string, string>
}

const TYPE = /^([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)[ \t]*/i
const PARAMETER = /;[ \t]*([!#$%&'*+.^_`|~0-9a-z-]+)=(?:"((?:[^"\\]|\\[!-~ ])*)"|([!#$%&'*+.^_`|~0-9a-z-]+))[ \t]*/iy

/**
 * Reads a Content-Type (RFC 2045, 5.1), at most 1,000 characters of printable ASCII, no parameter twice.
 * Refuses with EBMS:0007.
 */
export function readMediaType(text: string): MediaType {
  demand(text.length <= 1000 && /^[\t -~]*$/.test(text), 'EBMS:0007', 'a Content-Type is too long or not ASCII')
  const head = TYPE.exec(text)
  demand(head, 'EBMS:0007', 'a Content-Type has no type')
  const parameters = new Map<string, string>()
  let at = head[0].length
  while (at < text.length) {
    PARAMETER.lastIndex = at
    const found = PARAMETER.exec(text)
    demand(found, 'EBMS:0007', 'a Content-Type has a broken parameter')
    const name = found[1]!.toLowerCase()
    demand(!parameters.has(name), 'EBMS:0007', `a Content-Type has the parameter ${name} twice`)
    parameters.set(name, found[2] === undefined ? found[3]! : found[2].replaceAll(/\\(.)/g, '$1'))
    at = PARAMETER.lastIndex
  }
  return { type: head[1]!.toLowerCase(), parameters }
}
