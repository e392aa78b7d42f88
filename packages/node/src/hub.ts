import { randomUUID } from 'node:crypto'
import type { RegionalPort } from '@corridor/api'
import { type Directory, localDay, type RegionalHub } from '@corridor/casework'
import type { Messages } from '@corridor/customs'
import type { Database } from '@corridor/database'
import { type Exchange, type Handler, Loop } from '@corridor/exchange'
import {
  type Board,
  copyReceiver,
  createHub,
  type Hub,
  loadMeanings,
  migrations as hubMigrations,
  noteRefusedCopy,
} from '@corridor/hub'
import type { Corridor, CorridorNode } from './config/corridor.ts'
import { copyTableOf } from './config/hub.ts'
import { isDirect, linksOf, otherOf } from './config/links.ts'
import type { LogLine } from './log.ts'

/** How often it is looked what became of forwarded objects; so long each is left alone. */
const settleMs = 2_000
/** How often it is looked whether copies are to be deleted. */
const forgetMs = 60_000

/** The migrations of a node that is a hub; none of any other. */
export const hubRooms = ({ hub }: CorridorNode) => (hub === null ? [] : [hubMigrations])

/** The hubs that get copies from a node. @throws NodeFault CORRIDOR_FILE */
export function copiesTo({ nodes, links }: Corridor, own: CorridorNode, messages: Messages): RegionalHub[] {
  return hubsOf({ nodes, links }, own).flatMap(({ id, party, hub }) =>
    hub?.copies ? [copyReceiver(party, copyTableOf(id, hub.copies, messages))] : [],
  )
}

/** The hubs that a node is linked with. */
function hubsOf({ nodes, links }: Pick<Corridor, 'nodes' | 'links'>, own: CorridorNode): CorridorNode[] {
  const linked = new Set(linksOf(links, own.id).flatMap((link) => (isDirect(link) ? otherOf(link, own.id) : [])))
  return nodes.filter(({ id, hub }) => hub !== null && linked.has(id))
}

/** What a node does as a hub, or as a member of one, beside its casework. */
export interface Regional {
  /** Takes what is of hubs; everything else goes to casework. */
  handler(casework: Handler): Handler
  /** See `Doorkeeper` of @corridor/hub; a node that is no hub lets everything in. */
  admit: Hub['admit']
  /** Undefined of a node that is no hub. */
  port: RegionalPort | undefined
  /** Starts looking after what was forwarded. @returns how to stop */
  start(): () => Promise<void>
}

/** @throws NodeFault CORRIDOR_FILE */
export function regionalOf(parts: {
  corridor: Corridor
  own: CorridorNode
  messages: Messages
  db: Database
  exchange: Exchange
  members: readonly string[]
  directory: Pick<Directory, 'nameOf'>
  clock: () => Date
  log: LogLine
}): Regional {
  const { corridor, own, exchange, log } = parts
  const hub = hubOf(parts)
  const hubs = new Set(hubsOf(corridor, own).map(({ party }) => party))
  return {
    handler: (casework) => async (tx, message) =>
      (await hub?.handle(tx, message)) ?? (await noteRefusedCopy(exchange, hubs, tx, message)) ?? casework(tx, message),
    admit: async (arriving) => hub?.admit(arriving),
    port: hub && portOf(hub.board, parts),
    start() {
      if (hub === undefined) return async () => {}
      const loops = [
        { name: 'hub.settle', step: () => hub.settle(settleMs), pollMs: settleMs },
        { name: 'hub.forget', step: () => hub.forget(), pollMs: forgetMs },
      ].map(
        ({ name, step, pollMs }) =>
          new Loop({ lanes: 1, step, pollMs, onFault: (error) => log('error', name, { error }) }),
      )
      for (const loop of loops) loop.start()
      return async () => void (await Promise.all(loops.map((loop) => loop.stop())))
    },
  }
}

function portOf(
  board: Board,
  { own, directory, clock }: Pick<Parameters<typeof regionalOf>[0], 'own' | 'directory' | 'clock'>,
): RegionalPort {
  const today = () => localDay({ clock, timeZone: own.timeZone })
  return {
    async dashboard() {
      const { members, ...more } = await board.dashboard(today())
      return { ...more, members: members.map((member) => ({ ...member, name: directory.nameOf(member.party) })) }
    },
    movements: (query) => board.movements(query, today()),
    movement: (mrn) => board.movement(mrn, today()),
  }
}

function hubOf({
  corridor,
  own,
  messages,
  db,
  exchange,
  members,
  clock,
}: Parameters<typeof regionalOf>[0]): Hub | undefined {
  if (own.hub === null) return undefined
  const { copies, limits } = own.hub
  return createHub({
    db,
    exchange,
    party: own.party,
    domain: own.domain,
    members: new Set(members),
    countries: new Map(corridor.nodes.map(({ party, country }) => [party, country])),
    copies: copies === null ? null : copyTableOf(own.id, copies, messages),
    meanings: loadMeanings(),
    limits,
    clock,
    newId: () => `${randomUUID()}@${own.domain}`,
  })
}
