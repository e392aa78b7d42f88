/** What a document may be at most; every figure counts inclusively. */
export interface XmlLimits {
  /** Bytes of the encoded document. */
  bytes: number
  /** Elements inside each other, the root counted. */
  depth: number
  /** Attributes on one element, namespace declarations counted. */
  attributes: number
  /** UTF-16 units of a qualified name, or of a namespace name. */
  name: number
  /** Elements, attributes and texts in all. */
  nodes: number
}

/** The limits that hold when none are given. */
export const DEFAULT_LIMITS: Readonly<XmlLimits> = {
  bytes: 64 * 1024 * 1024,
  depth: 64,
  attributes: 64,
  name: 256,
  nodes: 500_000,
}
