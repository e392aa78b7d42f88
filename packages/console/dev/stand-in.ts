import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname } from 'node:path'
import type { Session } from '../src/api/types.ts'
import * as movements from './stand-in-movements.ts'
import { referenceAt } from './stand-in-reference.ts'

/**
 * A STAND-IN for a node, for work on the console only: invented movements in memory, the answers of the HTTP contract,
 * acts that change state, live events. It checks no law and keeps nothing. Every page it serves says so.
 *
 *   node packages/console/dev/stand-in.ts [port]
 */

const dist = new URL('../dist/', import.meta.url)
const locales = ['en', 'sq', 'ar', 'fr', 'ru', 'fa-AF']
const officers: Record<movements.OfficerRole, { name: string; country: string; node: string }> = {
  departure: { name: 'Elira Hoxha', country: 'AL', node: 'Albania' },
  transit: { name: 'Arben Krasniqi', country: 'XK', node: 'Kosovo' },
  destination: { name: 'Vlora Gashi', country: 'XK', node: 'Kosovo' },
  guarantee: { name: 'Dritan Leka', country: 'AL', node: 'Albania' },
}
// As strict as the node's own policy, so that what works here works there.
const headers = {
  'content-security-policy': "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  vary: 'accept',
}

const start = Date.now() - 60_000
const plates = ['AA 366 XF', 'AA 521 WR', 'AA 969 NU', 'AA 349 XQ', 'AA 529 MD', 'AA 574 TB', 'AA 937 NQ']
const holders = [
  'Sharr Cargo',
  'Vjosa Freight',
  'Balkan Reefer',
  'Adria Spedicion',
  'Drini Logistics',
  'Kastrati Petrol',
]
const stages = [5, 0, 2, 1, 6, 3, 4]
const stories = Array.from({ length: 63 }, (_, n) => {
  const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ'
  const body = Array.from({ length: 10 }, (_, k) => letters[(n * 7 + k * k * 5 + n * k) % letters.length]).join('')
  const end = start - n * 13 * 60_000
  const holder = holders[n % holders.length]!
  return movements.tell(
    stages[n % stages.length]!,
    `26AL${body}85J${n % 10}`,
    `LRN-26-${1000 + n}`,
    holder,
    plates[n % 7]!,
    end,
  )
})
const troubled = stories[2]!
Object.assign(troubled.messages.at(-1)!, { receiptMs: null, receiptedAt: null, tries: 8, state: 'parked' })
troubled.trouble.push({
  code: 'not-delivered',
  since: troubled.messages.at(-1)!.at,
  detail: 'CD001C to Prizren failed 8 times.',
})

const sessions = new Map<string, { role: movements.OfficerRole; locale: string }>()
const streams = new Set<{ response: ServerResponse; role: movements.OfficerRole }>()
const answered = new Map<string, unknown>()

class Refusal extends Error {
  readonly status: number
  readonly body: object
  constructor(status: number, title: string, more: object = {}) {
    super(title)
    this.status = status
    this.body = { type: 'about:blank', title, status, instance: randomUUID(), ...more }
  }
}

function json(response: ServerResponse, status: number, body: unknown, more: Record<string, string> = {}): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  response.writeHead(status, { ...headers, 'content-type': type, ...more }).end(JSON.stringify(body))
}

function sessionBody(known: { role: movements.OfficerRole; locale: string }): Session {
  const { name, country, node } = officers[known.role]
  const office = movements.offices[known.role]
  const user = { id: known.role, name, role: known.role, office: office.ref, officeName: office.name }
  const timeZone = country === 'AL' ? 'Europe/Tirane' : 'Europe/Belgrade'
  return { user, node: { party: `NTA.${country}`, country, name: node, timeZone }, locale: known.locale, locales }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>
}

function publish(story: movements.Story): void {
  for (const { response } of streams) {
    response.write(`event: movement\ndata: ${JSON.stringify({ mrn: story.mrn, version: story.version })}\n\n`)
  }
}

function doAct(story: movements.Story, name: string): void {
  const now = Date.now()
  if (name === 'control') movements.control(story, now)
  else if (name === 'release') movements.release(story, now)
  else if (name === 'cross') movements.cross(story, now)
  else if (name === 'permit-unloading') movements.unload(story, now - 44 * 60_000)
  else if (name === 'record-results') movements.results(story, now)
  else {
    movements.happen(story, now, 0, 'refused', 'warn', officers.departure.name)
    story.states.departure = 'not-released'
  }
  if (name === 'cross') setTimeout(() => (movements.arrive(story, Date.now()), publish(story)), 4000)
  publish(story)
}

function list(role: movements.OfficerRole, query: URLSearchParams) {
  const q = (query.get('q') ?? '').toLowerCase()
  const status = query.get('status') ?? ''
  const page = Number(query.get('page') ?? 1)
  const found = stories
    .filter((story) => story.states[role] !== undefined)
    .map((story) => movements.rowOf(story, role))
    .filter((row) => status === '' || row.status.code === status)
    .filter((row) => [row.mrn, row.lrn, row.holder.name, row.vehicle?.plate].some((x) => x?.toLowerCase().includes(q)))
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  return { items: found.slice((page - 1) * 50, page * 50), total: found.length, page, pageSize: 50 }
}

function storyOf(role: movements.OfficerRole, mrn: string): movements.Story {
  const story = stories.find((one) => one.mrn === mrn && one.states[role] !== undefined)
  if (!story) throw new Refusal(404, 'Not found')
  return story
}

async function act(request: IncomingMessage, role: movements.OfficerRole, story: movements.Story) {
  const key = String(request.headers['idempotency-key'] ?? '')
  if (key === '') throw new Refusal(400, 'Idempotency-Key is missing')
  if (answered.has(key)) return answered.get(key)
  const body = (await bodyOf(request)) as { act: string; version: number; fields: Record<string, string> }
  const known = movements.actsOf(story, role).some((one) => one.act === body.act)
  if (!known || body.version !== story.version) {
    throw new Refusal(409, 'Conflict', {
      detail: `Version ${story.version}, ${story.states[role]}`,
      version: story.version,
    })
  }
  if (/[<>]/.test(body.fields['text'] ?? '')) {
    const errors = [{ field: 'text', value: body.fields['text'], remedy: 'Leave out < and >.' }]
    throw new Refusal(422, 'Not valid', { errors })
  }
  doAct(story, body.act)
  const answer = { movement: movements.viewOf(story, role) }
  answered.set(key, answer)
  return answer
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function partners(role: movements.OfficerRole) {
  const other = officers[role].country === 'AL' ? ['NTA.XK', 'Kosovo'] : ['NTA.AL', 'Albania']
  return [
    {
      party: other[0],
      name: other[1],
      lastReceiptAt: ago(2),
      queued: 0,
      oldestUnsentAt: null,
      parked: 1,
      certificateDaysLeft: 341,
    },
    {
      party: 'NTA.MK',
      name: 'North Macedonia',
      lastReceiptAt: ago(14),
      queued: 3,
      oldestUnsentAt: ago(1),
      parked: 0,
      certificateDaysLeft: 21,
    },
    {
      party: 'NTA.ME',
      name: 'Montenegro',
      lastReceiptAt: ago(190),
      queued: 12,
      oldestUnsentAt: ago(185),
      parked: 0,
      certificateDaysLeft: 88,
    },
  ]
}

function documentOf(type: string, mrn: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><ncts:${type} xmlns:ncts="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"><messageSender>NTA.AL</messageSender><messageRecipient>NTA.XK</messageRecipient><messageType>${type}</messageType><TransitOperation><MRN>${mrn}</MRN><declarationType>T1</declarationType></TransitOperation><Consignment><grossMass>13780</grossMass><HouseConsignment><ConsignmentItem><goodsItemNumber>1</goodsItemNumber><Commodity><descriptionOfGoods>Apples, fresh</descriptionOfGoods><CommodityCode><harmonizedSystemSubHeadingCode>080810</harmonizedSystemSubHeadingCode></CommodityCode></Commodity></ConsignmentItem></HouseConsignment></Consignment></ncts:${type}>`
}

function page(response: ServerResponse): void {
  const html = readFileSync(new URL('index.html', dist), 'utf8')
  const said = html
    .replace('<title>', '<title>STAND-IN ')
    .replace(
      '</body>',
      '<footer class="page muted">Stand-in server for development: everything here is invented.</footer></body>',
    )
  response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(said)
}

const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

async function sessionRoute(request: IncomingMessage, response: ServerResponse, cookie: string): Promise<void> {
  const known = sessions.get(cookie)
  if (request.method === 'POST') {
    const { token } = await bodyOf(request)
    const role = (typeof token === 'string' ? token : '') as movements.OfficerRole
    if (!(role in officers)) throw new Refusal(401, 'This link is used or expired')
    const id = randomUUID()
    const made = { role, locale: 'en' }
    sessions.set(id, made)
    return json(response, 200, sessionBody(made), { 'set-cookie': `stand_in=${id}; HttpOnly; SameSite=Strict; Path=/` })
  }
  if (!known) throw new Refusal(401, 'Not signed in')
  if (request.method === 'DELETE') {
    sessions.delete(cookie)
    response.writeHead(204, headers).end()
    return
  }
  if (request.method === 'PATCH') known.locale = String((await bodyOf(request))['locale'])
  json(response, 200, sessionBody(known))
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stand-in')
  const asset = new URL(`.${url.pathname}`, dist)
  if (types[extname(url.pathname)] && asset.href.startsWith(dist.href) && existsSync(asset)) {
    response.writeHead(200, { ...headers, 'content-type': types[extname(url.pathname)]! }).end(readFileSync(asset))
    return
  }
  if ((request.headers.accept ?? '').includes('text/html')) return page(response)
  if (url.pathname === '/health')
    return json(response, 200, { status: 'ok', node: 'NTA.AL', country: 'AL', version: 'stand-in' })
  const cookie = /stand_in=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  if (url.pathname === '/session') return sessionRoute(request, response, cookie)
  const role = sessions.get(cookie)?.role
  if (!role) throw new Refusal(401, 'Not signed in')
  const [area, mrn = '', part, id] = url.pathname.split('/').slice(1).map(decodeURIComponent)
  if (area === 'reference') {
    const found = referenceAt([mrn, part, id].filter((one): one is string => Boolean(one)))
    if (!found) throw new Refusal(404, 'Not found')
    return json(response, 200, found)
  }
  if (area === 'availability')
    return json(response, 200, { unavailabilities: [], asked: [], partners: [], isTold: true })
  if (area === 'exchange') return json(response, 200, { partners: partners(role) })
  if (area === 'movements' && mrn === '') return json(response, 200, list(role, url.searchParams))
  if (area === 'movements' && part === 'acts') return json(response, 200, await act(request, role, storyOf(role, mrn)))
  if (area === 'movements' && part === 'messages') {
    const message = storyOf(role, mrn).messages.find((one) => one.id === id)
    if (!message) throw new Refusal(404, 'Not found')
    response.writeHead(200, { ...headers, 'content-type': 'application/xml' }).end(documentOf(message.type, mrn))
    return
  }
  if (area === 'movements' && part === undefined) return json(response, 200, movements.viewOf(storyOf(role, mrn), role))
  if (area === 'events') {
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' }).write('event: ping\ndata: {}\n\n')
    const stream = { response, role }
    streams.add(stream)
    response.on('close', () => streams.delete(stream))
    return
  }
  throw new Refusal(404, 'Not found')
}

/** A new movement comes in, as if a trader had declared it. */
function declareOne(): void {
  const mrn = `26ALNEW${String(stories.length).padStart(7, '0')}85J0`
  const story = movements.tell(0, mrn, `LRN-26-${2000 + stories.length}`, 'Ilir Transport', 'AA 795 RV', Date.now())
  stories.push(story)
  publish(story)
}

/** Starts the stand-in on a port of 127.0.0.1 (0: any) and says where it is. */
export function startStandIn(port: number): Promise<{ origin: string; stop: () => void; arrive: () => void }> {
  const server = createServer((request, response) => {
    answer(request, response).catch((fault: unknown) => {
      const refusal = fault instanceof Refusal ? fault : new Refusal(500, String(fault))
      json(response, refusal.status, refusal.body)
    })
  })
  const ping = setInterval(() => streams.forEach(({ response }) => response.write('event: ping\ndata: {}\n\n')), 15_000)
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as { port: number }
      const stop = () => {
        clearInterval(ping)
        server.closeAllConnections()
        server.close()
      }
      resolve({ origin: `http://127.0.0.1:${address.port}`, stop, arrive: declareOne })
    })
  })
}

if (import.meta.main) {
  const { origin } = await startStandIn(Number(process.argv[2] ?? 4173))
  process.stdout.write('STAND-IN server: invented data, for work on the console only.\n')
  for (const role of Object.keys(officers)) process.stdout.write(`${origin}/sign-in#${role}\n`)
}
