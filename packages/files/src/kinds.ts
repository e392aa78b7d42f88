/** The kinds of file that are taken. */
export type Kind = 'pdf' | 'jpeg' | 'png' | 'tiff' | 'xml' | 'text'

interface KindFacts {
  /** The first is the one under which it is stored and given out. */
  readonly mediaTypes: readonly string[]
  /** The first is the usual one. */
  readonly extensions: readonly string[]
  /** For people. */
  readonly title: string
}

/** What each kind is called on the wire and in file names. */
export const kinds: Readonly<Record<Kind, KindFacts>> = {
  pdf: { mediaTypes: ['application/pdf'], extensions: ['pdf'], title: 'PDF' },
  jpeg: { mediaTypes: ['image/jpeg'], extensions: ['jpg', 'jpeg'], title: 'JPEG picture' },
  png: { mediaTypes: ['image/png'], extensions: ['png'], title: 'PNG picture' },
  tiff: { mediaTypes: ['image/tiff'], extensions: ['tif', 'tiff'], title: 'TIFF picture' },
  xml: { mediaTypes: ['application/xml', 'text/xml'], extensions: ['xml'], title: 'XML document' },
  text: { mediaTypes: ['text/plain'], extensions: ['txt'], title: 'plain text' },
}

/** The kind that a Content-Type says; undefined for one that is not taken, and for a charset that is not UTF-8. */
export function kindOfMediaType(mediaType: string): Kind | undefined {
  const [type = '', ...parameters] = mediaType.toLowerCase().split(';')
  for (const parameter of parameters) {
    const charset = /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(parameter)?.[1]
    if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') return undefined
  }
  return (Object.keys(kinds) as Kind[]).find((kind) => kinds[kind].mediaTypes.includes(type.trim()))
}

/** Extensions of a kind, the usual one first. */
export const extensionsOf = (kind: Kind): readonly string[] => kinds[kind].extensions
