import type { Readable, Writable } from 'node:stream'

/** Chromium's own commands, over a pair of pipes: messages of JSON that end with a zero byte. */
export interface Devtools {
  /**
   * One command and its answer.
   * @throws Error with what the browser said, or when its end of the pipe is closed
   */
  send(method: string, parameters?: object, session?: string): Promise<Record<string, unknown>>
}

interface Answer {
  id?: number
  result?: Record<string, unknown>
  error?: { message: string }
}

/** Speaks to a browser that was started with `--remote-debugging-pipe`: it reads at its descriptor 3 and writes at 4. */
export function devtools(into: Writable, from: Readable): Devtools {
  const waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>()
  let ended: Error | undefined
  let last = 0
  const end = (why: string): void => {
    ended ??= new Error(why)
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  const hear = (message: string): void => {
    const { id, result, error } = JSON.parse(message) as Answer
    // An event has no number, and nothing here waits for one.
    const asked = id === undefined ? undefined : waiting.get(id)
    if (id === undefined || asked === undefined) return
    waiting.delete(id)
    if (error === undefined) asked.resolve(result ?? {})
    else asked.reject(new Error(error.message))
  }
  let pieces: Buffer[] = []
  from.on('data', (chunk: Buffer) => {
    let start = 0
    for (let zero = chunk.indexOf(0); zero >= 0; zero = chunk.indexOf(0, start)) {
      hear(Buffer.concat([...pieces, chunk.subarray(start, zero)]).toString())
      pieces = []
      start = zero + 1
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start))
  })
  from.once('close', () => end('the browser is gone'))
  from.on('error', (error) => end(error.message))
  into.on('error', (error) => end(error.message))
  return {
    send(method, parameters = {}, session) {
      if (ended !== undefined) return Promise.reject(ended)
      const id = ++last
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        into.write(`${JSON.stringify({ id, method, params: parameters, ...(session && { sessionId: session }) })}\0`)
      })
    },
  }
}
