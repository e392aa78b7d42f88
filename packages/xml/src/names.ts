/** Names of XML 1.0 (5th edition, productions 4 and 4a), without colons: Namespaces in XML 1.0 gives those a meaning. */

// 2: may start a name; 1: may go on in one.
const ASCII = Uint8Array.from({ length: 128 }, (_, unit) => {
  const text = String.fromCharCode(unit)
  return /[A-Za-z_]/.test(text) ? 2 : /[-.0-9]/.test(text) ? 1 : 0
})

const START =
  'A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}'
const FULL = new RegExp(`[${START}][${START}.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040-]*`, 'uy')

/** Where the name that starts at an offset ends; the offset itself when no name starts there. */
export function nameEnd(text: string, start: number): number {
  let at = start
  if (ASCII[text.charCodeAt(start)] === 2) {
    at += 1
    while ((ASCII[text.charCodeAt(at)] ?? 0) > 0) at += 1
  }
  // Past the end of the text the comparison is with NaN.
  if (!(text.charCodeAt(at) > 127)) return at
  FULL.lastIndex = start
  return FULL.test(text) ? FULL.lastIndex : start
}
