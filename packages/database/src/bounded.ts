import { Client, type ClientConfig } from 'pg'

/** How much of a server's answer is read, for servers that are not ours: what is more ends the connection. */
export interface AnswerBounds {
  /** Bytes of the answer to one statement, as they travel. */
  bytes: number
  rows: number
}

/** What is no row (a description of columns, an error, a notice) is short. */
const longestOther = 32_768
/** Types of messages (PostgreSQL 18, 54.7, “Message Formats”). */
const [dataRow, readyForQuery] = [0x44, 0x5a]
/** NoticeResponse, NotificationResponse and ParameterStatus belong to no statement, and are not kept. */
const besides = new Set([0x4e, 0x41, 0x53])
const headBytes = 5

/** The server has said more than was asked for. */
export class LongAnswer extends Error {
  readonly code = 'LONG_ANSWER'
}

/**
 * Counts what a server says. The driver keeps a message until it is whole, and all rows of an answer, however long the server makes them; so a
 * message is judged by its head, before the rest of it comes.
 */
export class AnswerCount {
  readonly #bounds: AnswerBounds
  readonly #head = Buffer.alloc(headBytes)
  #ofHead = 0
  /** Of the message whose head was read. */
  #left = 0
  #bytes = 0
  #rows = 0

  constructor(bounds: AnswerBounds) {
    this.#bounds = bounds
  }

  /** @throws LongAnswer */
  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at)
        this.#left -= taken
        at += taken
        continue
      }
      this.#head[this.#ofHead++] = chunk[at++]!
      if (this.#ofHead < headBytes) continue
      this.#ofHead = 0
      this.#judge(this.#head[0]!, this.#head.readUInt32BE(1))
    }
  }

  /** @param length with the four bytes of itself */
  #judge(type: number, length: number): void {
    if (length < headBytes - 1) throw new LongAnswer('what the server says is no message of PostgreSQL')
    this.#left = length - (headBytes - 1)
    if (type !== dataRow && length > longestOther)
      throw new LongAnswer(`the server begins a message of ${length} bytes that is no row`)
    if (besides.has(type)) return
    if (type === readyForQuery) {
      this.#bytes = 0
      this.#rows = 0
      return
    }
    this.#bytes += 1 + length
    if (type === dataRow) this.#rows += 1
    if (this.#bytes > this.#bounds.bytes || this.#rows > this.#bounds.rows)
      throw new LongAnswer(
        `the answer is longer than ${this.#bounds.bytes} bytes or ${this.#bounds.rows} rows, and was not read to its end`,
      )
  }
}

/** What of the driver's connection is used here; its types leave it out. */
interface DriverConnection {
  attachListeners(stream: NodeJS.ReadableStream & { destroy(error: Error): void }): void
}

/** A client of the driver that reads no more of an answer than this. Its connection ends with a {@link LongAnswer}. */
export function boundedClient(bounds: AnswerBounds): new () => Client {
  const Bounded = class extends Client {
    constructor(config?: string | ClientConfig) {
      super(config)
      const { connection } = this as unknown as { connection: DriverConnection }
      const attach = connection.attachListeners.bind(connection)
      // Called with what is read at last: inside of TLS.
      connection.attachListeners = (stream) => {
        const count = new AnswerCount(bounds)
        stream.on('data', (chunk: Uint8Array) => {
          try {
            count.add(chunk)
          } catch (error) {
            stream.destroy(error as Error)
          }
        })
        attach(stream)
      }
    }
  }
  return Bounded
}
