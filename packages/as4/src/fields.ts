import { attributeOf, textOf, type XmlElement } from '@corridor/xml'
import { elementsOnly } from './envelope-read.ts'
import { NS } from './names.ts'
import { demand } from './refusal.ts'

/** The children of an ebMS element by local name; those named in `many` may repeat. */
export interface Fields {
  one(name: string): XmlElement
  maybe(name: string): XmlElement | undefined
  all(name: string): XmlElement[]
}

/** Sorts the children of an ebMS element, refusing (EBMS:0009) any that `names` does not have and any repeated one. */
export function fieldsOf(element: XmlElement, names: readonly string[], many: readonly string[] = []): Fields {
  const found = new Map<string, XmlElement[]>()
  for (const child of elementsOnly(element)) {
    const known = child.namespace === NS.eb && (names.includes(child.local) || many.includes(child.local))
    demand(known, 'EBMS:0009', `${element.local} has an unknown child ${child.local}`)
    const list = found.get(child.local)
    if (list) list.push(child)
    else found.set(child.local, [child])
    demand(!list || many.includes(child.local), 'EBMS:0009', `${element.local} has two ${child.local}`)
  }
  const maybe = (name: string): XmlElement | undefined => found.get(name)?.[0]
  return {
    maybe,
    one: (name) => {
      const child = maybe(name)
      demand(child, 'EBMS:0009', `${element.local} has no ${name}`)
      return child
    },
    all: (name) => found.get(name) ?? [],
  }
}

/** The text of an element that holds nothing else, trimmed; refused (EBMS:0009) when empty or not one line of text. */
export function valueOf(element: XmlElement, limit = 1024): string {
  demand(elementCount(element) === 0, 'EBMS:0009', `${element.local} has child elements`)
  const value = textOf(element).trim()
  demand(value !== '' && value.length <= limit, 'EBMS:0009', `${element.local} is empty or too long`)
  demand(isPlainText(value), 'EBMS:0009', `${element.local} has control characters`)
  return value
}

/** An attribute without namespace, held to the same as a {@link valueOf}; undefined when absent. */
export function attributeValueOf(element: XmlElement, name: string, limit = 1024): string | undefined {
  const value = attributeOf(element, name)
  if (value === undefined) return undefined
  demand(value !== '' && value.length <= limit, 'EBMS:0009', `${name} of ${element.local} is empty or too long`)
  demand(isPlainText(value), 'EBMS:0009', `${name} of ${element.local} has control characters`)
  return value
}

/** Whether a value has no control characters. */
export function isPlainText(value: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return !/[\u0000-\u001F\u007F-\u009F]/.test(value)
}

/** Whether a message id is `local@domain` without spaces, brackets or control characters, at most 255 characters. */
export function isMessageId(value: string): boolean {
  return value.length <= 255 && /^[!-;=?A-~]+@[!-;=?A-~]+$/.test(value)
}

function elementCount(element: XmlElement): number {
  return element.children.filter((child) => typeof child !== 'string').length
}
