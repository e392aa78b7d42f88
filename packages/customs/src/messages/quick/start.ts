/** What stands before the content of a document: declaration and root start tag. */
import { isSchemaLocation } from '../attributes.ts'
import type { RootShape } from '../read.ts'
import { skipSpace, type Cursor } from './scan.ts'
import { takeRawTag, type RawTag } from './tags.ts'

/** What the start of a document says. */
export interface Start {
  /** the root as written, with its prefix */
  readonly name: string
  /** the PhaseID as written; undefined when there is none */
  readonly phase: string | undefined
  /** where the root's `<` is */
  readonly offset: number
}

/** A declaration that is longer is unusual. */
const longestDeclaration = 120
// White space is written out: \s would also match bytes of other characters.
const declaration =
  /^<\?xml[\t\n\r ]+version=(["'])1\.0\1(?:[\t\n\r ]+encoding=(["'])[Uu][Tt][Ff]-?8\2)?(?:[\t\n\r ]+standalone=(["'])(?:yes|no)\3)?[\t\n\r ]*\?>/

/**
 * Goes past the declaration and the start tag of the root. undefined for all that is wrong or unusual: another root, attributes other
 * than PhaseID and schema locations.
 */
export function takeStart(cursor: Cursor, shape: RootShape): Start | undefined {
  const { text, bytes } = cursor
  const begin = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const declared = text.startsWith('<?xml', begin)
    ? declaration.exec(text.slice(begin, begin + longestDeclaration))
    : ['']
  if (!declared) return undefined
  cursor.at = begin + declared[0]!.length
  skipSpace(cursor)
  const offset = cursor.at
  const tag = takeRawTag(cursor)
  if (!tag || tag.empty || tag.local !== shape.root) return undefined
  const namespaces = declaredBy(tag)
  if (!namespaces) return undefined
  const phase = phaseOf(tag, shape, namespaces)
  const namespace = namespaces.get(tag.prefix) ?? (tag.prefix === '' ? '' : undefined)
  if (phase === undefined || namespace !== shape.namespace) return undefined
  cursor.namespaces = namespaces
  return { name: tag.name, offset, phase: phase === '' ? undefined : phase }
}

function declaredBy({ attributes }: RawTag): ReadonlyMap<string, string> | undefined {
  const namespaces = new Map<string, string>()
  for (const { prefix, local, value } of attributes) {
    const isDefault = prefix === '' && local === 'xmlns'
    if (prefix !== 'xmlns' && !isDefault) continue
    const declared = isDefault ? '' : local
    // Prefixes that begin with xml, and their namespaces, are reserved (Namespaces in XML 1.0, 3).
    if (namespaces.has(declared) || /^xml/i.test(declared) || !/^[!-~]+$/.test(value)) return undefined
    if (/^http:\/\/www\.w3\.org\/(?:XML\/1998|2000\/xmlns)/.test(value)) return undefined
    namespaces.set(declared, value)
  }
  return namespaces
}

/** The PhaseID as written, '' when there is none; undefined when other attributes are there than every root may have. */
function phaseOf(
  { attributes }: RawTag,
  { phases }: RootShape,
  namespaces: ReadonlyMap<string, string>,
): string | undefined {
  const locations = new Set<string>()
  let phase = ''
  for (const { prefix, local, value } of attributes) {
    if (prefix === 'xmlns' || (prefix === '' && local === 'xmlns')) continue
    const isPhase = prefix === '' && local === 'PhaseID' && phase === '' && value !== '' && phases.length > 0
    const isLocation = isSchemaLocation({ namespace: namespaces.get(prefix) ?? '', local })
    if (isPhase) phase = value
    else if (isLocation && !locations.has(local)) locations.add(local)
    else return undefined
  }
  return phase
}
