/** A stand-in for a system that asks for nothing to be opened on its side: it pushes its declarations to the gateway and fetches results there. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { StandIn, StandInResult } from './system.ts'

interface Stored {
  /** Declarations that the gateway does not have yet, oldest first. */
  waiting: { id: string; declaration: string; event: string; content: string }[]
  results: { id: string; declaration: string; kind: string; content: string; told: boolean }[]
}

/**
 * @param file where it keeps what it has; read again when it starts again
 * @param url of the gateway
 */
export function standInOnPush(file: string, url: string, token: string): StandIn {
  const stored: Stored = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Stored)
    : { waiting: [], results: [] }
  const save = (): void => {
    writeFileSync(`${file}.part`, JSON.stringify(stored))
    renameSync(`${file}.part`, file)
  }
  const ask = async (method: string, path: string, more: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, ...more.headers }
    const answer = await fetch(`${url}${path}`, { ...more, method, headers })
    if (answer.ok) return answer
    throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  }

  const push = async (): Promise<void> => {
    for (let first = stored.waiting[0]; first !== undefined; first = stored.waiting[0]) {
      const { id, declaration, event, content } = first
      const headers = { 'corridor-declaration': encodeURIComponent(declaration), 'corridor-event': event }
      await ask('PUT', `/declarations/${id}`, { body: Buffer.from(content, 'base64'), headers })
      stored.waiting.shift()
      save()
    }
  }
  const fetchResults = async (): Promise<void> => {
    for (;;) {
      const { results } = (await (await ask('GET', '/results?limit=50')).json()) as { results: Stored['results'] }
      if (results.length === 0) return
      const fresh = results.filter(({ id }) => !stored.results.some((each) => each.id === id))
      for (const { id, declaration, kind, content } of fresh)
        stored.results.push({ id, declaration, kind, content, told: false })
      save()
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
      stored.waiting.push({ id: randomUUID(), declaration, event, content })
      save()
      // While the gateway is away it waits here.
      await keep().catch(() => undefined)
    },
    keep,
    async results() {
      await keep().catch(() => undefined)
      const fresh = stored.results.filter(({ told }) => !told)
      for (const each of fresh) each.told = true
      save()
      return fresh.map(({ declaration, kind, content }): StandInResult => ({
        declaration,
        kind,
        bytes: Buffer.from(content, 'base64'),
      }))
    },
    close: async () => {},
  }
}
