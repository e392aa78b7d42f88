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

/** True when an Accept header takes a media type; no header takes everything (RFC 9110 §12.5.1: the closest range decides). */
export function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true
  const found = ranges(header)
  const wildcard = `${mediaType.split('/')[0]}/*`
  const closest = [mediaType, wildcard, '*/*'].map((type) => found.find((range) => range.type === type)).find(Boolean)
  return closest !== undefined && closest.quality > 0
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
