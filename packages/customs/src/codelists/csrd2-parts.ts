/**
 * Cuts a published export of CS/RD2 in XML (RDEntityList: RDEntity, RDEntry) into its entries, so that a file of any size is read in
 * bounded memory. Each entry is read strictly by itself; one that cannot be read is a wrong line.
 */
import { childElements, parse, XmlFault, type XmlElement } from '@corridor/xml'
import type { WrongLine } from './entry-rows.ts'

/** An entry is not longer in any form, in characters: customs offices with all their timetables have at most about 100,000. */
export const longestEntry = 1_000_000

/** One entry as it stands in the export. */
export interface Csrd2Part {
  /** line of its first tag, counted from 1 */
  readonly line: number
  /** name of its RDEntity */
  readonly entity: string
  /** the RDEntry */
  readonly entry: XmlElement
}

/** The entries of an export, from its text in chunks of any size; at the end what is wrong with the end. */
export async function* partsOfCsrd2Xml(
  chunks: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<Csrd2Part | WrongLine> {
  const splitter = new Splitter()
  for await (const chunk of chunks) {
    splitter.add(chunk)
    for (let part = splitter.next(); part; part = splitter.next()) yield entryOf(part)
    if (splitter.stuck) break
  }
  const reason = splitter.end()
  if (reason) yield { line: splitter.line, reason }
}

/** The text of one entry, as a document of its own. */
interface Part {
  readonly line: number
  readonly entity: string
  readonly xml: string
}

/** Cuts the export into its entries. */
class Splitter {
  stuck: string | undefined
  line = 1
  #text = ''
  #root: { start: string; end: string } | undefined
  #entity = ''
  #closed = false

  add(chunk: string): void {
    this.#text += chunk
  }

  next(): Part | undefined {
    while (!this.stuck) {
      if (!this.#root && !this.#readRoot()) return undefined
      const tag = /<(\/?)((?:[\w.-]+:)?)(RDEntityList|RDEntity|RDEntry)(\s[^<>]*)?>/.exec(this.#text)
      if (!tag) {
        this.#drop(this.#text.lastIndexOf('<'))
        return undefined
      }
      const [whole, slash, prefix = '', name, attributes = ''] = tag
      if (name === 'RDEntry' && slash === '') {
        this.#drop(tag.index)
        const end = `</${prefix}RDEntry>`
        const at = this.#text.indexOf(end)
        if (at < 0) {
          if (this.#text.length > longestEntry) this.stuck = `an entry is longer than ${longestEntry} characters`
          return undefined
        }
        const line = this.line
        const xml = this.#root!.start + this.#text.slice(0, at + end.length) + this.#root!.end
        this.#drop(at + end.length)
        return { line, entity: this.#entity, xml }
      }
      if (name === 'RDEntity') this.#entity = slash === '' ? (/\bname="([^"]*)"/.exec(attributes)?.[1] ?? '') : ''
      else if (name === 'RDEntityList') this.#closed = true
      this.#drop(tag.index + whole.length)
    }
    return undefined
  }

  /** What is wrong with the end of the export. */
  end(): string | undefined {
    if (this.stuck) return this.stuck
    if (!this.#root) return 'no RDEntityList'
    return this.#closed ? undefined : 'the export ends before its end'
  }

  #readRoot(): boolean {
    if (/<!DOCTYPE/i.test(this.#text)) this.stuck = 'a DOCTYPE'
    const encoding = /<\?xml\s[^>]*\bencoding=["']([^"']*)["']/.exec(this.#text)?.[1]
    if (encoding && !/^utf-?8$/i.test(encoding)) this.stuck = `the encoding ${encoding}: only UTF-8 is read`
    const root = /<((?:[\w.-]+:)?RDEntityList)(?:\s[^<>]*)?>/.exec(this.#text)
    if (this.stuck || !root) {
      if (this.#text.length > longestEntry) this.stuck ??= 'no RDEntityList'
      return false
    }
    this.#root = { start: root[0], end: `</${root[1]}>` }
    this.#drop(root.index + root[0].length)
    return true
  }

  /** Leaves off the first characters, and counts their lines. */
  #drop(length: number): void {
    if (length <= 0) return
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < length; at = this.#text.indexOf('\n', at + 1))
      this.line += 1
    this.#text = this.#text.slice(length)
  }
}

const encoder = new TextEncoder()

function entryOf({ line, entity, xml }: Part): Csrd2Part | WrongLine {
  try {
    const entry = childElements(parse(encoder.encode(xml), { refuse: { cdata: true, comments: true } }))[0]
    return entry ? { line, entity, entry } : { line, reason: 'an entry without content' }
  } catch (fault) {
    if (!(fault instanceof XmlFault)) throw fault
    return { line, reason: fault.message }
  }
}
