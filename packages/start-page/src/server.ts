import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { svgOf } from '@corridor/map'
import { Feed } from './feed.ts'
import { hasSecret, isOwnHost, isOwnOrigin, safeHeaders } from './guard.ts'
import type { RunningView, StartPagePorts, StoryLine } from './views.ts'
import { catalogues, mapWordsIn } from './words.ts'

const beatMs = 15_000
const mostBytes = 4_096

/** The page while it is served. */
export interface StartPage {
  /** Its address with the secret, which stands behind the #: a browser sends it to nobody by itself. */
  url: string
  show(running: RunningView | null): void
  say(line: StoryLine): void
  close(): Promise<void>
}

const file = (name: string): Buffer => readFileSync(new URL(`../public/${name}`, import.meta.url))

/** What anybody on this machine may have: it holds nothing of what runs. */
const open: Readonly<Record<string, { type: string; name: string }>> = {
  '/': { type: 'text/html; charset=utf-8', name: 'start.html' },
  '/icon.svg': { type: 'image/svg+xml; charset=utf-8', name: 'icon.svg' },
  '/start.css': { type: 'text/css; charset=utf-8', name: 'start.css' },
  '/elements.js': { type: 'text/javascript; charset=utf-8', name: 'elements.js' },
  '/language.js': { type: 'text/javascript; charset=utf-8', name: 'language.js' },
  '/lines.js': { type: 'text/javascript; charset=utf-8', name: 'lines.js' },
  '/start.js': { type: 'text/javascript; charset=utf-8', name: 'start.js' },
}

/**
 * Serves the page on the loopback address.
 * @param port a free one; 0: any
 */
export async function serveStartPage(ports: StartPagePorts, port: number): Promise<StartPage> {
  const secret = randomBytes(24).toString('base64url')
  const feed = new Feed(() => ports.corridors())
  const server = createServer((request, response) => {
    answer({ ports, feed, secret }, request, response).catch(() => {
      if (!response.headersSent) refuse(response, 500)
      else response.destroy()
    })
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  await listening(server, port)
  const beating = setInterval(() => feed.beat(), beatMs)
  const address = server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${taken}/#${secret}`,
    show: (running) => feed.show(running),
    say: (line) => feed.say(line),
    close: async () => {
      clearInterval(beating)
      feed.close()
      const closed = new Promise((resolve) => {
        server.close(resolve)
      })
      server.closeAllConnections()
      await closed
    },
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

interface Served {
  ports: StartPagePorts
  feed: Feed
  secret: string
}

async function answer(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, headers } = request
  if (!isOwnHost(headers)) return refuse(response, 421)
  if (!isOwnOrigin(headers)) return refuse(response, 403)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
  const isRead = method === 'GET' || method === 'HEAD'
  const found = Object.hasOwn(open, pathname) ? open[pathname] : undefined
  if (found !== undefined) return isRead ? give(response, found.type, file(found.name)) : refuse(response, 405)
  const [, area = '', name = '', act = '', more] = pathname.split('/')
  if (more !== undefined) return refuse(response, 404)
  if (area === 'locales' && act === '') return isRead ? words(response, name) : refuse(response, 405)
  if (area === 'maps' && act === '')
    return isRead ? map(served, response, name, searchParams.get('language') ?? 'en') : refuse(response, 405)
  if (!hasSecret(headers, served.secret)) return refuse(response, 401)
  if (area === 'feed' && name === '') return isRead ? follow(served, response) : refuse(response, 405)
  if (area === 'sign-in-links' && name === '') {
    return method === 'POST' ? signInLink(served, response, await bodyOf(request)) : refuse(response, 405)
  }
  if (area === 'corridors' && act === 'start')
    return method === 'POST' ? start(served, response, decoded(name)) : refuse(response, 405)
  if (area === 'corridors' && act === 'change')
    return method === 'POST' ? change(served, response, decoded(name), await bodyOf(request)) : refuse(response, 405)
  return refuse(response, 404)
}

function give(response: ServerResponse, type: string, body: string | Buffer, status = 200): void {
  response.writeHead(status, { ...safeHeaders, 'content-type': type }).end(body)
}

const json = (response: ServerResponse, value: object, status = 200): void =>
  give(response, 'application/json; charset=utf-8', JSON.stringify(value), status)

const refuse = (response: ServerResponse, status: number): void => json(response, { status }, status)

function words(response: ServerResponse, name: string): void {
  const language = name.replace(/\.json$/, '')
  if (name === language || !Object.hasOwn(catalogues, language)) return refuse(response, 404)
  json(response, catalogues[language]!)
}

/** A picture; its own policy lets it use the style that stands in it, and nothing else. */
function map({ ports }: Served, response: ServerResponse, name: string, language: string): void {
  const found = ports.corridors().find(({ id }) => name === `${id}.svg`)
  if (found === undefined) return refuse(response, 404)
  const known = Object.hasOwn(catalogues, language) ? language : 'en'
  response
    .writeHead(200, {
      ...safeHeaders,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'content-type': 'image/svg+xml; charset=utf-8',
    })
    .end(svgOf(found.chart, mapWordsIn(known), known))
}

function follow({ feed }: Served, response: ServerResponse): void {
  response.writeHead(200, { ...safeHeaders, 'content-type': 'application/x-ndjson; charset=utf-8' })
  feed.listen(response)
}

async function signInLink({ ports }: Served, response: ServerResponse, body: unknown): Promise<void> {
  const { node, account } = (body ?? {}) as Record<string, unknown>
  if (typeof node !== 'string' || typeof account !== 'string') return refuse(response, 400)
  const link = await ports.signInLink(node, account)
  if (link === undefined) return refuse(response, 404)
  json(response, { link })
}

function start({ ports }: Served, response: ServerResponse, id: string): void {
  const statusOf = { wished: 202, unknown: 404, busy: 409 }
  refuse(response, statusOf[ports.start(id)])
}

async function change({ ports }: Served, response: ServerResponse, id: string, body: unknown): Promise<void> {
  const { configuration } = (body ?? {}) as Record<string, unknown>
  if (typeof configuration !== 'string') return refuse(response, 400)
  const outcome = await ports.change(id, configuration)
  const statusOf = { taken: 200, unknown: 404, busy: 409, refused: 422 }
  json(response, outcome, statusOf[outcome.kind])
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return ''
  }
}

/** The JSON of a small request; undefined for anything else. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > mostBytes) return undefined
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
