/** Tags of any element, as far as they are usual: ASCII names, plain values, no declarations of namespaces. */
import { DEFAULT_LIMITS } from '@corridor/xml'
import { greaterThan, lessThan, slash, takeText, type Cursor } from './scan.ts'

/** A start tag. */
export interface Tag {
  /** as written, with its prefix */
  readonly name: string
  readonly local: string
  readonly namespace: string
  readonly attributes: readonly { local: string; namespace: string; value: string }[]
  /** `<name/>` */
  readonly empty: boolean
}

/** A tag with more is unusual. */
const longestTag = 4_096
const mostAttributes = 16

// White space is written out: \s would also match bytes of other characters.
const startTag =
  /^<((?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*))((?:[\t\n\r ]+[\w.-]+(?::[\w.-]+)?=(?:"[ !#-%'-;=-~]*"|'[ -%(-;=-~]*'))*)[\t\n\r ]*(\/?)>$/
const attribute = /[\t\n\r ]+(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)=(?:"([^"]*)"|'([^']*)')/gy

/** A start tag as written: prefix and local name, and the attributes with declarations among them. */
export interface RawTag {
  readonly name: string
  readonly prefix: string
  readonly local: string
  readonly attributes: readonly { prefix: string; local: string; value: string }[]
  readonly empty: boolean
}

/** Takes the start tag at the cursor; undefined when there is none or an unusual one. */
export function takeRawTag(cursor: Cursor): RawTag | undefined {
  const { text, at } = cursor
  // Bounded before it is matched: the time and the memory of a pattern grow with what it is given.
  const end = text.indexOf('>', at)
  if (end < 0 || end - at > longestTag) return undefined
  const tag = startTag.exec(text.slice(at, end + 1))
  if (!tag) return undefined
  const [, name = '', prefix = '', local = '', given = '', empty] = tag
  if (name.length > DEFAULT_LIMITS.name) return undefined
  const attributes: RawTag['attributes'][number][] = []
  if (given !== '') {
    let matched = 0
    for (const [all, prefix = '', local = '', inDouble, inSingle = ''] of given.matchAll(attribute)) {
      const value = inDouble ?? inSingle
      matched += all.length
      if (all.length - value.length > DEFAULT_LIMITS.name) return undefined
      attributes.push({ prefix, local, value })
    }
    if (matched < given.length || attributes.length > mostAttributes) return undefined
  }
  cursor.at = end + 1
  cursor.nodes += 1 + attributes.length
  return { name, prefix, local, attributes, empty: empty === '/' }
}

/** Takes the start tag at the cursor, with its names resolved. undefined when it is unusual, or wrong in any way. */
export function takeTag(cursor: Cursor): Tag | undefined {
  const raw = takeRawTag(cursor)
  if (!raw) return undefined
  const namespace = raw.prefix === '' ? (cursor.namespaces.get('') ?? '') : cursor.namespaces.get(raw.prefix)
  if (namespace === undefined) return undefined
  const attributes: Tag['attributes'][number][] = []
  for (const { prefix, local, value } of raw.attributes) {
    const namespace = prefix === '' ? '' : cursor.namespaces.get(prefix)
    if (namespace === undefined || (prefix === '' && local === 'xmlns')) return undefined
    if (attributes.some((other) => other.local === local && other.namespace === namespace)) return undefined
    attributes.push({ local, namespace, value })
  }
  const { name, local, empty } = raw
  return { name, local, namespace, attributes, empty }
}

/** Takes the end tag of an element. */
export function takeEndTag(cursor: Cursor, name: string): boolean {
  const { text, at } = cursor
  if (!text.startsWith('</', at) || !text.startsWith(name, at + 2)) return false
  let end = at + 2 + name.length
  while (end < text.length && '\t\n\r '.includes(text.charAt(end))) end += 1
  if (text.charAt(end) !== '>') return false
  cursor.at = end + 1
  return true
}

const nameByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte)
  return byte < 128 && /[A-Za-z_]/.test(text) ? 2 : byte < 128 && /[-.0-9]/.test(text) ? 1 : 0
})

/** Takes a start tag of a name without prefix and nothing else; '' when there is another. It may be an empty one: `/` stands before the `>`. */
function takePlainTag(cursor: Cursor): string {
  const { bytes, at } = cursor
  let end = at + 1
  if (nameByte[bytes[end] ?? 0] !== 2) return ''
  while (end < bytes.length && nameByte[bytes[end]!]! > 0) end += 1
  const close = bytes[end] === slash ? end + 1 : end
  if (bytes[close] !== greaterThan || end - at > DEFAULT_LIMITS.name) return ''
  cursor.at = close + 1
  cursor.nodes += 1
  return cursor.text.slice(at + 1, end)
}

/** Goes past the content and the end tag of an element that nobody knows, `depth` levels deep. False when it is unusual or wrong. */
export function skipElement(cursor: Cursor, name: string, depth: number): boolean {
  const open = [name]
  while (open.length > 0) {
    if (takeText(cursor) === undefined || cursor.bytes[cursor.at] !== lessThan) return false
    if (cursor.nodes > DEFAULT_LIMITS.nodes || depth + open.length >= DEFAULT_LIMITS.depth) return false
    if (cursor.bytes[cursor.at + 1] === slash) {
      if (!takeEndTag(cursor, open.pop()!)) return false
      continue
    }
    const plain = takePlainTag(cursor)
    const tag = plain === '' ? takeTag(cursor) : { name: plain, empty: cursor.bytes[cursor.at - 2] === slash }
    if (!tag) return false
    if (!tag.empty) open.push(tag.name)
  }
  return true
}
