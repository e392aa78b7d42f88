/** Plain HTTP requests with a bearer token or a client certificate, within limits. */
import { request as plainRequest } from 'node:http'
import { request as tlsRequest, type RequestOptions } from 'node:https'
import { ConnectorsFault } from '../faults.ts'

/** Where a national system answers, and how the gateway shows who it is. */
export interface Remote {
  /** `https://host/base`; `http` on this machine only */
  readonly url: string
  readonly token?: string
  /** client certificate and its key, and who signed the server's, as PEM */
  readonly tls?: { readonly certificate?: string; readonly key?: string; readonly authority?: string }
  /** for a whole answer; 30,000 unless told */
  readonly timeoutMs?: number
  /** most bytes of an answer; 50,000,000 unless told */
  readonly limitBytes?: number
}

export interface Answer {
  readonly status: number
  readonly body: Uint8Array
}

/** Whether a host is this machine: what is said to it needs no TLS. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host)

/** The base of a remote. Faults: `connectors.remote` for what is no URL, or is not protected on its way. */
export function baseOf({ url }: Remote): URL {
  const base = URL.canParse(url) ? new URL(url.endsWith('/') ? url : `${url}/`) : undefined
  const isSafe = base?.protocol === 'https:' || (base?.protocol === 'http:' && isLoopback(base.hostname))
  if (base === undefined || !isSafe) throw new ConnectorsFault('connectors.remote', `${url} is no https address`)
  return base
}

/** One request. Faults: `connectors.unreachable`, also for an answer that is too slow; `connectors.remote` for one that is too long. */
export function ask(
  remote: Remote,
  method: string,
  path: string,
  body?: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const base = baseOf(remote)
  const options: RequestOptions = {
    method,
    headers: {
      ...headers,
      ...(remote.token !== undefined && { authorization: `Bearer ${remote.token}` }),
      ...(body !== undefined && { 'content-length': String(body.length) }),
    },
    cert: remote.tls?.certificate,
    key: remote.tls?.key,
    ca: remote.tls?.authority,
    signal: AbortSignal.timeout(remote.timeoutMs ?? 30_000),
    agent: false,
  }
  const limit = remote.limitBytes ?? 50_000_000
  return new Promise((resolve, reject) => {
    const send = base.protocol === 'https:' ? tlsRequest : plainRequest
    const request = send(new URL(path, base), options, (response) => {
      const chunks: Uint8Array[] = []
      let length = 0
      response.on('data', (chunk: Uint8Array) => {
        chunks.push(chunk)
        length += chunk.length
        if (length > limit)
          request.destroy(new ConnectorsFault('connectors.remote', `an answer of more than ${limit} bytes`))
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
      response.on('error', failed)
    })
    const failed = (error: unknown): void =>
      reject(
        error instanceof ConnectorsFault
          ? error
          : new ConnectorsFault(
              'connectors.unreachable',
              error instanceof Error ? error.message : String(error),
              error,
            ),
      )
    request.on('error', failed)
    request.end(body)
  })
}
