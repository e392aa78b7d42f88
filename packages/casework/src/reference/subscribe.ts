/** Which lists this node takes of others, as the corridor file says it. */
import type { Tx } from '@corridor/database'
import { reference } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { ask, nothing } from './notes.ts'
import { headOf, type SharedList } from './sharing.ts'

/** An owner is told once so often what is held of its list, and sends what is missing: so any mishap ends by itself. */
const askAgainMs = 86_400_000

/**
 * Brings lists and subscriptions to what the corridor file says: declares lists that nobody declared here, subscribes to those of others
 * once, ends subscriptions that it no longer names, and says to each owner once a day what is held: also to one that lost the subscription
 * or refused it. The second time it changes nothing.
 */
export async function keepSubscriptions(ports: CaseworkPorts): Promise<void> {
  const shared = ports.reference ?? []
  await reference.declareLists(ports.db, shared.map(headOf))
  for (const list of shared) await ports.db.transaction((tx) => takeOwner(tx, list))
  const taken = shared.filter(({ subscribers }) => subscribers.includes(ports.directory.party))
  for (const list of taken) await ports.db.transaction((tx) => takeList(ports, tx, list))
  const ids = new Set(taken.map(({ id }) => id))
  for (const { list, owner } of await reference.sources(ports.db))
    if (!ids.has(list)) await ports.db.transaction((tx) => leave(ports, tx, list, owner))
}

/** A list that came with the product or a file is its owner's from now on. */
async function takeOwner(tx: Tx, { id, owner }: SharedList): Promise<void> {
  if ((await reference.ownerOf(tx, id)) !== owner) await reference.setOwner(tx, id, owner)
}

async function takeList(ports: CaseworkPorts, tx: Tx, { id, owner }: SharedList): Promise<void> {
  const at = ports.clock()
  const source = await reference.sourceOf(tx, id)
  if (source !== undefined && source.owner !== owner) await leave(ports, tx, id, source.owner)
  if (await reference.takeSource(tx, id, owner, at)) {
    await ask(ports, tx, owner, { list: id, request: 'subscribe', holds: nothing })
    return
  }
  const since = new Date(at.getTime() - askAgainMs)
  const held = await reference.claimAsking(tx, id, at, since)
  if (held === undefined) return
  // When a version after it did not fit, what is here is not what it should be.
  const holds = source !== undefined && source.askedFor > source.version ? nothing : held
  await ask(ports, tx, owner, { list: id, request: 'subscribe', holds })
}

async function leave(ports: CaseworkPorts, tx: Tx, list: string, owner: string): Promise<void> {
  if (await reference.dropSource(tx, list))
    await ask(ports, tx, owner, { list, request: 'unsubscribe', holds: nothing })
}
