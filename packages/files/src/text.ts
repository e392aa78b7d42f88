import { parse, XmlFault, type XmlElement, childElements } from '@corridor/xml'
import { type Refusal, refusal } from './refusal.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Text is UTF-8 without hidden characters: what is read must be what was written. */
export function textWrong(bytes: Buffer): Refusal | undefined {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return refusal('broken', 'The text is not UTF-8. Save it as UTF-8 and attach it again.')
  }
  // Direction characters would show a text in another order than it has.
  const hidden = /[^\P{Cc}\t\n\r\f]|\p{Bidi_Control}/u.exec(text)
  if (hidden === null) return undefined
  const code = (hidden[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return refusal('broken', `The text has a hidden character (U+${code}). Take it out and attach the text again.`)
}

/** Namespaces of documents that browsers run. */
const running = new Map([
  ['http://www.w3.org/1999/xhtml', 'a web page'],
  ['http://www.w3.org/2000/svg', 'a drawing that can hold programs (SVG)'],
  ['http://www.w3.org/1999/XSL/Transform', 'a program (XSLT)'],
  ['http://www.w3.org/2002/xforms', 'a form that acts (XForms)'],
])
const runningRoots = new Set(['html', 'svg', 'stylesheet', 'transform'])

/** An XML document is read whole, without DOCTYPE and instructions, and holds nothing that a browser would run. */
export function xmlWrong(bytes: Buffer): Refusal | undefined {
  let root: XmlElement
  try {
    root = parse(bytes, { refuse: { processingInstructions: true } })
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
    return refusal('broken', `The XML document cannot be taken: ${error.message}.`)
  }
  if (runningRoots.has(root.local.toLowerCase())) return active(`a <${root.local.slice(0, 20)}>`)
  const what = runningIn(root)
  return what === undefined ? undefined : active(what)
}

const active = (what: string): Refusal =>
  refusal('active-content', `The XML document is or contains ${what}. Save the document as a PDF and attach that.`)

function runningIn(root: XmlElement): string | undefined {
  const left = [root]
  for (let element = left.pop(); element !== undefined; element = left.pop()) {
    const what = running.get(element.namespace)
    if (what !== undefined) return what
    left.push(...childElements(element))
  }
  return undefined
}
