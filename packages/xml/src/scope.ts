import type { XmlNamespace } from './element.ts'

const XML = 'http://www.w3.org/XML/1998/namespace'
const XMLNS = 'http://www.w3.org/2000/xmlns/'

/** The namespace bindings of the elements that are open (Namespaces in XML 1.0, 3rd edition). */
export class Scope {
  // Innermost last, and how many there were when each open element began.
  readonly #prefixes: string[] = []
  readonly #uris: string[] = []
  readonly #marks: number[] = []

  /** Begins an element; what is wrong with one of its declarations, in words. */
  enter(declared: readonly XmlNamespace[] | undefined): string | undefined {
    this.#marks.push(this.#prefixes.length)
    if (!declared) return undefined
    for (const { prefix, uri } of declared) {
      const problem = problemOf(prefix, uri)
      if (problem !== undefined) return problem
      this.#prefixes.push(prefix)
      this.#uris.push(uri)
    }
    return undefined
  }

  leave(): void {
    this.#prefixes.length = this.#uris.length = this.#marks.pop()!
  }

  /** The namespace name of a prefix, '' for the default one; undefined for an unbound prefix, and for xmlns, which no name may have. */
  resolve(prefix: string): string | undefined {
    const at = this.#prefixes.lastIndexOf(prefix)
    if (at >= 0) return this.#uris[at]
    if (prefix === 'xml') return XML
    return prefix === '' ? '' : undefined
  }
}

function problemOf(prefix: string, uri: string): string | undefined {
  if (prefix === 'xmlns') return 'The prefix xmlns cannot be declared'
  if ((prefix === 'xml') !== (uri === XML)) return 'The prefix xml and its namespace belong to each other'
  if (uri === XMLNS) return 'The namespace of xmlns cannot be bound'
  if (uri === '' && prefix !== '') return 'A prefix cannot be unbound'
  // Some readers trim namespace names, others do not; they would disagree about the namespace.
  return uri === uri.trim() ? undefined : 'A namespace name has white space around it'
}
