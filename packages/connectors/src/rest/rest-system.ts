/** A national system that is asked over HTTP: it offers what docs/connectors.md and `openapi.json` say. */
import { ConnectorsFault } from '../faults.ts'
import type { Given, Handed, NationalSystem } from '../national-system.ts'
import { type Answer, ask, baseOf, type Remote } from './http.ts'

/**
 * Asks a national system. What it gives it leases itself: a declaration that is neither done nor aside comes again under the same id.
 * Faults: `connectors.unreachable`, `connectors.remote`.
 */
export function restSystem(remote: Remote): NationalSystem {
  baseOf(remote)
  const json = { 'content-type': 'application/json' }
  return {
    async take(limit) {
      const answer = await ask(remote, 'GET', `declarations?limit=${limit}`, undefined, { accept: 'application/json' })
      expect(answer, [200], 'GET declarations')
      return declarationsIn(answer.body).slice(0, limit)
    },
    async done(ids) {
      for (const id of ids) {
        const path = `declarations/${encodeURIComponent(id)}/done`
        expect(await ask(remote, 'POST', path, new Uint8Array()), [200, 204, 404], `POST ${path}`)
      }
    },
    async setAside(id, wrong) {
      const path = `declarations/${encodeURIComponent(id)}/aside`
      const body = new TextEncoder().encode(JSON.stringify({ wrong }))
      expect(await ask(remote, 'POST', path, body, json), [200, 204, 404], `POST ${path}`)
    },
    async give({ id, declaration, kind, mediaType, bytes }): Promise<Given> {
      const path = `results/${encodeURIComponent(id)}`
      const answer = await ask(remote, 'PUT', path, bytes, {
        'content-type': mediaType,
        'corridor-declaration': encodeURIComponent(declaration),
        'corridor-kind': encodeURIComponent(kind),
      })
      expect(answer, [200, 201, 409], `PUT ${path}`)
      return answer.status === 201 ? 'given' : answer.status === 200 ? 'there' : 'conflict'
    },
    close: async () => {},
  }
}

function expect({ status }: Answer, wanted: readonly number[], what: string): void {
  if (wanted.includes(status)) return
  const isPassing = status >= 500 || status === 429
  throw new ConnectorsFault(
    isPassing ? 'connectors.unreachable' : 'connectors.remote',
    `${what} was answered with ${status}`,
  )
}

function declarationsIn(body: Uint8Array): Handed[] {
  const wrong = (text: string): never => {
    throw new ConnectorsFault('connectors.remote', `GET declarations: ${text}`)
  }
  let read: unknown
  try {
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    wrong('the answer is no JSON')
  }
  const list = (read as { declarations?: unknown } | null)?.declarations
  if (!Array.isArray(list)) return wrong('the answer has no list of declarations')
  return list.map((each: unknown, at): Handed => {
    const { id, declaration, event, content, before } = (each ?? {}) as Record<string, unknown>
    const texts = [id, declaration, event, content]
    if (!texts.every((text) => typeof text === 'string') || id === '' || !/^[\x20-\x7e]{1,200}$/.test(id as string))
      return wrong(`declarations[${at}] needs id, declaration, event and content as texts`)
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(content as string)) return wrong(`declarations[${at}].content is no base64`)
    return {
      id: id as string,
      declaration: declaration as string,
      event: event as string,
      bytes: Buffer.from(content as string, 'base64'),
      before: typeof before === 'number' && Number.isInteger(before) && before > 0 ? before : 0,
    }
  })
}
