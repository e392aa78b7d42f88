import type { As4Limits } from '../limits.ts'
import { type MimeHeader, readMimeHeader } from '../mime-read.ts'
import { demand } from '../refusal.ts'

/** One MIME part as it comes: its octets must be read before the next part is asked for. */
export interface IncomingPart extends MimeHeader {
  octets: AsyncGenerator<Buffer>
}

const WORTH_BYTES = 16 * 1024

/** The parts of a multipart body in memory that does not grow with it; the same rules as readMime has. */
export class MultipartStream {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #limits: As4Limits
  readonly #opening: Buffer
  readonly #delimiter: Buffer
  #buffer: Buffer = Buffer.alloc(0)
  #ended = false
  #read = 0
  #parts = 0

  constructor(body: AsyncIterable<Uint8Array>, boundary: string, limits: As4Limits) {
    this.#source = body[Symbol.asyncIterator]()
    this.#limits = limits
    this.#opening = Buffer.from(`--${boundary}`)
    this.#delimiter = Buffer.from(`\r\n--${boundary}`)
  }

  /** The next part; undefined when the body has ended as it should. Refuses with EBMS:0007. */
  async next(): Promise<IncomingPart | undefined> {
    if (this.#parts === 0) await this.#start()
    await this.#fill(2)
    if (this.#startsWith('--')) {
      await this.#end()
      return undefined
    }
    demand(this.#startsWith('\r\n'), 'EBMS:0007', 'a boundary does not end its line')
    demand(this.#parts <= this.#limits.parts, 'EBMS:0007', `there are more than ${this.#limits.parts} attachments`)
    this.#parts++
    const header = await this.#header()
    return { ...header, octets: this.#octets() }
  }

  async #start(): Promise<void> {
    await this.#fill(2 + this.#opening.length)
    // Some writers put an empty line before the first delimiter.
    if (this.#startsWith('\r\n')) this.#skip(2)
    demand(this.#take(this.#opening), 'EBMS:0007', 'the body does not start with its boundary')
  }

  async #end(): Promise<void> {
    this.#skip(2)
    await this.#fill(3)
    const rest = this.#buffer.toString('latin1')
    demand(rest === '' || rest === '\r\n', 'EBMS:0007', 'there are bytes after the last boundary')
  }

  async #header(): Promise<MimeHeader> {
    this.#skip(2)
    const { headerBytes } = this.#limits
    let end: number
    while ((end = this.#buffer.indexOf('\r\n\r\n')) < 0 && this.#buffer.length < headerBytes && !this.#ended)
      await this.#more()
    const within = end >= 0 && end + 4 <= headerBytes
    demand(within, 'EBMS:0007', `a part has no end of its header within ${headerBytes} bytes`)
    const header = readMimeHeader(this.#buffer.subarray(0, end))
    this.#skip(end + 4)
    await this.#fill(this.#opening.length)
    const empty = this.#buffer.subarray(0, this.#opening.length).equals(this.#opening)
    demand(!empty, 'EBMS:0007', 'a part has no line end between its header and boundary')
    return header
  }

  async *#octets(): AsyncGenerator<Buffer> {
    const edge = this.#delimiter.length - 1
    for (;;) {
      const at = this.#buffer.indexOf(this.#delimiter)
      // What is left may be the first octets of the delimiter.
      const certain = at >= 0 ? at : Math.max(0, this.#buffer.length - edge)
      const tail = this.#buffer.subarray(certain)
      if (certain > 0) yield this.#buffer.subarray(0, certain)
      this.#buffer = tail
      if (at >= 0) {
        this.#skip(this.#delimiter.length)
        return
      }
      demand(!this.#ended, 'EBMS:0007', 'the last boundary is missing')
      this.#buffer = Buffer.alloc(0)
      await this.#more()
      // Only where two pieces meet are they put together; the rest is passed on without a copy.
      const seam = Buffer.concat([tail, this.#buffer.subarray(0, edge)])
      if (seam.includes(this.#delimiter) || this.#buffer.length <= edge) {
        this.#buffer = Buffer.concat([tail, this.#buffer])
      } else if (tail.length > 0) yield tail
    }
  }

  #startsWith(text: string): boolean {
    return this.#buffer.toString('latin1', 0, text.length) === text
  }

  #take(what: Buffer): boolean {
    const found = this.#buffer.subarray(0, what.length).equals(what)
    if (found) this.#skip(what.length)
    return found
  }

  #skip(length: number): void {
    this.#buffer = this.#buffer.subarray(length)
  }

  async #fill(length: number): Promise<void> {
    while (this.#buffer.length < length && !this.#ended) await this.#more()
  }

  // Many tiny pieces, as a hostile client may send them, are worked on together.
  async #more(): Promise<void> {
    const pieces: Uint8Array[] = this.#buffer.length > 0 ? [this.#buffer] : []
    for (let length = 0; length < WORTH_BYTES && !this.#ended;) {
      const { done, value } = await this.#source.next()
      if (done) {
        this.#ended = true
        break
      }
      length += value.length
      this.#read += value.length
      const { bodyBytes } = this.#limits
      demand(this.#read <= bodyBytes, 'EBMS:0007', `the body has more than ${bodyBytes} bytes`)
      pieces.push(value)
    }
    const [only] = pieces
    this.#buffer =
      pieces.length === 1 ? Buffer.from(only!.buffer, only!.byteOffset, only!.length) : Buffer.concat(pieces)
  }
}
