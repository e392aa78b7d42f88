/**
 * Every reason for which this package refuses a document, in one catalogue: code → what the author of the document can do about it.
 */
export const REMEDIES = {
  'not-utf8': 'Send the document in UTF-8 and declare no other encoding.',
  'not-well-formed': 'Make the document well-formed XML 1.0 with namespaces.',
  'xml-version': 'Declare XML version 1.0.',
  doctype: 'Remove the DOCTYPE declaration; nothing here needs one.',
  comment: 'Remove the comment.',
  'processing-instruction': 'Remove the processing instruction.',
  cdata: 'Write the text with &lt; and &amp; instead of a CDATA section.',
  'too-large': 'Send a smaller document.',
  'too-deep': 'Nest fewer elements.',
  'too-many-attributes': 'Put fewer attributes on the element.',
  'too-many-nodes': 'Send a document with fewer elements, attributes and texts.',
  'name-too-long': 'Use a shorter name.',
  'duplicate-attribute': 'Give each attribute of an element once; two prefixes of one namespace count as the same.',
  namespace: 'Declare each prefix with one non-empty namespace name, without white space around it.',
  'lost-instruction': 'Read the document with processing instructions refused before canonicalising it.',
} as const

/** The code of an {@link XmlFault}. */
export type XmlFaultCode = keyof typeof REMEDIES

/**
 * A document that cannot be read (or, `lost-instruction`, not be canonicalised).
 *
 * `line` and `column` count from 1, columns in UTF-16 units; both are 0 when the fault has no place in the text.
 */
export class XmlFault extends Error {
  override readonly name = 'XmlFault'
  readonly code: XmlFaultCode
  readonly line: number
  readonly column: number
  readonly remedy: string

  constructor(code: XmlFaultCode, text: string, line = 0, column = 0) {
    super(line > 0 ? `${text} (line ${line}, column ${column})` : text)
    this.code = code
    this.line = line
    this.column = column
    this.remedy = REMEDIES[code]
  }
}

/** The fault of a document with too many nodes; it has no place, because no one node is the one too many. */
export function tooManyNodes(limit: number): XmlFault {
  return new XmlFault('too-many-nodes', `The document has more than ${limit} elements, attributes and texts`)
}
