import assert from 'node:assert/strict'
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createPlain, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Webhook as Verifier } from 'standardwebhooks'
import { makeAuthority, type TestAuthority } from '@corridor/as4/testing'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { makeVault, migrations as exchangeMigrations } from '@corridor/exchange'
import {
  createWebhooks,
  type Delivery,
  httpsPost,
  migrations,
  type Owner,
  type Registration,
  type Resolve,
  type Webhooks,
  type WebhooksOptions,
} from '../src/index.ts'

/** What a receiver got. */
export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
  /** Address to which the connection was made. */
  at: string
}

/** A program that receives webhooks, on this machine. */
export interface Receiver {
  port: number
  received: Received[]
  /** How it answers; 204 unless a test says otherwise. */
  answer: (response: ServerResponse, request: Received) => void
  close(): Promise<void>
}

/** @param identity for HTTPS; plain HTTP without */
export async function receiver(identity?: { certificatePem: string; privateKeyPem: string }): Promise<Receiver> {
  const listening: Parameters<typeof createPlain>[1] = async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const got = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      at: request.socket.localAddress ?? '',
    }
    made.received.push(got)
    made.answer(response, got)
  }
  const server =
    identity === undefined
      ? createPlain(listening)
      : createServer({ cert: identity.certificatePem, key: identity.privateKeyPem }, listening)
  // All of 127.0.0.0/8: which address was called can be seen.
  await once(server.listen(0, '0.0.0.0'), 'listening')
  const made: Receiver = {
    port: (server.address() as AddressInfo).port,
    received: [],
    answer: (response) => response.writeHead(204).end(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return made
}

export interface Bench {
  db: Database
  url: string
  authority: TestAuthority
  now: Date
  forward(ms: number): void
  /** Webhooks over the same database; `changes` as another process would have them. */
  webhooks(changes?: Partial<WebhooksOptions>): Webhooks
  /** Has an event of an owner owed, in a transaction of its own. */
  announce(webhooks: Webhooks, owner: string, ...subjects: string[]): Promise<void>
  journal(): Promise<{ kind: string; actor: string | null; detail: Record<string, unknown> }[]>
  close(): Promise<void>
}

export const dataKey = createSecretKey(randomBytes(32))

export async function bench(): Promise<Bench> {
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [exchangeMigrations, migrations])
  const authority = await makeAuthority('Authority of traders')
  const self: Bench = {
    db,
    url: made.url,
    authority,
    now: new Date('2026-11-24T10:00:00Z'),
    forward(ms) {
      self.now = new Date(self.now.getTime() + ms)
    },
    webhooks: (changes) => createWebhooks({ ...optionsOf(db, authority, () => self.now), ...changes }),
    announce: (webhooks, owner, ...subjects) =>
      db.transaction((tx) =>
        webhooks.announce(
          tx,
          'message.available',
          subjects.map((subject) => ({ owner, subject })),
        ),
      ),
    journal: () => db.query(`select kind, actor, detail from journal where kind like 'webhook.%' order by id`),
    async close() {
      await db.close()
      await made.drop()
    },
  }
  return self
}

/** Names of this world that lead to this machine; the receiver's certificate is for `localhost`. */
export const hosts: Resolve = async (host) => (/^(localhost|erp\.example\.com)$/.test(host) ? ['127.0.0.1'] : [])

export function optionsOf(
  db: Database,
  authority: Pick<TestAuthority, 'certificatePem'>,
  clock: () => Date,
): WebhooksOptions {
  const reach = reachOf(hosts, authority)
  return {
    db,
    vault: makeVault(dataKey),
    clock,
    newId: randomUUID,
    newKey: () => randomBytes(32),
    random: () => 0.5,
    ...reach,
    describe: async (_owner, subject) => ({ id: '17', type: 'CC029C', mrn: '26AL0000000000001', messageId: subject }),
    pollMs: 50,
  }
}

/** How a bench reaches endpoints: this machine, over names that `resolve` knows. */
export function reachOf(
  resolve: Resolve,
  authority: Pick<TestAuthority, 'certificatePem'>,
  timeoutMs?: number,
): Pick<WebhooksOptions, 'post' | 'resolve' | 'egress'> {
  const egress = { loopback: true, authorities: [authority.certificatePem] }
  // The port of a test's receiver is any.
  return {
    resolve,
    egress: { ...egress, ports: anyPort },
    post: httpsPost({ resolve, egress, ...(timeoutMs && { timeoutMs }) }),
  }
}

const anyPort = Array.from({ length: 65_536 }, (_, port) => port)

export const trader: Owner = { owner: 'AL12345678', actor: 'trans-al' }

/** Registers an endpoint of the trader. */
export async function register(
  webhooks: Webhooks,
  url: string,
): Promise<Extract<Registration, { kind: 'registered' }>> {
  const done = await webhooks.register(trader, { url })
  assert.ok(done.kind === 'registered')
  return done
}

/** Delivers what is due. */
export async function deliver(webhooks: Webhooks): Promise<void> {
  while (await webhooks.deliverNext());
}

/** The newest delivery of an endpoint of the trader. */
export async function newest(webhooks: Webhooks, id: string): Promise<Delivery> {
  const [delivery] = (await webhooks.deliveries(trader.owner, id)) ?? []
  assert.ok(delivery)
  return delivery
}

/** As a trader's program does it: with the library of Standard Webhooks, at the time of the bench. Throws as that does. */
export function verified(secret: string, { headers, body }: Received, now: Date): Record<string, unknown> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
  const at = Number(headers['webhook-timestamp']) * 1_000
  assert.ok(Math.abs(at - now.getTime()) < 1_000, 'the time is that of the delivery')
  // The library compares with the machine's clock; the bench has its own.
  const real = Date.now
  Date.now = () => now.getTime()
  try {
    const given = Object.fromEntries(names.map((name) => [name, String(headers[name])]))
    return new Verifier(secret).verify(body, given) as Record<string, unknown>
  } finally {
    Date.now = real
  }
}
