import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** One direction of a line. */
export interface Way {
  /** `lose` swallows what comes; `hold` keeps it, in order, until the line lets it pass again or is cut. */
  pass: 'on' | 'lose' | 'hold'
  /** So many bytes of each connection pass and the rest is held: a handshake is small enough, a message is not. */
  mostBytes?: number
  /** No limit when left out. */
  bytesPerSecond?: number
  /** Latency: for whatever comes at once. */
  delayMs?: number
  /** On a slow line, so many of a hundred pieces wait this much longer, as if they had been lost and sent again. */
  stalls?: { percent: number; ms: number; random: () => number }
}

/** `reset` ends each new connection at once · `swallow` takes it, reads on and answers nothing, as behind a black hole. */
export type Reach = 'through' | 'reset' | 'swallow'

const open: Way = { pass: 'on' }
const holdLookMs = 5

/** A line between two nodes that a test can spoil. TLS goes through it as it is: it sees bytes and no message. */
export class TcpProxy {
  readonly #server: Server
  readonly #target: () => number
  readonly #pairs = new Set<Socket>()
  #watch: { bytes: number; call: () => void } | undefined
  reach: Reach = 'through'
  /** Towards the server, and back to the client. */
  there: Way = open
  back: Way = open
  /** Called with each new connection. */
  onConnection: (() => void) | undefined
  /** Connections so far, and bytes towards the server. */
  connections = 0
  bytesThere = 0

  private constructor(server: Server, target: () => number) {
    this.#server = server
    this.#target = target
    server.on('connection', (client: Socket) => this.#take(client))
  }

  /** Listens on 127.0.0.1; the port that it leads to is asked for with each connection. */
  static async to(target: number | (() => number)): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TcpProxy(server, typeof target === 'number' ? () => target : target)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}/as4`
  }

  /** Ends what is open, and every new connection, until `mend`. */
  cut(): void {
    this.reach = 'reset'
    this.resetAll()
  }

  mend(): void {
    this.reach = 'through'
    this.there = open
    this.back = open
    this.onConnection = undefined
    this.#watch = undefined
  }

  /** As soon as a request is more than a TLS handshake is, on each new connection; for one connection at a time. */
  onEachRequest(call: () => void): void {
    this.onConnection = () => {
      this.there = open
      this.back = open
      this.afterBytes(5_000, call)
    }
  }

  /** Ends what is open. */
  resetAll(): void {
    for (const socket of this.#pairs) socket.resetAndDestroy()
    this.#pairs.clear()
  }

  /** Calls once, when so many more bytes have gone towards the server. */
  afterBytes(bytes: number, call: () => void): void {
    this.#watch = { bytes: this.bytesThere + bytes, call }
  }

  async close(): Promise<void> {
    this.resetAll()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #take(client: Socket): void {
    this.connections++
    this.onConnection?.()
    client.on('error', () => {})
    if (this.reach === 'reset') {
      client.resetAndDestroy()
      return
    }
    this.#pairs.add(client)
    if (this.reach === 'swallow') {
      client.resume()
      return
    }
    const server = connect({ port: this.#target(), host: '127.0.0.1', allowHalfOpen: true })
    server.on('error', () => client.destroy())
    this.#pairs.add(server)
    client.once('close', () => server.destroy())
    server.once('close', () => client.destroy())
    void this.#carry(
      client,
      server,
      () => this.there,
      (bytes) => this.#count(bytes),
    )
    void this.#carry(server, client, () => this.back)
  }

  async #carry(from: Socket, to: Socket, way: () => Way, count?: (bytes: number) => void): Promise<void> {
    let passed = 0
    const held = (): boolean => way().pass === 'hold' || passed > (way().mostBytes ?? Infinity)
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        await pause(way().delayMs ?? 0)
        for (const piece of pieces(chunk, way())) {
          await slow(way(), piece.length)
          // Before it goes on, so that who watches can still keep it.
          count?.(piece.length)
          passed += piece.length
          while (held() && !to.destroyed && !from.destroyed) await pause(holdLookMs)
          // What was held for a side that has given up must not come through later.
          if (to.destroyed || from.destroyed) return
          if (way().pass === 'lose') continue
          to.write(piece)
        }
      }
      to.end()
    } catch {
      to.destroy()
    } finally {
      this.#pairs.delete(from)
    }
  }

  #count(bytes: number): void {
    this.bytesThere += bytes
    const watch = this.#watch
    if (watch === undefined || this.bytesThere < watch.bytes) return
    this.#watch = undefined
    watch.call()
  }
}

/** A slow line is not read faster than it carries: small pieces keep it even. */
function* pieces(chunk: Buffer, { bytesPerSecond }: Way): Iterable<Buffer> {
  const size = bytesPerSecond === undefined ? chunk.length : Math.max(1, Math.floor(bytesPerSecond / 8))
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size)
}

async function slow({ bytesPerSecond, stalls }: Way, bytes: number): Promise<void> {
  const stalled = stalls !== undefined && stalls.random() * 100 < stalls.percent
  const waitMs = (bytesPerSecond === undefined ? 0 : (bytes / bytesPerSecond) * 1000) + (stalled ? stalls.ms : 0)
  if (waitMs > 0) await pause(waitMs)
}
