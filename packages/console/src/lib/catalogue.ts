/** The plural forms of one text, by the categories of `Intl.PluralRules`. `other` is always there. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** One language: key (a meaning, not a text) to text. `{name}` in a text is a place for a value. */
export type Catalogue = Readonly<Record<string, string | Plural>>

/** A text cut at its places: words to show as they are, and names of values to put between them. */
export type Piece = { words: string } | { place: string }

const PLACE = /\{([a-zA-Z][a-zA-Z0-9]*)\}/g

/** Cuts a text at its `{places}`, in order. A text without places is one piece. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(PLACE)) {
    if (found.index > from) pieces.push({ words: text.slice(from, found.index) })
    pieces.push({ place: found[1] as string })
    from = found.index + found[0].length
  }
  if (from < text.length) pieces.push({ words: text.slice(from) })
  return pieces
}

/**
 * The text of a key, in the plural form for `count`. `undefined` when the catalogue has none, so that the caller can
 * ask the next catalogue.
 */
export function textOf(catalogue: Catalogue, locale: string, key: string, count?: number): string | undefined {
  const found = Object.hasOwn(catalogue, key) ? catalogue[key] : undefined
  if (found === undefined || typeof found === 'string') return found
  if (count === undefined) return found.other
  return found[new Intl.PluralRules(locale).select(count)] ?? found.other
}

// Unicode's "first strong isolate": what <bdi> is for elements, for plain text and attributes.
const ISOLATE = '\u2068'
const END = '\u2069'

/**
 * A text with its values put in. Each value is isolated, so that an MRN or a date keeps its own direction inside Arabic
 * words. A place without a value shows an ellipsis: a gap in the data must not read as a finished sentence.
 */
export function filled(text: string, values: Record<string, string>): string {
  return piecesOf(text)
    .map((piece) => ('words' in piece ? piece.words : `${ISOLATE}${values[piece.place] ?? '…'}${END}`))
    .join('')
}
