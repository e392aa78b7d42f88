import { fastifyCookie } from '@fastify/cookie'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { serveConsole } from './console.ts'
import { ApiFault } from './faults.ts'
import { accepts, wantsPage } from './http/accept.ts'
import { authenticate } from './http/authentication.ts'
import { jsonLimit } from './http/body.ts'
import { requireOwnHost } from './http/host.ts'
import { recordMethods, type MethodTable } from './http/methods.ts'
import { problemHandler, sendProblem } from './http/problem.ts'
import { refuseUnreadable } from './http/unreadable.ts'
import { serializersWhenNeeded } from './http/serializers.ts'
import { securityHeaders } from './http/security-headers.ts'
import { requireStorable } from './http/storable.ts'
import { describeApi } from './openapi.ts'
import type { ApiPorts } from './ports.ts'
import { declarationRoutes } from './routes/declarations.ts'
import { eventRoutes } from './routes/events.ts'
import { exchangeBatchRoutes } from './routes/exchange-batches.ts'
import { exchangeMessageRoutes } from './routes/exchange-messages.ts'
import { evidenceRoutes } from './routes/evidence.ts'
import { fileRoutes } from './routes/files.ts'
import { fallbackRoutes } from './routes/fallback.ts'
import { guaranteeRoutes } from './routes/guarantees.ts'
import { mailboxRoutes } from './routes/mailbox.ts'
import { movementRoutes } from './routes/movements.ts'
import { nodeRoutes } from './routes/node.ts'
import { paperRoutes } from './routes/papers.ts'
import { partnerRoutes } from './routes/partners.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { referenceRoutes } from './routes/reference.ts'
import { referenceVolumeRoutes } from './routes/reference-volume.ts'
import { referenceActRoutes } from './routes/reference-acts.ts'
import { referenceVersionRoutes } from './routes/reference-versions.ts'
import { regionalRoutes } from './routes/regional.ts'
import { servicesRoutes } from './routes/services.ts'
import { sessionRoutes } from './routes/session.ts'
import { shareRoutes } from './routes/shares.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { addSchemas } from './schemas/index.ts'

/** A request has this long to arrive whole, in milliseconds. */
const arrivalMs = 30_000

/**
 * The HTTP contract of a node as a fastify server that does not listen yet: `listen({ host: '127.0.0.1', port })` starts it,
 * `close()` ends open event streams, answers what is running and stops.
 * @throws {Error} when `consoleDirectory` has no built console.
 */
export function createApi(ports: ApiPorts): FastifyInstance {
  const onProblem = problemHandler(ports)
  const app = fastify({
    genReqId: ports.newId,
    bodyLimit: jsonLimit,
    requestTimeout: arrivalMs,
    // Requests that arrive on an open connection while closing are answered as usual; their connection closes after it.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
    schemaController: { compilersFactory: { buildSerializer: serializersWhenNeeded } },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true, allowUnionTypes: true } },
    clientErrorHandler: refuseUnreadable(ports),
    frameworkErrors: (error, request, reply) => {
      reply.headers(securityHeaders)
      return onProblem(error, request, reply)
    },
  })
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('caller', null)
  app.setErrorHandler(onProblem)
  requireAccess(app)
  const methods = recordMethods(app)
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request, nothingHere(request, methods)))
  guard(app, ports)
  logRequests(app, ports)
  // Without its hook: only what asks for the caller reads cookies.
  app.register(fastifyCookie, { hook: false })
  addSchemas(app)
  describeApi(app, ports)
  // A plugin of its own, because the description above sees only routes that are added after it is loaded.
  app.register(async (contract) => {
    const all = [
      sessionRoutes,
      movementRoutes,
      evidenceRoutes,
      fileRoutes,
      guaranteeRoutes,
      fallbackRoutes,
      mailboxRoutes,
      paperRoutes,
      webhookRoutes,
      referenceRoutes,
      referenceVolumeRoutes,
      referenceVersionRoutes,
      referenceActRoutes,
      servicesRoutes,
      declarationRoutes,
      regionalRoutes,
      reconciliationRoutes,
      shareRoutes,
      nodeRoutes,
      exchangeMessageRoutes,
      exchangeBatchRoutes,
      partnerRoutes,
      eventRoutes,
    ]
    for (const add of all) add(contract, ports)
  })
  return app
}

/** A route that says nothing of who may use it would be open to all: it stops the program instead. */
function requireAccess(app: FastifyInstance): void {
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.access === undefined) throw new Error(`the route ${String(method)} ${url} does not say who may use it`)
  })
}

/** What every request passes before its route: the name it came by, what it wants, what it brings, who makes it. */
function guard(app: FastifyInstance, ports: ApiPorts): void {
  const { consoleDirectory, allowedHosts = [] } = ports
  const sendPage = consoleDirectory === undefined ? undefined : serveConsole(app, consoleDirectory)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    requireOwnHost(request, allowedHosts)
    if (request.is404) return
    const { produces = 'application/json', alsoProduces, navigable = true } = request.routeOptions.config
    const { accept } = request.headers
    if (produces !== '*/*') reply.headers({ 'cache-control': 'no-store', vary: 'Accept' })
    // The console has pages at the addresses of the contract (/movements/…): a person who opens one gets the page.
    if (sendPage && navigable && request.method === 'GET' && wantsPage(accept, produces)) return sendPage(reply)
    if (alsoProduces === undefined || !accepts(accept, alsoProduces)) requireAnswerable(accept, produces)
    requirePlainBody(request)
    await authenticate(request, ports)
  })
  app.addHook('preHandler', async (request) => requireStorable(request))
}

function requireAnswerable(accept: string | undefined, produces: string): void {
  if (produces === '*/*' || accepts(accept, produces)) return
  throw new ApiFault('not-acceptable', { detail: `This address answers with ${produces}.` })
}

function requirePlainBody({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding']
  if (coding === undefined || coding.toLowerCase() === 'identity') return
  throw new ApiFault('media-type', { detail: 'Send the body without Content-Encoding.' })
}

function nothingHere({ url, method }: FastifyRequest, methods: MethodTable): ApiFault {
  const allowed = methods.allowed(url.split('?', 1)[0] ?? '')
  if (allowed.length === 0 || allowed.includes(method)) return new ApiFault('not-found')
  const allow = allowed.join(', ')
  return new ApiFault('method-not-allowed', { detail: `This address takes ${allow}.`, headers: { allow } })
}

/** One line a request: the route's pattern, never the address itself, whose query and path may carry what is not for a log. */
function logRequests(app: FastifyInstance, { log }: ApiPorts): void {
  app.addHook('onResponse', async (request, reply) => {
    log({
      level: 'info',
      event: 'request',
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      account: request.caller?.account.id ?? null,
    })
  })
}
