import { StoreFault } from './faults.ts'

/** How one member reaches a bucket of an S3-compatible store. */
export interface StoreSettings {
  endpoint: URL
  bucket: string
  /** Part of each signature; a store with one place often calls it `us-east-1`. */
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** The authority of the store's certificate (PEM), where it is not a public one. */
  authority?: string
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost'])
const members = {
  bucket: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  region: /^[a-z0-9-]{1,40}$/,
  accessKeyId: /^[!-~]{3,128}$/,
  secretAccessKey: /^[!-~]{8,256}$/,
} as const

/**
 * Reads the JSON object that the operator of a store gives a member.
 * @throws StoreFault `store.bad-settings`, `store.no-tls`; neither says anything of what stands there
 */
export function storeSettings(text: string): StoreSettings {
  const given = objectIn(text)
  const wrong = Object.keys(given).find((name) => !(name in members) && name !== 'endpoint' && name !== 'authority')
  if (wrong !== undefined) throw bad(`“${wrong.slice(0, 40)}” is no member of it`)
  const read = (name: keyof typeof members): string => {
    const value = given[name]
    if (typeof value !== 'string' || !members[name].test(value)) throw bad(`“${name}” is missing or not one`)
    return value
  }
  const { authority } = given
  if (authority !== undefined && (typeof authority !== 'string' || !authority.includes('-----BEGIN CERTIFICATE-----')))
    throw bad('“authority” is no certificate in PEM')
  return {
    endpoint: endpointOf(given['endpoint']),
    bucket: read('bucket'),
    region: read('region'),
    accessKeyId: read('accessKeyId'),
    secretAccessKey: read('secretAccessKey'),
    ...(authority !== undefined && { authority }),
  }
}

/** The text that `storeSettings` reads. */
export function writeStoreSettings({ endpoint, ...rest }: StoreSettings): string {
  return JSON.stringify({ endpoint: endpoint.origin, ...rest })
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Said below: a parser's message would show a part of the text.
  }
  throw bad('it is no JSON object')
}

function endpointOf(given: unknown): URL {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw bad('“endpoint” is no URL')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw bad('“endpoint” has nothing but scheme, host and port')
  if (url.protocol !== 'https:' && !loopback.has(url.hostname))
    throw new StoreFault('store.no-tls', `${url.hostname} is another machine, and the endpoint is not https`)
  return url
}

const bad = (what: string): StoreFault => new StoreFault('store.bad-settings', what)
