import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Client } from './client.ts'
import type { Played } from './lines.ts'

/** What an event tells of a document in a mailbox. */
export interface Told {
  event: string
  id: string
  type: string
  mrn: string | null
  lrn: string | null
}

/**
 * Stand-in for a trader's software that is told of its documents: an endpoint on this machine that verifies each event, as Standard Webhooks
 * say, before it believes it.
 */
export class StandInReceiver {
  readonly told: Told[] = []
  /** Events whose signature was none of the node's. */
  forged = 0
  #secret = ''
  #server: Server | undefined

  /** Opens the endpoint and registers it. @returns its id at the node */
  async open(client: Client): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        this.#take(request.headers, Buffer.concat(chunks).toString('utf8'))
        response.writeHead(204).end()
      })
    })
    this.#server = server
    // A story that fails half-way must not be kept from ending.
    server.unref()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/corridor`
    const { status, answer } = await client.request('POST', '/webhooks', { url }, '')
    if (status !== 201) throw new Error(`the endpoint was not registered: ${status} ${JSON.stringify(answer)}`)
    const { webhook, secret } = answer as { webhook: { id: string }; secret: string }
    this.#secret = secret
    return webhook.id
  }

  /** Whether it was told of a document of a movement. */
  isTold(type: string, played: Played | undefined): boolean {
    return this.told.some(
      (told) => told.type === type && played !== undefined && (told.mrn === played.mrn || told.lrn === played.lrn),
    )
  }

  close(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }

  #take(headers: IncomingHttpHeaders, body: string): void {
    const event = String(headers['webhook-id'])
    if (!this.#isGenuine(event, headers, body)) {
      this.forged += 1
      return
    }
    const { type, data } = JSON.parse(body) as { type: string; data: Omit<Told, 'event'> }
    if (type === 'message.available' && !this.told.some((known) => known.event === event))
      this.told.push({ ...data, event })
  }

  #isGenuine(event: string, headers: IncomingHttpHeaders, body: string): boolean {
    const key = Buffer.from(this.#secret.slice('whsec_'.length), 'base64')
    const signed = `${event}.${String(headers['webhook-timestamp'])}.${body}`
    const expected = createHmac('sha256', key).update(signed).digest()
    return String(headers['webhook-signature'])
      .split(' ')
      .map((each) => Buffer.from(each.replace(/^v1,/, ''), 'base64'))
      .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
  }
}
