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
 * How two nodes are linked. `as4`: each pushes to the other · `pull`: one of them, which accepts no connections, makes them all ·
 * `border-database`, `cloud`: sealed objects by a place of that kind · `hub`: sealed objects that a third node forwards.
 */
export type LinkKind = 'as4' | 'pull' | 'hub' | CorridorPlace['kind']

/** A link goes both ways. */
export interface CorridorLink {
  between: [string, string]
  kind: LinkKind
  /** The place or the node that what goes over it passes; null for a direct one. */
  at: string | null
  /** Of a link of kind `pull`, the node that fetches; otherwise null. */
  pulls: string | null
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
  const kind = link.text('kind', /^(as4|pull|border-database|cloud|hub)$/) as LinkKind
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
    agreement: link.text('agreement', /^[\w.-]{1,80}$/),
    retry: retry === null ? null : retryFrom(retry),
  }
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
export const isDirect = ({ kind }: Pick<CorridorLink, 'kind'>): boolean => kind === 'as4' || kind === 'pull'

/** The other node of a link. */
export const otherOf = ({ between: [one, other] }: CorridorLink, own: string): string => (one === own ? other : one)

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
