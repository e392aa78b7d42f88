/** A stand-in for a system that is neither: it keeps its declarations in a file and answers over HTTP what docs/connectors.md asks of it. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ResultLog } from './result-log.ts'
import type { StandIn } from './system.ts'

interface Row {
  id: string
  declaration: string
  event: string
  content: string
  state: 'waiting' | 'done' | 'aside'
  wrong?: unknown
}

export interface RestStandIn extends StandIn {
  readonly url: string
  /** what was set aside, with what is wrong */
  aside(): { declaration: string; wrong: unknown }[]
}

/**
 * @param file where it keeps what it has; read again when it starts again
 * @param token that the gateway must have
 * @param port 0 takes a free one
 */
export async function standInOnRest(file: string, token: string, port = 0): Promise<RestStandIn> {
  const rows: Row[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row[]) : []
  const log = new ResultLog(`${file}.results`)
  const leases = new Map<string, number>()
  const save = (): void => {
    writeFileSync(`${file}.part`, JSON.stringify(rows))
    renameSync(`${file}.part`, file)
  }

  const waiting = (limit: number): object[] => {
    const busy = new Set<string>()
    const due: Row[] = []
    for (const row of rows) {
      if (row.state !== 'waiting' || busy.has(row.declaration)) continue
      busy.add(row.declaration)
      if ((leases.get(row.id) ?? 0) < Date.now() && due.length < limit) due.push(row)
    }
    for (const { id } of due) leases.set(id, Date.now() + 2_000)
    return due.map(({ id, declaration, event, content }) => ({ id, declaration, event, content }))
  }

  const settle = (id: string, state: Row['state'], wrong?: unknown): number => {
    const row = rows.find((each) => each.id === id)
    if (row === undefined) return 404
    Object.assign(row, { state, wrong })
    save()
    return 204
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const [, what, id = '', act] = url.pathname.split('/').map(decodeURIComponent)
    const asked = `${request.method} ${what}${act === undefined ? '' : `/${act}`}`
    if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end()
    if (asked === 'GET declarations') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ declarations: waiting(Number(url.searchParams.get('limit') ?? 20)) }))
    } else if (asked === 'POST declarations/done') response.writeHead(settle(id, 'done')).end()
    else if (asked === 'POST declarations/aside') {
      const { wrong } = JSON.parse(body.toString()) as { wrong: unknown }
      response.writeHead(settle(id, 'aside', wrong)).end()
    } else if (asked === 'PUT results') response.writeHead(keep(id, request, body.toString('base64'))).end()
    else response.writeHead(404).end()
  }

  const keep = (id: string, { headers }: IncomingMessage, content: string): number => {
    const [declaration, kind] = ['corridor-declaration', 'corridor-kind'].map((name) =>
      decodeURIComponent(String(headers[name] ?? '')),
    ) as [string, string]
    return { new: 201, there: 200, conflict: 409 }[log.add({ id, declaration, kind, content })]
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async release(declaration, document, event = 'released') {
      const content = Buffer.from(document).toString('base64')
      rows.push({ id: randomUUID(), declaration, event, content, state: 'waiting' })
      save()
    },
    async results() {
      return log.fresh()
    },
    aside: () =>
      rows.filter(({ state }) => state === 'aside').map(({ declaration, wrong }) => ({ declaration, wrong })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
