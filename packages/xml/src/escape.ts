const TEXT: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const ATTRIBUTE: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/**
 * Text content as Canonical XML writes it (W3C REC-xml-c14n-20010315, 2.3 "Text Nodes"), which any reader accepts.
 * Does not look for characters that XML cannot hold at all, such as NUL.
 */
export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replaceAll(/[&<>\r]/g, (c) => TEXT[c]!) : text
}

/** The value of an attribute, to be put between double quotes (W3C REC-xml-c14n-20010315, 2.3 "Attribute Nodes"). */
export function escapeAttribute(value: string): string {
  return /[&<"\t\n\r]/.test(value) ? value.replaceAll(/[&<"\t\n\r]/g, (c) => ATTRIBUTE[c]!) : value
}
