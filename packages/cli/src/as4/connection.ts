import type { PostOptions, TlsOptions } from '@corridor/as4/http'
import { UsageError } from '../arguments.ts'
import { readCertificate, readNamed } from './keys.ts'
import type { Typed } from './options.ts'

/** The options of a connection that this side makes. */
export const CONNECTION_OPTIONS = ['ca', 'pin', 'tls-cert', 'tls-key', 'timeout']

/** How to reach the partner. Throws UsageError. */
export function readConnection(typed: Typed): PostOptions {
  const [ca, pin, timeoutMs] = [typed.text('ca'), typed.text('pin'), typed.number('timeout')]
  const tls: TlsOptions = {
    ...(ca !== undefined && { ca: readNamed(ca).toString() }),
    ...(pin !== undefined && { pinned: [readCertificate(pin)] }),
    ...readTls(typed),
  }
  return { ...(Object.keys(tls).length > 0 && { tls }), ...(timeoutMs !== undefined && { timeoutMs }) }
}

/** Our TLS certificate and key, when given. Throws UsageError when only one is. */
export function readTls(typed: Typed): { certificate: string; key: string } | undefined {
  const [certificate, key] = [typed.text('tls-cert'), typed.text('tls-key')]
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined) throw new UsageError('--tls-cert and --tls-key belong together.')
  return { certificate: readNamed(certificate).toString(), key: readNamed(key).toString() }
}

/** The address of an endpoint. Throws UsageError. */
export function readUrl(typed: Typed): string {
  const [url] = typed.words
  if (url === undefined) throw new UsageError('Say where: an address like https://partner.example/as4.')
  if (!/^https?:\/\/./i.test(url) || !URL.canParse(url)) {
    throw new UsageError(`“${url}” is no address of an endpoint; one looks like https://partner.example/as4.`)
  }
  return url
}
