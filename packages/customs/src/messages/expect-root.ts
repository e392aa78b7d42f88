/** What stands before the content of a document, as the quick reader (expect.ts) takes it: declaration and root start tag. */
import type { RootShape } from './read.ts'
import { skipSpace, type Cursor } from './scan.ts'

/** What the start of a document says. */
export interface Prolog {
  /** the root's end tag */
  readonly end: string
  readonly phase: string | undefined
}

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'

// White space is written out: \s would also match bytes of other characters.
const declaration =
  /<\?xml[\t\n\r ]+version=(["'])1\.0\1(?:[\t\n\r ]+encoding=(["'])[Uu][Tt][Ff]-?8\2)?(?:[\t\n\r ]+standalone=(["'])(?:yes|no)\3)?[\t\n\r ]*\?>/y
const startTag =
  /<((?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*))((?:[\t\n\r ]+[\w.-]+(?::[\w.-]+)?="[ !#-%'-;=-~]*")*)[\t\n\r ]*>/y
const attribute = /[\t\n\r ]+([\w.-]+)(?::([\w.-]+))?="([^"]*)"/gy

/** A root with more is unusual. */
const mostAttributes = 16
const longestName = 120

/**
 * Goes past the declaration and the start tag of the root. undefined for all that is wrong or unusual: another root, attributes other
 * than PhaseID and schema locations, a default namespace, comments.
 */
export function expectProlog(cursor: Cursor, shape: RootShape): Prolog | undefined {
  const { text, bytes } = cursor
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  if (text.startsWith('<?xml', at)) {
    declaration.lastIndex = at
    if (!declaration.test(text)) return undefined
    at = declaration.lastIndex
  }
  cursor.at = at
  skipSpace(cursor)
  startTag.lastIndex = cursor.at
  const tag = startTag.exec(text)
  if (!tag) return undefined
  const [, name = '', prefix, local, attributes = ''] = tag
  if (local !== shape.type || prefix === undefined || name.length > longestName) return undefined
  const said = readAttributes(attributes, shape)
  if (!said || said.namespaces.get(prefix) !== shape.namespace) return undefined
  cursor.at = startTag.lastIndex
  cursor.nodes += 1 + said.count
  return { end: `</${name}>`, phase: said.phase }
}

interface RootAttributes {
  readonly count: number
  readonly namespaces: ReadonlyMap<string, string>
  readonly phase: string | undefined
}

function readAttributes(text: string, shape: RootShape): RootAttributes | undefined {
  const namespaces = new Map<string, string>()
  const locations = new Map<string, string>()
  let phase: string | undefined
  let count = 0
  for (const [, name = '', local, value = ''] of text.matchAll(attribute)) {
    count += 1
    if (count > mostAttributes || name.length > longestName) return undefined
    if (name === 'xmlns' && local !== undefined) {
      // Prefixes that begin with xml, and their namespaces, are reserved.
      if (namespaces.has(local) || !/^(?!xml)[A-Z_][\w.-]{0,99}$/i.test(local)) return undefined
      if (!/^[!-~]+$/.test(value) || /^http:\/\/www\.w3\.org\/(?:XML\/1998|2000\/xmlns)/.test(value)) return undefined
      namespaces.set(local, value)
    } else if (local === 'schemaLocation' || local === 'noNamespaceSchemaLocation') {
      if (locations.has(local)) return undefined
      locations.set(local, name)
    } else if (name === 'PhaseID' && local === undefined) {
      if (phase !== undefined || !shape.phases.includes(value)) return undefined
      phase = value
    } else return undefined
  }
  for (const prefix of locations.values()) if (namespaces.get(prefix) !== schemaInstance) return undefined
  return { count, namespaces, phase }
}
