interface Range {
  type: string
  quality: number
}

function ranges(header: string): Range[] {
  return header.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 }
  })
}

/** How much an Accept header wants a media type, from 0 to 1; no header wants everything (RFC 9110 §12.5.1: the closest range decides). */
function wantOf(header: string | undefined, mediaType: string): number {
  if (header === undefined || header.trim() === '') return 1
  const found = ranges(header)
  const wildcard = `${mediaType.split('/')[0]}/*`
  return (
    [mediaType, wildcard, '*/*'].map((type) => found.find((range) => range.type === type)).find(Boolean)?.quality ?? 0
  )
}

/** True when an Accept header takes a media type. */
export function accepts(header: string | undefined, mediaType: string): boolean {
  return wantOf(header, mediaType) > 0
}

/** Which of several media types an Accept header wants most; of those that it wants alike, the first. */
export function mostWanted<Type extends string>(
  header: string | undefined,
  mediaTypes: readonly [Type, ...Type[]],
): Type {
  const [first, ...others] = mediaTypes
  return others.reduce((best, type) => (wantOf(header, type) > wantOf(header, best) ? type : best), first)
}

/**
 * True when a person opens an address in a browser, and no program asks for it: HTML is wanted by name and what the address
 * gives is not.
 */
export function wantsPage(header: string | undefined, mediaType: string): boolean {
  if (header === undefined) return false
  const names = ranges(header).filter((range) => range.quality > 0)
  return names.some((range) => range.type === 'text/html') && !names.some((range) => range.type === mediaType)
}
