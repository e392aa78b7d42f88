import { readFileSync } from 'node:fs'
import type { Messages } from '@corridor/customs'
import { type CopyTable, HubFault, type HubLimits, readCopyTable } from '@corridor/hub'
import { NodeFault } from '../faults.ts'
import type { Checked } from './checked.ts'
import type { CorridorLink } from './links.ts'

/** A node that is a regional hub. */
export interface HubSettings {
  /** The table of what the members copy to it; null when it only forwards. */
  copies: URL | null
  /** What of its limits is another than usual. */
  limits: Partial<HubLimits>
}

/** Each with the least and the most that it may be. */
const numbers = {
  waitingObjects: [10, 1_000_000],
  waitingMegabytes: [10, 1_000_000],
  copiesADay: [100, 100_000_000],
  keepDays: [1, 36_500],
} as const

/** `hub: { copies: copies.tsv, waitingObjects: 5000, … }` of a node. */
export function hubFrom(hub: Checked | null, folder: URL): HubSettings | null {
  if (hub === null) return null
  const known = ['copies', ...Object.keys(numbers)]
  const other = hub.names().find((name) => !known.includes(name))
  if (other !== undefined)
    hub.refuse(other, `a hub has ${known.map((name) => `\`${name}\``).join(', ')}, and nothing else`)
  const number = (name: keyof typeof numbers): number | undefined =>
    hub.has(name) ? hub.number(name, numbers[name][0], numbers[name][1]) : undefined
  const [waitingObjects, megabytes, copiesADay, keepDays] = [
    number('waitingObjects'),
    number('waitingMegabytes'),
    number('copiesADay'),
    number('keepDays'),
  ]
  const copies = hub.optionalText('copies')
  return {
    copies: copies === null ? null : new URL(copies, folder),
    limits: {
      ...(waitingObjects !== undefined && { waitingObjects }),
      ...(megabytes !== undefined && { waitingBytes: megabytes * 1_000_000 }),
      ...(copiesADay !== undefined && { copiesADay }),
      ...(keepDays !== undefined && { keepDays }),
    },
  }
}

/** Reads the table of copies of a hub. @throws NodeFault CORRIDOR_FILE naming the file, the line and what is wrong */
export function copyTableOf(id: string, copies: URL, messages: Messages): CopyTable {
  const file = copies.pathname.split('/').at(-1) ?? ''
  const wrong = (what: string): never => {
    throw new NodeFault('CORRIDOR_FILE', `corridor.yaml › nodes › ${id} › hub › copies: ${what}`)
  }
  let text: string
  try {
    text = readFileSync(copies, 'utf8')
  } catch {
    return wrong(`${file} cannot be read: give a file relative to corridor.yaml, such as copies.tsv`)
  }
  try {
    return readCopyTable(text, messages, file)
  } catch (error) {
    if (error instanceof HubFault) return wrong(error.message)
    throw error
  }
}

interface HubNode {
  id: string
  country: string
  hub: HubSettings | null
  accounts: readonly { id: string; role: string }[]
}

/**
 * What forwards is a hub, officers of a regional secretariat are at one, and a country is one node's: documents find their way by it.
 * @param wrong stops the reading
 */
export function crossCheckHubs(
  { nodes, links }: { nodes: readonly HubNode[]; links: readonly CorridorLink[] },
  wrong: (what: string) => never,
): void {
  const byCountry = new Map<string, string>()
  for (const { id, country, hub, accounts } of nodes) {
    const other = byCountry.get(country)
    if (other !== undefined)
      wrong(
        `nodes: ${other} and ${id} have the same country, ${country}; a node that is of no country has a code of its own, such as QM`,
      )
    byCountry.set(country, id)
    const secretariat = accounts.find(({ role }) => role === 'regional')
    if (secretariat !== undefined && hub === null)
      wrong(`account ${secretariat.id}: ${id} is no hub, so that it has no regional secretariat`)
  }
  for (const { between, kind, at } of links)
    if (kind === 'hub' && nodes.find(({ id }) => id === at)?.hub === null)
      wrong(`links: ${between.join(' and ')}: the node ${at} is no hub: give it \`hub:\``)
}
