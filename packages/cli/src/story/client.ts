import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

/** What the story reads of a movement page. */
export interface MovementPage {
  mrn: string
  lrn: string
  status: { code: string }
  version: number
  acts: { act: string }[]
  messages: {
    id: string
    messageId: string
    type: string
    from: { name: string }
    to: { id: string; name: string }
    direction: 'in' | 'out'
    receiptMs: number | null
    state: string
  }[]
  guarantees: { grn: string; state: string; reference: { used: string } | null }[]
}

/** One document in a trader's mailbox. */
export interface MailboxItem {
  id: string
  cursor: string
  type: string
  mrn: string | null
  lrn: string | null
  /** Message id of the document that it answers. */
  refTo: string | null
}

/** An answer that is not what was asked for. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, detail: string) {
    super(`HTTP ${status}: ${detail}`)
    this.status = status
  }
}

/** A file that is sent as it is. */
export class SentFile {
  readonly bytes: Uint8Array
  readonly mediaType: string
  constructor(bytes: Uint8Array, mediaType: string) {
    this.bytes = bytes
    this.mediaType = mediaType
  }
}

/** A node's API as one account uses it. A node that is away for a while (restarted, killed) is asked again with the same key. */
export class Client {
  readonly #base: string
  readonly #token: string
  readonly #patienceMs: number

  constructor(base: string, token: string, patienceMs = 60_000) {
    this.#base = base
    this.#token = token
    this.#patienceMs = patienceMs
  }

  async submit(xml: string, key: string): Promise<{ id: string; messageId: string }> {
    return this.#json('POST', '/messages', key, xml, 'application/xml')
  }

  async act(
    mrn: string,
    act: string,
    version: number,
    fields: Record<string, string>,
    key: string,
  ): Promise<MovementPage> {
    const body = JSON.stringify({ act, version, fields })
    const answer = await this.#json<{ movement: MovementPage }>(
      'POST',
      `/movements/${mrn}/acts`,
      key,
      body,
      'application/json',
    )
    return answer.movement
  }

  /** The movement as this account sees it; undefined when its office has no record of it. */
  async movement(mrn: string): Promise<MovementPage | undefined> {
    try {
      return await this.#json<MovementPage>('GET', `/movements/${mrn}`)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined
      throw error
    }
  }

  /**
   * The answer to anything else of the contract, whatever its status; of a file its size, media type and SHA-256.
   * @param sent a file, or what goes as JSON
   */
  async request(
    method: string,
    path: string,
    sent: unknown,
    key: string,
  ): Promise<{ status: number; answer: unknown }> {
    const file = sent instanceof SentFile ? sent : undefined
    const body = file?.bytes ?? (sent === undefined ? undefined : JSON.stringify(sent))
    try {
      const kind = file?.mediaType ?? 'application/json'
      const response = await this.#ask(method, path, method === 'GET' ? undefined : key, body, kind)
      return { status: response.status, answer: response.status === 204 ? {} : await answerOf(response) }
    } catch (error) {
      if (error instanceof ApiError && error.status < 500)
        return { status: error.status, answer: { detail: error.message } }
      throw error
    }
  }

  async movements(): Promise<{ items: { mrn: string; lrn: string; status: { code: string } }[]; total: number }> {
    return this.#json('GET', '/movements')
  }

  async mailbox(since: string | undefined): Promise<{ items: MailboxItem[]; next: string }> {
    return this.#json('GET', since === undefined ? '/messages' : `/messages?since=${encodeURIComponent(since)}`)
  }

  async document(id: string): Promise<string> {
    return (await this.#ask('GET', `/messages/${id}`)).text()
  }

  async #json<T>(method: string, path: string, key?: string, body?: string, type?: string): Promise<T> {
    return (await (await this.#ask(method, path, key, body, type)).json()) as T
  }

  async #ask(method: string, path: string, key?: string, body?: string | Uint8Array, type?: string): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#token}` }
    if (key !== undefined) headers['idempotency-key'] = key
    if (type !== undefined && body !== undefined) headers['content-type'] = type
    const deadline = performance.now() + this.#patienceMs
    for (;;) {
      let response: Response
      try {
        response = await fetch(`${this.#base}${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body) }),
          signal: AbortSignal.timeout(20_000),
        })
        if (response.status < 500) {
          if (response.ok) return response
          const problem = (await response.json().catch(() => ({}))) as {
            title?: string
            detail?: string
            errors?: unknown
          }
          throw new ApiError(
            response.status,
            `${problem.title ?? ''} ${problem.detail ?? ''} ${problem.errors === undefined ? '' : JSON.stringify(problem.errors)}`.trim(),
          )
        }
        await response.body?.cancel()
        if (performance.now() > deadline) throw new ApiError(response.status, `${method} ${path}`)
      } catch (error) {
        if (error instanceof ApiError || performance.now() > deadline) throw error
      }
      await pause(100)
    }
  }
}

async function answerOf(response: Response): Promise<unknown> {
  const mediaType = response.headers.get('content-type') ?? ''
  if (mediaType.includes('json')) return response.json()
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { mediaType, size: bytes.length, digest: createHash('sha256').update(bytes).digest('hex') }
}
