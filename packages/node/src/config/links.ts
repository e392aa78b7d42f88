import { isIPv4 } from 'node:net'
import type { Checked } from './checked.ts'

/** What a third place is that documents pass: see the pages of `docs/` on each. */
export const placeKinds = ['border-database', 'cloud'] as const

/** A third place that both sides of a link reach and neither owns. */
export interface CorridorPlace {
  id: string
  kind: (typeof placeKinds)[number]
  name: string
  /** Where a demonstration lets it listen; another free port is taken when it is in use. */
  port: number
}

/**
 * How two nodes are linked. `as4`: each pushes to the other · `tunnel`: so too, inside of a tunnel only · `pull`: one of them, which accepts no connections, makes them all ·
 * `border-database`, `cloud`: sealed objects by a place of that kind · `hub`: sealed objects that a third node forwards.
 */
export type LinkKind = 'as4' | 'tunnel' | 'pull' | 'hub' | CorridorPlace['kind']

/** A link goes both ways. */
export interface CorridorLink {
  between: [string, string]
  kind: LinkKind
  /** The place or the node that what goes over it passes; null for a direct one. */
  at: string | null
  /** Of a link of kind `pull`, the node that fetches; otherwise null. */
  pulls: string | null
  /** Of a link of kind `tunnel`, the address (IPv4) of each node inside of it; otherwise null. */
  addresses: Record<string, string> | null
  agreement: string
  /** When a message goes again over it, where that is other than usual: first and longest pause, and how many tries in all. */
  retry: { firstSeconds: number; longestSeconds: number; tries: number } | null
}

export function placesFrom(top: Checked): CorridorPlace[] {
  return (top.optionalGroup('places')?.members() ?? []).map(([id, place]) => ({
    id: /^[a-z][a-z0-9-]{0,19}$/.test(id)
      ? id
      : place.refuse('', 'a place’s name is lower-case letters, digits and hyphens'),
    kind: place.text('kind', (kind) => placeKinds.some((known) => known === kind)) as CorridorPlace['kind'],
    name: place.text('name'),
    port: place.number('port', 1, 65_535),
  }))
}

export function linkFrom(link: Checked): CorridorLink {
  const between = link.texts('between', /^[a-z][a-z0-9-]*$/)
  const [one, other] = between
  if (one === undefined || other === undefined || between.length !== 2 || one === other)
    return link.refuse('between', 'a link is between two nodes')
  const retry = link.optionalGroup('retry')
  const kind = link.text('kind', /^(as4|tunnel|pull|border-database|cloud|hub)$/) as LinkKind
  const at = link.optionalText('at')
  const pulls = link.optionalText('pulls')
  if (isDirect({ kind }) && at !== null) link.refuse('at', `a link of kind ${kind} is direct`)
  if ((kind === 'pull') !== (pulls !== null) || (pulls !== null && !between.includes(pulls)))
    link.refuse('pulls', 'a link of kind pull, and no other, says which of its two nodes fetches')
  if (!isDirect({ kind }) && at === null) link.refuse('at', `a link of kind ${kind} says where its messages pass`)
  return {
    between: [one, other],
    kind,
    at,
    pulls,
    addresses: addressesFrom(link, kind, [one, other]),
    agreement: link.text('agreement', /^[\w.-]{1,80}$/),
    retry: retry === null ? null : retryFrom(retry),
  }
}

function addressesFrom(link: Checked, kind: LinkKind, between: [string, string]): CorridorLink['addresses'] {
  const group = link.optionalGroup('addresses')
  if (kind !== 'tunnel')
    return group === null ? null : link.refuse('addresses', `only a link of kind tunnel has addresses of its own`)
  if (group === null) return link.refuse('addresses', 'a tunnel says which address each of its two nodes has in it')
  const stray = group.names().find((id) => !between.includes(id))
  if (stray !== undefined) group.refuse(stray, `is none of the two nodes, ${between.join(' and ')}`)
  const [one, other] = between.map((id) => group.text(id, isIPv4)) as [string, string]
  if (one === other) link.refuse('addresses', `both nodes have ${one}`)
  return { [between[0]]: one, [between[1]]: other }
}

function retryFrom(retry: Checked): NonNullable<CorridorLink['retry']> {
  const firstSeconds = retry.number('firstSeconds', 1, 3_600)
  return {
    firstSeconds,
    longestSeconds: retry.number('longestSeconds', firstSeconds, 86_400),
    tries: retry.number('tries', 1, 1_000_000),
  }
}

/** Whether the two nodes of a link connect to each other. */
export const isDirect = ({ kind }: Pick<CorridorLink, 'kind'>): boolean =>
  kind === 'as4' || kind === 'tunnel' || kind === 'pull'

/** The other node of a link. */
export const otherOf = ({ between: [one, other] }: CorridorLink, own: string): string => (one === own ? other : one)

/** Both ends of the tunnel of a link as one of its nodes sees them; null where there is none. */
export function tunnelOf(link: CorridorLink, own: string): { local: string; peer: string } | null {
  const [local, peer] = [link.addresses?.[own], link.addresses?.[otherOf(link, own)]]
  return local === undefined || peer === undefined ? null : { local, peer }
}

/** The links of a node. */
export const linksOf = (links: readonly CorridorLink[], node: string): CorridorLink[] =>
  links.filter(({ between }) => between.includes(node))

/**
 * What links say of nodes and places must be there, and two nodes have one link.
 * @param wrong stops the reading
 */
export function crossCheckLinks(
  {
    nodes,
    links,
    places,
  }: { nodes: readonly { id: string }[]; links: readonly CorridorLink[]; places: readonly CorridorPlace[] },
  wrong: (what: string) => never,
): void {
  const ids = new Set(nodes.map(({ id }) => id))
  const linked = new Set<string>()
  for (const { id } of places) if (ids.has(id)) wrong(`places: “${id}” is the name of a node too`)
  crossCheckTunnels(links, wrong)
  for (const { between, kind, at } of links) {
    for (const id of between) if (!ids.has(id)) wrong(`links: there is no node “${id}”`)
    const pair = between.toSorted().join(' and ')
    if (linked.has(pair)) wrong(`links: ${pair} are linked twice`)
    linked.add(pair)
    if (placeKinds.some((known) => known === kind) && !places.some((place) => place.id === at && place.kind === kind))
      wrong(`links: ${pair}: there is no place “${at}” of kind ${kind}`)
    if (kind === 'hub') crossCheckHub({ ids, links, pair, between, hub: at! }, wrong)
  }
}

/** Who has messages forwarded has a direct link with the node that forwards them. */
function crossCheckHub(
  {
    ids,
    links,
    pair,
    between,
    hub,
  }: {
    ids: ReadonlySet<string>
    links: readonly CorridorLink[]
    pair: string
    between: readonly string[]
    hub: string
  },
  wrong: (what: string) => never,
): void {
  if (!ids.has(hub) || between.includes(hub))
    wrong(`links: ${pair}: there is no other node “${hub}” that could be their hub`)
  for (const id of between)
    if (!links.some((link) => isDirect(link) && link.between.includes(id) && link.between.includes(hub)))
      wrong(`links: ${pair}: ${id} has no direct link with the hub ${hub}`)
}

/** What goes to an address goes to one partner. */
function crossCheckTunnels(links: readonly CorridorLink[], wrong: (what: string) => never): void {
  const taken = new Map<string, string>()
  for (const link of links)
    for (const own of link.between) {
      const tunnel = tunnelOf(link, own)
      if (tunnel === null) continue
      const [key, other] = [`${own} ${tunnel.peer}`, otherOf(link, own)]
      const before = taken.get(key)
      if (before !== undefined) wrong(`links: ${own} has two partners at ${tunnel.peer}: ${before} and ${other}`)
      taken.set(key, other)
    }
}
