/**
 * A document as an officer, a national system or whoever is shown evidence may read it: the access code of a guarantee is for the holder and the
 * office of guarantee only. The same bytes where no code can be in them; those that were exchanged are kept as they are.
 */
export function withoutAccessCodes(payload: Uint8Array): Uint8Array {
  const text = Buffer.from(payload).toString('utf8')
  if (!/accesscode/i.test(text)) return payload
  return Buffer.from(
    text
      .replace(codeElement, '$1****$3')
      // A functional error about a code repeats what was declared.
      .replace(repeatedElement, '$1****$3')
      .replace(codeMember, '$1"****"'),
  )
}

/**
 * From the start tag to the end tag of the same name, or to the end of a text that has none: spaces in tags, CDATA, comments and references are
 * one code to the reader. Each character is looked at once, whatever the text.
 */
const codeElement = /(<((?:[^\s<>/:]+:)?[A-Za-z]*[Aa]ccessCode[A-Za-z]*)(?:\s[^<>]*)?>)[^]*?(<\/\2\s*>|$)/g
const repeatedElement = /(<((?:[^\s<>/:]+:)?originalAttributeValue)(?:\s[^<>]*)?>)[^]*?(<\/\2\s*>|$)/g
/** A member of JSON with a value that is no object and no list. */
const codeMember = /("[A-Za-z]*[Aa]ccessCode[A-Za-z]*"\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s,{}[\]"]+)/g
