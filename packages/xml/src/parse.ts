import { decode } from './decode.ts'
import type { XmlElement } from './element.ts'
import { XmlFault } from './fault.ts'
import { DEFAULT_LIMITS, type XmlLimits } from './limits.ts'
import { Reader } from './reader.ts'

/** How strict {@link parse} is. */
export interface ParseOptions {
  /** Limits other than {@link DEFAULT_LIMITS}. */
  limits?: Partial<XmlLimits>
  /** What to refuse besides DOCTYPE. What is allowed but not kept (comments, instructions) is dropped. */
  refuse?: { comments?: boolean; processingInstructions?: boolean; cdata?: boolean }
}

/**
 * Reads one document strictly: XML 1.0 with namespaces, UTF-8 (a byte order mark is allowed), no DOCTYPE ever, and
 * within {@link XmlLimits}. Every element knows its line and column.
 *
 * Throws {@link XmlFault} with code, place and remedy at the first fault; nothing is returned for a faulty document.
 */
export function parse(bytes: Uint8Array, options: ParseOptions = {}): XmlElement {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  if (bytes.length > limits.bytes) {
    throw new XmlFault('too-large', `The document has ${bytes.length} bytes, ${limits.bytes} are allowed`)
  }
  return new Reader(decode(bytes), limits, options.refuse ?? {}).read()
}
