import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Refusal } from './answers.ts'

const skewMs = 15 * 60_000
const form =
  /^AWS4-HMAC-SHA256 Credential=([!-~]+)\/(\d{8})\/([a-z0-9-]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/
const mustBeSigned = ['host', 'x-amz-date', 'x-amz-content-sha256']

/** The request as it is looked at: `path` and `query` as they came. */
export interface Received {
  request: IncomingMessage
  path: string
  query: URLSearchParams
  body: Uint8Array
}

/**
 * Who signed a request (Signature Version 4, Amazon S3 API Reference, “Authenticating Requests”). Written apart from the client's, so that
 * each shows mistakes of the other.
 * @throws Refusal
 */
export function signerOf(received: Received, secrets: ReadonlyMap<string, string>, now: Date): string {
  const { request, body } = received
  const [, accessKeyId = '', day = '', region = '', headers = '', signature = ''] =
    form.exec(request.headers.authorization ?? '') ?? []
  if (accessKeyId === '') throw new Refusal('AccessDenied')
  const secret = secrets.get(accessKeyId)
  if (secret === undefined) throw new Refusal('InvalidAccessKeyId')
  const at = textOf(request, 'x-amz-date')
  const time = Date.parse(at.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(time - now.getTime()) <= skewMs)) throw new Refusal('RequestTimeTooSkewed')
  const names = headers.split(';')
  const left = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && !names.includes(name))
  if (!at.startsWith(day) || left.length > 0 || mustBeSigned.some((name) => !names.includes(name)))
    throw new Refusal('AccessDenied')
  const digest = textOf(request, 'x-amz-content-sha256')
  if (digest !== sha256(body)) throw new Refusal('XAmzContentSHA256Mismatch')
  const scope = `${day}/${region}/s3/aws4_request`
  const asked = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical(received, names, digest))].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  if (!timingSafeEqual(hmac(key, asked), Buffer.from(signature, 'hex'))) throw new Refusal('SignatureDoesNotMatch')
  return accessKeyId
}

function canonical({ request, path, query }: Received, names: readonly string[], digest: string): string {
  const pairs = [...query].map((pair) => pair.map(encoded).join('=')).toSorted()
  const lines = names.map((name) => `${name}:${textOf(request, name).trim().replaceAll(/ +/g, ' ')}\n`)
  return [request.method, path, pairs.join('&'), lines.join(''), names.join(';'), digest].join('\n')
}

const textOf = ({ headers }: IncomingMessage, name: string): string => String(headers[name] ?? '')
const sha256 = (of: string | Uint8Array): string => createHash('sha256').update(of).digest('hex')
const hmac = (key: string | Buffer, of: string): Buffer => createHmac('sha256', key).update(of).digest()
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
