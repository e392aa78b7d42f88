import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf, findCaller } from '../http/authentication.ts'
import type { ApiPorts, NodeEvent } from '../ports.ts'
import { answerOf, refusals, signedIn } from '../schemas/common.ts'

const heartbeatMs = 15_000
/** A reader this many bytes behind is cut off; it comes back by itself and asks anew. */
const longestBacklog = 256 * 1024
/** A browser waits this long before it comes back, in milliseconds. */
const retryMs = 2000

/** `/events`: changes of movements as they happen (Server-Sent Events), to the offices that see them. */
export function eventRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const streams = new Set<ServerResponse>()
  const readers = new Set<(event: NodeEvent) => void>()
  const unsubscribe = ports.events.subscribe((event) => {
    if (event) for (const reader of readers) reader(event)
    // Nobody can say what was missed: the readers come back by themselves and ask for everything anew.
    else for (const stream of streams) stream.end()
  })

  // Open streams would keep the server from closing.
  app.addHook('preClose', async () => {
    unsubscribe()
    for (const stream of streams) stream.end()
  })

  app.get('/events', {
    config: { access: 'staff', produces: 'text/event-stream', passive: true },
    exposeHeadRoute: false,
    schema: {
      operationId: 'listen',
      summary:
        'Changes of movements as they happen: event `movement` with mrn and version, `availability`, `declarations`, `shares`, `regional`, event `ping` as heartbeat',
      tags: ['movements'],
      response: { 200: answerOf('text/event-stream', 'Events until either side ends'), ...refusals(...signedIn) },
    },
    handler: (request, reply) => {
      const { office, role } = callerOf(request).account
      reply.hijack()
      const stream = reply.raw
      const send = (name: string, data: unknown) => {
        if (stream.writableLength > longestBacklog) stream.destroy()
        else stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
      }
      const reader = (event: NodeEvent) => {
        if (event === 'regional' || role === 'regional')
          return event === 'regional' && role === 'regional' ? send('regional', {}) : undefined
        if (event === 'shares') return role === 'operations' ? send(event, {}) : undefined
        if (event === 'availability' || event === 'declarations') return send(event, {})
        const { mrn, version, offices } = event
        if (office !== null && offices.includes(office)) send('movement', { mrn, version })
      }
      const heartbeat = setInterval(async () => {
        if (await stillAllowed(request, ports)) send('ping', {})
        else stream.end()
      }, ports.heartbeatMs ?? heartbeatMs)
      streams.add(stream)
      readers.add(reader)
      stream.once('close', () => {
        clearInterval(heartbeat)
        streams.delete(stream)
        readers.delete(reader)
      })
      stream.writeHead(200, {
        ...headersOf(reply.getHeaders()),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
      })
      stream.write(`retry: ${retryMs}\n\n`)
    },
  })
}

/**
 * True while the caller may still listen to the same office. Looks without touching: a page that only listens is no activity.
 */
async function stillAllowed(request: FastifyRequest, ports: ApiPorts): Promise<boolean> {
  try {
    const before = callerOf(request).account
    const { account } = await findCaller(request, ports, { touch: false })
    return account.office === before.office && account.role === before.role
  } catch (error) {
    if (!(error instanceof ApiFault)) {
      ports.log({ level: 'warn', event: 'stream-check-failed', requestId: request.id, error })
    }
    return false
  }
}

function headersOf(headers: Record<string, number | string | string[] | undefined>): Record<string, string> {
  const set = Object.entries(headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]))
}
