import type { FieldError } from './types.ts'

/**
 * What went wrong with a request: the node's own problem document (RFC 9457), or, with `status` 0, that no answer came.
 */
export class Problem extends Error {
  readonly status: number
  readonly detail: string
  readonly instance: string | undefined
  readonly errors: FieldError[]
  /** What kind of refusal: `version-open`; '' when the node did not say. */
  readonly code: string

  constructor(status: number, title: string, detail = '', instance?: string, errors: FieldError[] = [], type = '') {
    super(title)
    this.name = 'Problem'
    this.status = status
    this.detail = detail
    this.instance = instance
    this.errors = errors
    this.code = type.replace('urn:corridor:problem:', '')
  }

  /** Whether nobody knows if the request took effect: no answer came, or the node failed. */
  get isSilence(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

/**
 * The idempotency key of the next try. A refusal is an answer: what is sent next is a new request. Silence is not: the same key asks for the
 * same.
 */
export function nextKey(problem: Problem, key: string): string {
  return problem.status >= 400 && problem.status < 500 ? crypto.randomUUID() : key
}

interface Wish {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  body?: unknown
  headers?: Record<string, string>
  accept?: string
}

async function problemOf(response: Response): Promise<Problem> {
  const kind = response.headers.get('content-type') ?? ''
  if (!kind.includes('json')) return new Problem(response.status, response.statusText)
  return problemIn(response.status, (await response.json().catch(() => ({}))) as Record<string, unknown>)
}

function problemIn(status: number, body: Record<string, unknown>): Problem {
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '')
  const errors = Array.isArray(body['errors']) ? (body['errors'] as FieldError[]) : []
  return new Problem(status, text('title'), text('detail'), text('instance') || undefined, errors, text('type'))
}

let signedOut: () => void = () => undefined

/** Calls the listener when the node no longer knows the session: it ended elsewhere, or by time. */
export function whenSignedOut(listener: () => void): void {
  signedOut = listener
}

async function send(path: string, wish: Wish): Promise<Response> {
  const headers: Record<string, string> = { accept: wish.accept ?? 'application/json', ...wish.headers }
  if (wish.body !== undefined) headers['content-type'] = 'application/json'
  const body = wish.body === undefined ? null : JSON.stringify(wish.body)
  let response: Response
  try {
    response = await fetch(path, { method: wish.method ?? 'GET', headers, body, credentials: 'same-origin' })
  } catch (cause) {
    throw new Problem(0, cause instanceof Error ? cause.message : 'no answer')
  }
  // At /session itself a 401 is an answer: nobody is signed in, or the link is spent.
  if (response.status === 401 && path !== '/session') signedOut()
  if (!response.ok) throw await problemOf(response)
  return response
}

/**
 * Asks the node for JSON. The `Accept` header tells the node that this is the program asking and not a person opening
 * the same address. Throws a `Problem` for every answer that is not a success, and for none.
 */
export async function ask<T>(path: string, wish: Wish = {}): Promise<T> {
  const response = await send(path, wish)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** Asks the node for a document as text (a message's XML). Throws a `Problem` like `ask`. */
export async function askText(path: string, accept: string): Promise<string> {
  const response = await send(path, { accept })
  return response.text()
}

/** Asks the node for a file (a document as PDF). Throws a `Problem` like `ask`. */
export async function askBytes(path: string, accept: string): Promise<Blob> {
  const response = await send(path, { accept })
  return response.blob()
}

/**
 * Sends a file and tells how much of it has left, from 0 to 1 (`fetch` does not say). Throws a `Problem` like `ask`.
 * @param type media type that says the form of the file
 * @param key of a request that is done once
 */
export function sendFile<T>(
  path: string,
  file: Blob,
  type: string,
  progress: (share: number) => void,
  headers: Record<string, string> = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('content-type', type)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0))
    request.addEventListener('error', () => reject(new Problem(0, 'no answer')))
    request.addEventListener('load', () => {
      const body = (request.response ?? {}) as Record<string, unknown>
      if (request.status === 401) signedOut()
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(problemIn(request.status, body))
    })
    request.send(file)
  })
}
