import { isIP } from 'node:net'
import { isLoopback, isPublic } from './addresses.ts'
import type { EgressRules, Resolve, UrlRefusal } from './model.ts'

const longest = 2_000
const usualPorts = [443]

/** A text as the URL of an endpoint, by its form alone: what its name leads to is looked at each time. */
export function readTarget(text: string, { ports = usualPorts, loopback = false }: EgressRules): URL | UrlRefusal {
  const url = text.length <= longest ? URL.parse(text) : null
  if (url === null || url.hostname === '' || !/^https?:$/.test(url.protocol)) return 'not-a-url'
  if (url.username !== '' || url.password !== '') return 'credentials'
  const onThisMachine = loopback && isLoopback(hostOf(url))
  if (url.protocol !== 'https:' && !onThisMachine) return 'not-https'
  if (!onThisMachine && !ports.includes(Number(url.port || 443))) return 'port'
  // What is behind it is never sent.
  url.hash = ''
  return url
}

/**
 * The addresses that a URL leads to now, all of them checked; none when any one of them may not be reached, or there are none. Whoever
 * connects uses these and asks no resolver again: a name that led elsewhere a moment later would lead past the check.
 */
export async function checkedAddresses(url: URL, rules: EgressRules, resolve: Resolve): Promise<readonly string[]> {
  const host = hostOf(url)
  let found: readonly string[]
  try {
    found = isIP(host) > 0 ? [host] : await resolve(host)
  } catch {
    return []
  }
  const onThisMachine = rules.loopback === true && found.every(isLoopback)
  // Plain HTTP was let in for this machine alone.
  if (url.protocol !== 'https:') return onThisMachine ? found : []
  return onThisMachine || found.every(isPublic) ? found : []
}

/** The name or the bare address in a URL. */
function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}
