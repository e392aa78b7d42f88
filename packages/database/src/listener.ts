import { Client, escapeIdentifier, type ClientConfig } from 'pg'
import { asFault } from './faults.ts'

type OnNotify = (payload: string) => void

const firstDelayMs = 100
const longestDelayMs = 5_000

/** One connection for all the channels a database listens on. It is opened with the first channel and re-made when it breaks. */
export class Listener {
  readonly #config: ClientConfig
  readonly #Client: new (config: ClientConfig) => Client
  readonly #channels = new Map<string, Set<OnNotify>>()
  #client: Promise<Client> | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  /** @param BoundedClient the driver's own, or one that reads no more than it should */
  constructor(config: ClientConfig, BoundedClient: new (config: ClientConfig) => Client = Client) {
    this.#Client = BoundedClient
    // A listening connection idles for ever and runs no long statements.
    this.#config = { ...config, application_name: `${config.application_name} listen` }
  }

  async add(channel: string, onNotify: OnNotify): Promise<() => Promise<void>> {
    const callbacks = this.#channels.get(channel) ?? new Set()
    callbacks.add(onNotify)
    this.#channels.set(channel, callbacks)
    try {
      // Also when a client exists already: LISTEN is idempotent, and a client that is just connecting has read the map before.
      const client = await (this.#client ??= this.#open())
      await client.query(`listen ${escapeIdentifier(channel)}`)
    } catch (error) {
      callbacks.delete(onNotify)
      throw asFault(error)
    }
    return async () => {
      callbacks.delete(onNotify)
      if (callbacks.size > 0) return
      this.#channels.delete(channel)
      const client = await this.#client?.catch(() => undefined)
      await client?.query(`unlisten ${escapeIdentifier(channel)}`).catch(() => {})
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    const client = await this.#client?.catch(() => undefined)
    await client?.end().catch(() => {})
  }

  async #open(): Promise<Client> {
    const client = new this.#Client(this.#config)
    client.on('notification', ({ channel, payload }) => {
      for (const onNotify of this.#channels.get(channel) ?? []) onNotify(payload ?? '')
    })
    client.on('error', () => {})
    try {
      await client.connect()
      for (const channel of this.#channels.keys()) await client.query(`listen ${escapeIdentifier(channel)}`)
    } catch (error) {
      this.#client = undefined
      await client.end().catch(() => {})
      throw error
    }
    client.once('end', () => this.#reopen(firstDelayMs))
    return client
  }

  #reopen(delayMs: number): void {
    this.#client = undefined
    if (this.#closed || this.#channels.size === 0) return
    this.#retry = setTimeout(() => {
      this.#client = this.#open()
      this.#client.then(
        () => {
          for (const callbacks of this.#channels.values()) for (const onNotify of callbacks) onNotify('')
        },
        () => this.#reopen(Math.min(delayMs * 2, longestDelayMs)),
      )
    }, delayMs)
    this.#retry.unref()
  }
}
