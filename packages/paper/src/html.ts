/** Markup that is safe to put into a page: made by {@link markup} alone. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

/** What may stand at a place of a template: text is escaped, nothing is left out. */
export type Content = Html | string | number | null | undefined | Content[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Characters that a reader cannot see and that change what he reads: controls, and Unicode's embeddings, overrides and isolates, by which
 * a name can show another order than it has. They are shown for what they are. Joiners and marks, which languages need, stay.
 */
// eslint-disable-next-line no-control-regex
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** A text as markup: nothing in it is read as a tag, an attribute or an order of reading. */
export function escaped(text: string): string {
  return text
    .replace(unseen, (found) => `[U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(/[&<>"']/g, (found) => entities[found] ?? found)
}

function markupOf(content: Content): string {
  if (content instanceof Html) return content.markup
  if (Array.isArray(content)) return content.map(markupOf).join('')
  return content === null || content === undefined ? '' : escaped(String(content))
}

/** A template of markup. Values are escaped, also in attributes, as long as these stand in quotes. */
export function markup(parts: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(parts.map((part, index) => part + markupOf(values[index])).join(''))
}

/** A value of a document: its direction is its own, so that an MRN keeps its order within Arabic, and an Arabic name within French. */
export function value(text: string | undefined): Html | undefined {
  return text === undefined || text === '' ? undefined : markup`<bdi>${text}</bdi>`
}
