import { DatabaseFault } from '@corridor/database'
import { findApiToken, findSession, isOfficeRole, isOfOfficer, type Account } from '@corridor/registry'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'
import type { ApiPorts } from '../ports.ts'
import { isLocal, requireOwnOrigin } from './host.ts'

/**
 * Who may use a route. `staff`: `officer`, and the secretariat of a hub; `officer`: anybody of the administration; `desk`: an officer at an office; `reference`: a reference-data manager; `operations`: the operations desk;
 * `regional`: the secretariat of a hub; `mailbox`: who has one, a trader or an outside system; `operator`: who is on the node's own machine, else an officer.
 */
export type Access =
  | 'open'
  | 'signed-in'
  | 'staff'
  | 'officer'
  | 'desk'
  | 'reference'
  | 'operations'
  | 'regional'
  | 'trader'
  | 'mailbox'
  | 'operator'

/** Who makes a request, and how that is known. */
export interface Caller {
  account: Account
  by: 'cookie' | 'bearer'
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. A route without it stops the program when it starts. */
    access?: Access
    /** Media type of its answer; default `application/json`. */
    produces?: string
    /** Another one, for who asks for it. */
    alsoProduces?: string
    /** False for addresses where a person in a browser also gets the bare answer and not the console's page. */
    navigable?: boolean
    /** True when using the route does not count as activity of the session. */
    passive?: boolean
  }
  interface FastifyRequest {
    /** Set for every route but the open ones. */
    caller: Caller | null
  }
}

/** The caller of a request of a route that is not open. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new ApiFault('not-signed-in')
  return request.caller
}

/** Name of the session cookie: of the country, since cookies of two nodes on one machine share a jar (it knows no ports). */
export function cookieName(country: string): string {
  return `corridor_${country.toLowerCase()}`
}

/** The session token in a request's cookie. */
export function sessionToken(request: FastifyRequest, country: string): string | undefined {
  const header = request.headers.cookie
  return header === undefined ? undefined : request.server.parseCookie(header)[cookieName(country)]
}

/** The Set-Cookie value of a session that ends in `maxAge` seconds (0: now). Loopback has no TLS, hence no `Secure`. */
export function sessionCookie(app: FastifyInstance, country: string, token: string, maxAge: number): string {
  const options = { path: '/', httpOnly: true, sameSite: 'strict', maxAge } as const
  return app.serializeCookie(cookieName(country), token, options)
}

/**
 * Finds out who makes a request and refuses who may not. A bearer token, when there is one, decides alone.
 * @throws {ApiFault} `not-signed-in`, `token-refused`, `foreign-origin`, `wrong-role`.
 */
export async function authenticate(request: FastifyRequest, ports: ApiPorts): Promise<void> {
  const { access, passive } = request.routeOptions.config
  if (access === 'open' || access === undefined) return requireOwnOrigin(request, { must: false })
  if (access === 'operator' && isLocal(request)) return
  request.caller = await findCaller(request, ports, { touch: passive !== true })
  const { role } = request.caller.account
  if (!may(role, access)) throw new ApiFault('wrong-role', { detail: whose[access] })
}

/** Whose a route is, for who may not use it. */
const whose: Record<Exclude<Access, 'open'>, string> = {
  'signed-in': '',
  staff: 'This is for officers only.',
  officer: 'This is for officers only.',
  operator: 'This is for officers only.',
  desk: 'This is for officers at an office only: whoever acts for the administration has no movements.',
  reference: 'Only a reference-data manager changes reference data: ask one of your administration.',
  operations: 'Only the operations desk does this: ask yours.',
  regional: 'This is for the regional secretariat only.',
  trader: 'This is for traders only.',
  mailbox: 'This is for traders and outside systems only.',
}

function may(role: Account['role'], access: Exclude<Access, 'open'>): boolean {
  if (access === 'signed-in') return true
  if (access === 'trader' || access === 'reference' || access === 'operations' || access === 'regional')
    return role === access
  if (access === 'staff') return isOfOfficer({ role })
  if (access === 'mailbox') return !isOfOfficer({ role })
  // A regional secretariat is no part of the administrations: it sees what they copied to it, and nothing of a node's own.
  return access === 'desk' ? isOfficeRole(role) : isOfOfficer({ role }) && role !== 'regional'
}

/** Whether a request of an open route may see what is for operators; a wrong token is as good as none. */
export async function mayOperate(request: FastifyRequest, ports: ApiPorts): Promise<boolean> {
  if (isLocal(request)) return true
  try {
    const { account } = await findCaller(request, ports, { touch: false })
    return may(account.role, 'officer')
  } catch (error) {
    // Also when the database is away: then nobody can be known.
    if (error instanceof ApiFault || error instanceof DatabaseFault) return false
    throw error
  }
}

/**
 * Who makes a request, by its bearer token or its cookie.
 * @param options `touch: false` does not count as activity of the session.
 * @throws {ApiFault} `not-signed-in`, `token-refused`, `foreign-origin`.
 */
export async function findCaller(
  request: FastifyRequest,
  ports: ApiPorts,
  options: { touch: boolean },
): Promise<Caller> {
  const { db, clock, node } = ports
  const header = request.headers.authorization
  if (header !== undefined) {
    const token = /^Bearer +([^ ]+)$/i.exec(header)?.[1]
    const found = token === undefined ? undefined : await findApiToken(db, token, clock())
    if (found) return { account: found.account, by: 'bearer' }
    throw new ApiFault('token-refused', { headers: challenge(node.party, 'invalid_token') })
  }
  const token = sessionToken(request, node.country)
  const found = token === undefined ? undefined : await findSession(db, token, clock(), options)
  if (!found) throw new ApiFault('not-signed-in', { headers: challenge(node.party) })
  requireOwnOrigin(request, { must: true })
  return { account: found.account, by: 'cookie' }
}

/** Challenge of a 401 answer (RFC 6750 §3). */
export function challenge(party: string, error?: string): Record<string, string> {
  return { 'www-authenticate': `Bearer realm="${party}"${error ? `, error="${error}"` : ''}` }
}
