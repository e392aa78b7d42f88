import { childElements, parse, textOf, XmlFault, type XmlElement } from '@corridor/xml'
import { StoreFault } from './faults.ts'

/** One line of a listing. */
export interface Listed {
  key: string
  size: number
  lastModified: Date
}

/** An answer to ListObjectsV2. */
export interface ListPage {
  objects: Listed[]
  /** There is more after the last of them. */
  truncated: boolean
}

/** A page of a thousand keys of this room has about 300 kB. */
export const mostListingBytes = 2_000_000

const limits = { bytes: mostListingBytes, depth: 8, attributes: 8, name: 256, nodes: 50_000 }

/** @throws StoreFault `store.broken-answer` */
export function readListing(bytes: Uint8Array): ListPage {
  const root = rootOf(bytes)
  if (root?.local !== 'ListBucketResult') throw new StoreFault('store.broken-answer', 'the listing is not one')
  const isEncoded = textIn(root, 'EncodingType') === 'url'
  const objects = childElements(root)
    .filter(({ local }) => local === 'Contents')
    .map((each): Listed => {
      const size = Number(textIn(each, 'Size') || NaN)
      const lastModified = new Date(textIn(each, 'LastModified'))
      if (!Number.isSafeInteger(size) || size < 0 || Number.isNaN(lastModified.getTime()))
        throw new StoreFault('store.broken-answer', 'a line of the listing has no size or no time')
      const key = textIn(each, 'Key')
      return { key: isEncoded ? decoded(key) : key, size, lastModified }
    })
  return { objects, truncated: textIn(root, 'IsTruncated') === 'true' }
}

/** Stores write a space as `+` or as `%20`, and a plus as `%2B`. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    // No UTF-8: it is no key of this room, and one that cannot be removed by it.
    return key
  }
}

/** The code in the body of an error (`<Error><Code>…`); undefined when there is none. */
export function readErrorCode(bytes: Uint8Array): string | undefined {
  const root = bytes.length === 0 ? undefined : rootOf(bytes)
  if (root?.local !== 'Error') return undefined
  const code = textIn(root, 'Code')
  // It stands in logs: what a store says is no reason to let anything through.
  return /^[A-Za-z0-9.]{1,64}$/.test(code) ? code : undefined
}

function rootOf(bytes: Uint8Array): XmlElement | undefined {
  try {
    return parse(bytes, { limits })
  } catch (error) {
    if (error instanceof XmlFault) return undefined
    throw error
  }
}

function textIn(element: XmlElement, name: string): string {
  const child = childElements(element).find(({ local }) => local === name)
  return child === undefined ? '' : textOf(child)
}
