import type { Casework, SharedList } from '@corridor/casework'
import type { Database } from '@corridor/database'
import { reference } from '@corridor/registry'
import type { Corridor } from '../config/corridor.ts'
import { subscribersOf } from '../config/reference.ts'
import type { LogLine } from '../log.ts'

/** Besides what is announced: whoever was missed is found so often, and owners are told once a day what is held here. */
const pollMs = 300_000

/** The lists that go over the links of a corridor, one by one. */
export function sharedListsOf(corridor: Corridor): SharedList[] {
  const node = new Map(corridor.nodes.map((each) => [each.id, each]))
  return corridor.reference.flatMap((shared) => {
    const owner = node.get(shared.owner)!
    return shared.lists.map((id): SharedList => ({
      id,
      name: shared.name,
      kind: id.endsWith(`/${owner.party}`) ? 'national' : 'corridor',
      illustrative: shared.illustrative,
      owner: owner.party,
      country: owner.country,
      subscribers: subscribersOf(corridor, shared).map((subscriber) => node.get(subscriber)!.party),
    }))
  })
}

/**
 * Keeps subscriptions, and sends each subscriber what was published: at the start, when any process of the node or the command line
 * publishes, and at a slow poll. What fails is logged and tried again; who publishes is never held up.
 * @returns how to stop
 */
export async function keepDistributing(db: Database, casework: Casework, log: LogLine): Promise<() => Promise<void>> {
  let working: Promise<void> | undefined
  let again = false
  const work = async (): Promise<void> => {
    do {
      again = false
      try {
        await casework.keepSubscriptions()
        for (const { list, party, version } of await casework.distributeDue())
          log('info', 'reference.sent', { list, to: party, version })
      } catch (error) {
        log('warn', 'reference.distribution', { error })
      }
    } while (again)
    working = undefined
  }
  const wake = (): void => {
    again = true
    working ??= work()
  }
  const deaf = await reference.onReferenceChange(db, wake)
  const poll = setInterval(wake, pollMs)
  poll.unref()
  wake()
  return async () => {
    clearInterval(poll)
    await deaf()
    await working
  }
}
