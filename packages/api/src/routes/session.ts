import { revokeSession, setAccountLocale, signIn, type Account, type LinkRefusal } from '@corridor/registry'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf, challenge, sessionCookie, sessionToken } from '../http/authentication.ts'
import { requireOwnOrigin } from '../http/host.ts'
import type { ApiPorts } from '../ports.ts'
import { everywhere, ref, refusals, signedIn } from '../schemas/common.ts'
import { localeBody, signInBody } from '../schemas/session.ts'

const refusedLink: Record<LinkRefusal, string> = {
  unknown: 'This node gave out no such link. Ask for a new one with `corridor login`.',
  used: 'This link was used already; it works once. Ask for a new one with `corridor login`.',
  voided: 'A newer link was given out after this one. Use that one.',
  expired: 'This link is older than ten minutes. Ask for a new one with `corridor login`.',
  disabled: 'This account is closed.',
}

function sessionView(account: Account, { node, officeName }: ApiPorts) {
  const { id, name, role, office, trader, locale } = account
  const { party, country, timeZone } = node
  return {
    user: { id, name, role, office, officeName: (office && officeName(office)) ?? null, trader },
    node: {
      party,
      country,
      name: node.name,
      ...(timeZone !== undefined && { timeZone }),
      ...(node.declarations === true && { declarations: true }),
      ...(node.shares === true && { shares: true }),
    },
    locale,
    locales: [...node.locales],
  }
}

const answer = { 200: { description: 'The session', ...ref('Session') } }
const tags = ['session']

/** `/session`: signing in with a one-time link, asking who one is, choosing the language, signing out. */
export function sessionRoutes(app: FastifyInstance, ports: ApiPorts): void {
  signInRoute(app, ports)
  whoRoute(app, ports)
  localeRoute(app, ports)
  signOutRoute(app, ports)
}

function signInRoute(app: FastifyInstance, ports: ApiPorts): void {
  const { db, clock, node } = ports
  app.post<{ Body: { token: string } }>('/session', {
    config: { access: 'open' },
    schema: {
      operationId: 'signIn',
      summary: 'Use a one-time sign-in link; the answer sets the session cookie',
      tags,
      body: signInBody,
      response: { ...answer, ...refusals(...everywhere, 401, 403, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const now = clock()
      const token = ports.newSecret()
      const outcome = await signIn(db, { linkToken: request.body.token, sessionToken: token }, now)
      if (outcome.kind === 'refused') {
        throw new ApiFault('link-refused', { detail: refusedLink[outcome.reason], headers: challenge(node.party) })
      }
      const older = sessionToken(request, node.country)
      if (older !== undefined) await revokeSession(db, older, now)
      const seconds = Math.floor((outcome.sessionEndsAt.getTime() - now.getTime()) / 1000)
      reply.header('set-cookie', sessionCookie(app, node.country, token, seconds))
      return sessionView(outcome.account, ports)
    },
  })
}

function whoRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get('/session', {
    config: { access: 'signed-in' },
    schema: {
      operationId: 'getSession',
      summary: 'Who is signed in, at which node, in which language',
      tags,
      response: { ...answer, ...refusals(...signedIn) },
    },
    handler: async (request) => sessionView(callerOf(request).account, ports),
  })
}

function localeRoute(app: FastifyInstance, ports: ApiPorts): void {
  const { db } = ports
  app.patch<{ Body: { locale: string } }>('/session', {
    config: { access: 'signed-in' },
    schema: {
      operationId: 'setLocale',
      summary: 'Choose the language; it stays with the person',
      tags,
      body: localeBody,
      response: { ...answer, ...refusals(...signedIn, 413, 415, 422) },
    },
    handler: async (request) => {
      const { locale } = request.body
      const { node } = ports
      if (!node.locales.includes(locale)) {
        const remedy = `Use one of: ${node.locales.join(', ')}.`
        throw new ApiFault('invalid', { errors: [{ field: 'locale', value: locale, remedy }] })
      }
      const account = await setAccountLocale(db, callerOf(request).account.id, locale)
      if (!account) throw new ApiFault('not-signed-in')
      return sessionView(account, ports)
    },
  })
}

function signOutRoute(app: FastifyInstance, ports: ApiPorts): void {
  const { db, clock, node } = ports
  app.delete('/session', {
    config: { access: 'open' },
    schema: {
      operationId: 'signOut',
      summary: 'End the session; also right when it has ended already',
      tags,
      response: { 204: { description: 'Signed out', type: 'null' }, ...refusals(...everywhere, 403) },
    },
    handler: async (request, reply) => {
      if (request.headers.authorization !== undefined) throw new ApiFault('not-a-session')
      const token = sessionToken(request, node.country)
      if (token !== undefined) {
        requireOwnOrigin(request, { must: true })
        await revokeSession(db, token, clock())
      }
      return reply
        .code(204)
        .header('set-cookie', sessionCookie(app, node.country, '', 0))
        .send()
    },
  })
}
