/** A server that speaks PostgreSQL's protocol just so far that a client believes it, and then answers as a test says. */
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** One message of the server. */
export function say(type: string, ...parts: (Buffer | string | number)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? int32(part) : Buffer.from(part))))
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(body.length + 4), body])
}

/** The head of a message whose rest never ends. */
export const begin = (type: string, length: number): Buffer =>
  Buffer.concat([Buffer.from(type, 'latin1'), int32(length)])

/** A row of columns as text. */
export const row = (...columns: (string | Buffer | null)[]): Buffer =>
  say(
    'D',
    int16(columns.length),
    ...columns.flatMap((each) => (each === null ? [-1] : [Buffer.byteLength(each), each])),
  )

/** What stands before rows: names and types (OID) of the columns. */
export const columns = (of: Readonly<Record<string, number>>): Buffer =>
  say(
    'T',
    int16(Object.keys(of).length),
    ...Object.entries(of).flatMap(([name, type]) => [`${name}\0`, 0, int16(0), type, int16(-1), -1, int16(0)]),
  )

export const ready = say('Z', 'I')

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export interface HostileServer {
  url: string
  close(): Promise<void>
}

/**
 * @param answer what follows a statement, by its text; it writes to the socket itself
 */
export async function hostileServer(
  answer: (statement: string, socket: Socket) => void | 'silence',
): Promise<HostileServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let begun = false
    const statements = new Map<string, string>()
    let statement = ''
    let isSilent = false
    let rest = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      for (;;) {
        const at = begun ? 1 : 0
        if (rest.length < at + 4) return
        const length = rest.readInt32BE(at)
        if (rest.length < at + length) return
        const [type, body] = [String.fromCharCode(rest[0]!), rest.subarray(at + 4, at + length)]
        rest = rest.subarray(at + length)
        if (!begun) {
          begun = true
          socket.write(Buffer.concat([say('R', 0), ready]))
        } else if (type === 'P') {
          const [name = '', text = ''] = body.toString('latin1').split('\0')
          statements.set(name, text)
          socket.write(say('1'))
        } else if (type === 'B') {
          const [, name = ''] = body.toString('latin1').split('\0')
          statement = statements.get(name) ?? ''
          socket.write(say('2'))
        } else if (type === 'E') isSilent = answer(statement, socket) === 'silence'
        else if (type === 'S' && !isSilent) socket.write(ready)
        else if (type === 'Q') socket.write(Buffer.concat([say('C', 'LISTEN\0'), ready]))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `postgres://member:password-of-a-test@127.0.0.1:${port}/border`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const each of sockets) each.destroy()
      }),
  }
}
