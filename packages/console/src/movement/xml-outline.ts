/** One line of a document as it is read by people: how deep it lies, its name, its value. */
export interface OutlineLine {
  depth: number
  name: string
  value: string
  /** Attributes as `name="value"`, namespace declarations left out. */
  attributes: string
  kind: 'leaf' | 'open'
}

/** The little of the DOM that the outline needs; the browser's own parser fulfils it. */
export interface ElementLike {
  nodeName: string
  attributes: Iterable<{ name: string; value: string }>
  children: Iterable<ElementLike>
  textContent: string | null
}

/**
 * A document as indented lines, in document order: elements with content stand above their children, the others carry
 * their value. Nothing is left out but namespace declarations; the file itself is a press away.
 */
export function outlineOf(element: ElementLike, depth = 0): OutlineLine[] {
  const children = [...element.children]
  const attributes = [...element.attributes]
    .filter(({ name }) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    .map(({ name, value }) => `${name}="${value}"`)
    .join(' ')
  const line: OutlineLine = {
    depth,
    name: element.nodeName,
    value: children.length === 0 ? (element.textContent ?? '').trim() : '',
    attributes,
    kind: children.length === 0 ? 'leaf' : 'open',
  }
  return [line, ...children.flatMap((child) => outlineOf(child, depth + 1))]
}
