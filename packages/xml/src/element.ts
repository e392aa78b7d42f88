/** One attribute that is not a namespace declaration; `namespace` is '' for an attribute without prefix. */
export interface XmlAttribute {
  readonly prefix: string
  readonly local: string
  readonly namespace: string
  readonly value: string
}

/** One namespace declaration as written on an element; `prefix` is '' for the default namespace. */
export interface XmlNamespace {
  readonly prefix: string
  readonly uri: string
}

/**
 * One element of a parsed document. Comments and processing instructions are not kept; a text that a comment
 * split is one string, so that two readers cannot see two different texts.
 */
export interface XmlElement {
  readonly prefix: string
  readonly local: string
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  /** The declarations written on this very element. */
  readonly namespaces: readonly XmlNamespace[]
  readonly children: readonly (XmlElement | string)[]
  readonly parent: XmlElement | undefined
  /** Place of the element's `<`, counted from 1; columns in UTF-16 units. */
  readonly line: number
  readonly column: number
  /** A processing instruction stood among the children and was dropped: the element cannot be canonicalised. */
  readonly lostInstruction: boolean
}

/** The child elements, without texts. */
export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string')
}

/** The text directly inside an element, child elements left out. */
export function textOf(element: XmlElement): string {
  const { children } = element
  if (children.length === 1 && typeof children[0] === 'string') return children[0]
  return children.filter((child) => typeof child === 'string').join('')
}

/** The value of an attribute, by local name and namespace ('' for none); undefined when absent. */
export function attributeOf(element: XmlElement, local: string, namespace = ''): string | undefined {
  return element.attributes.find((each) => each.local === local && each.namespace === namespace)?.value
}

/** The namespace name bound to a prefix at an element ('' for the default one); undefined when unbound. */
export function resolvePrefix(element: XmlElement, prefix: string): string | undefined {
  for (let scope: XmlElement | undefined = element; scope; scope = scope.parent) {
    const found = scope.namespaces.find((each) => each.prefix === prefix)
    if (found) return found.uri
  }
  return undefined
}
