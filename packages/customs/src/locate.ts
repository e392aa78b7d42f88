/** Lines for findings that look at the document and not at its text. */
import { childElements, parse, XmlFault, type XmlElement } from '@corridor/xml'

/** What a finding or a remark says of its place. */
interface Located {
  readonly path: string
  readonly line?: number
  readonly column?: number
}

/**
 * The findings (or remarks) with line and column, from 1, in the XML text that they were found in: those of code lists and rules, which have none of
 * their own, get the place of their element, or of the nearest group around an element that is missing. Findings stay as they are when
 * the bytes cannot be parsed.
 */
export function withLines<T extends Located>(findings: readonly T[], bytes: Uint8Array): readonly T[] {
  if (findings.every(({ line }) => line !== undefined)) return findings
  const root = rootOf(bytes)
  if (root === undefined) return findings
  return findings.map((finding) => {
    if (finding.line !== undefined) return finding
    const { line, column } = elementAt(root, finding.path)
    return { ...finding, line, column }
  })
}

function rootOf(bytes: Uint8Array): XmlElement | undefined {
  try {
    return parse(bytes)
  } catch (error) {
    if (error instanceof XmlFault) return undefined
    throw error
  }
}

/** Follows `/CC015C/Guarantee[2]/guaranteeType` as far as it leads. */
function elementAt(root: XmlElement, path: string): XmlElement {
  let at = root
  for (const step of path.split('/').slice(2)) {
    const [, name = '', index = '1'] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? []
    const next = childrenByName(at).get(name)?.[Number(index) - 1]
    if (next === undefined) return at
    at = next
  }
  return at
}

const indexed = new WeakMap<XmlElement, Map<string, XmlElement[]>>()

/** Looked up once an element: thousands of findings may lie below the same one. */
function childrenByName(element: XmlElement): Map<string, XmlElement[]> {
  let byName = indexed.get(element)
  if (!byName) {
    byName = Map.groupBy(childElements(element), ({ local }) => local)
    indexed.set(element, byName)
  }
  return byName
}
