/** A stand-in for a system that asks for nothing to be opened on its side: it pushes its declarations to the gateway and fetches results there. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type KeptResult, ResultLog } from './result-log.ts'
import type { StandIn } from './system.ts'

/** Declarations that the gateway does not have yet, oldest first. */
type Waiting = { id: string; declaration: string; event: string; content: string }[]

/**
 * @param file where it keeps what it has; read again when it starts again
 * @param url of the gateway
 */
export function standInOnPush(file: string, url: string, token: string): StandIn {
  const waiting: Waiting = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Waiting) : []
  const log = new ResultLog(`${file}.results`)
  const save = (): void => {
    writeFileSync(`${file}.part`, JSON.stringify(waiting))
    renameSync(`${file}.part`, file)
  }
  const ask = async (method: string, path: string, more: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, ...more.headers }
    const answer = await fetch(`${url}${path}`, { ...more, method, headers })
    if (answer.ok) return answer
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  }

  const push = async (): Promise<void> => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const { id, declaration, event, content } = first
      const headers = { 'corridor-declaration': encodeURIComponent(declaration), 'corridor-event': event }
      await ask('PUT', `/declarations/${id}`, { body: Buffer.from(content, 'base64'), headers })
      waiting.shift()
      save()
    }
  }
  const fetchResults = async (): Promise<void> => {
    for (;;) {
      const { results } = (await (await ask('GET', '/results?limit=50')).json()) as { results: KeptResult[] }
      if (results.length === 0) return
      for (const result of results) log.add(result)
      for (const { id } of results) await ask('POST', `/results/${encodeURIComponent(id)}/taken`)
    }
  }
  // One round at a time: two would push the same, and fetch the same.
  let last: Promise<void> = Promise.resolve()
  const keep = (): Promise<void> => {
    const round = last.then(async () => {
      await push()
      await fetchResults()
    })
    last = round.catch(() => undefined)
    return round
  }
  return {
    async release(declaration, document, event = 'released') {
      const content = Buffer.from(document).toString('base64')
      waiting.push({ id: randomUUID(), declaration, event, content })
      save()
      // While the gateway is away it waits here.
      await keep().catch(() => undefined)
    },
    keep,
    async results() {
      await keep().catch(() => undefined)
      return log.fresh()
    },
    close: async () => {},
  }
}
