import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A line to the partner that can be taken away and cut. */
export interface Relay {
  port: number
  /** Bytes that came from the partner over the last connection. */
  readonly came: number
  /** Cuts each connection after so many bytes that came from the partner. */
  cutAfter(bytes: number | undefined): void
  close(): Promise<void>
}

/** Hands bytes on between a port of this machine and a host; it cannot read them. @param port 0: any that is free */
export async function openRelay(host: string, hostPort: number, port = 0): Promise<Relay> {
  let most: number | undefined
  let came = 0
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(hostPort, host)
    came = 0
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => {
      came += bytes.length
      // What is up to there still goes through: the line breaks in the middle of an answer.
      const over = most === undefined ? 0 : came - most
      if (over <= 0) near.write(bytes)
      else near.end(bytes.subarray(0, Math.max(0, bytes.length - over)), () => near.destroy())
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    get came() {
      return came
    },
    cutAfter: (bytes) => {
      most = bytes
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
