import type { CarriedObject, Carrier, Log } from '@corridor/exchange'
import { type ClientOptions, LongerFault, type StoreClient, storeClient } from './client.ts'
import { StoreFault } from './faults.ts'
import { QuickLooks } from './looks.ts'
import { inboxOf, isSaidToBe, keyOf, metadataOf, type Placed, placedAt, readMetadata, requireParty } from './layout.ts'
import type { Listed } from './listing.ts'
import { Rubbish } from './rubbish.ts'
import type { StoreSettings } from './settings.ts'

/** How a node reaches an object store. */
export interface ObjectStoreOptions extends ClientOptions {
  settings: StoreSettings
  /** Party id of this node; the credentials must be that party's. */
  party: string
  /** What is larger is refused unread. */
  largestObjectBytes?: number
  /** How many bytes one `waiting` reads at most, though always one object. */
  mostBytesAtOnce?: number
  log?: Log
}

const keysAPage = 1_000
/** One look at a store asks for so many pages at most. */
const mostPages = 20
const mostReadings = 8
/** So often is looked at a store at most before what waits is answered: what is removed may come again and again. */
const mostRounds = 20
/** Between the refusal to write over and the look at what lies there, the addressee may have taken it: then it is left again. */
const mostTries = 3

/** What waits, with who left it. */
type Waiting = Listed & Placed

/**
 * A bucket of an S3-compatible store as a carrier. No connection is made before the first call; a call rejects with a StoreFault and may
 * be repeated. What is dealt with is removed by its addressee: the sender that has no receipt leaves it again, and is answered again.
 * @throws StoreFault `store.bad-party`
 */
export function openObjectStore(options: ObjectStoreOptions): Carrier {
  const { settings, largestObjectBytes = 16_000_000, mostBytesAtOnce = 32_000_000, log = () => undefined } = options
  const party = requireParty(options.party)
  const client = storeClient(settings, options)
  const looks = new QuickLooks()
  const removing = new Rubbish(client, log)
  return {
    async put(object) {
      if (object.sender !== party)
        throw new StoreFault('store.other-party', `an object of ${object.sender} is not ours to leave`)
      // Its addressee would remove it unread, and nobody would hear of it.
      const size = object.bytes.length
      if (size > largestObjectBytes)
        throw new StoreFault('store.too-large', `it has ${size} bytes; a node reads ${largestObjectBytes}`)
      const outcome = await put(client, object)
      // A receipt may come soon.
      looks.begin()
      return outcome
    },
    async lies(object) {
      const beside = await client.head(keyOf(object))
      return beside !== undefined && isSaidToBe(beside, object)
    },
    async waiting(limit) {
      const tried = new Set<string>()
      for (let rounds = 0; rounds < mostRounds; rounds++) {
        const listed = await lookFor(client, party)
        // What could not be removed takes the place of nothing else.
        const known = ({ key }: Listed): boolean => tried.has(key) || removing.isStuck(key)
        const small = listed.objects.filter((each) => each.size <= largestObjectBytes && !known(each))
        const some = upTo(small, limit, mostBytesAtOnce)
        const read = await sideBySide(some, (each) => readWaiting(client, party, each))
        const rubbish = [
          ...listed.rubbish,
          ...listed.objects.filter(({ size }) => size > largestObjectBytes),
          ...some.filter((_, at) => read[at] === 'rubbish'),
        ].filter((each) => !known(each))
        for (const each of rubbish.slice(0, keysAPage)) {
          tried.add(each.key)
          await removing.remove(each)
        }
        const sound = read.filter((each): each is CarriedObject => typeof each === 'object')
        // Nothing but rubbish is not the end of what waits.
        if (sound.length > 0) looks.begin()
        if (sound.length > 0 || rubbish.length === 0) return sound
      }
      return []
    },
    mark: ({ sender, id }) => client.remove(keyOf({ addressee: party, sender, id })),
    takeBack: ({ addressee, id }) => client.remove(keyOf({ addressee, sender: party, id })),
    // A store tells nobody: one looks, more often while something goes on.
    onNew: async (hear) => looks.hear(hear),
    close() {
      looks.end()
      return client.close()
    },
  }
}

async function put(client: StoreClient, object: CarriedObject): ReturnType<Carrier['put']> {
  const key = keyOf(object)
  for (let tries = 0; tries < mostTries; tries++) {
    if ((await client.putNew(key, object.bytes, metadataOf(object))) === 'put') return 'put'
    const lies = await client.get(key, object.bytes.length + 1).catch((error: unknown) => {
      // Another one that is longer.
      if (error instanceof StoreFault && error.code === 'store.broken-answer') return 'longer' as const
      throw error
    })
    if (lies === 'longer') return 'conflict'
    if (lies !== undefined) return Buffer.from(lies.bytes).equals(object.bytes) ? 'there' : 'conflict'
  }
  throw new StoreFault('store.busy', 'to leave an object: it comes and goes')
}

/** What waits for a party: the senders take turns, each with its oldest first. */
async function lookFor(client: StoreClient, party: string): Promise<{ objects: Waiting[]; rubbish: Listed[] }> {
  const inbox = inboxOf(party)
  const bySender = new Map<string, Waiting[]>()
  const rubbish: Listed[] = []
  let after: string | undefined
  for (let pages = 0; pages < mostPages; pages++) {
    const { objects, truncated } = await client.list(inbox, keysAPage, after)
    for (const listed of objects) {
      const placed = placedAt(listed.key, party)
      if (placed === undefined) rubbish.push(listed)
      else grown(bySender, placed.sender).push({ ...listed, ...placed })
    }
    const [first, last] = [objects[0]?.key, objects.at(-1)?.key]
    if (!truncated || first === undefined || last === undefined) break
    // One that has filled a page alone keeps nobody from being seen: what it has left more is seen later.
    const sender = segmentOf(first, inbox)
    after = segmentOf(last, inbox) === sender ? `${inbox}${sender}/~` : last
  }
  for (const each of bySender.values()) each.sort(oldestFirst)
  return { objects: turns([...bySender.values()]), rubbish }
}

const segmentOf = (key: string, inbox: string): string => key.slice(inbox.length).split('/', 1)[0] ?? ''

const oldestFirst = (a: Waiting, b: Waiting): number =>
  a.lastModified.getTime() - b.lastModified.getTime() || (a.name < b.name ? -1 : 1)

function grown(lists: Map<string, Waiting[]>, of: string): Waiting[] {
  const list = lists.get(of) ?? []
  lists.set(of, list)
  return list
}

function turns(lists: readonly Waiting[][]): Waiting[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat()
}

/** So many, and so many bytes, though always one. */
function upTo(objects: readonly Waiting[], limit: number, mostBytes: number): Waiting[] {
  let bytes = 0
  const end = objects.findIndex(({ size }, at) => at >= limit || ((bytes += size) > mostBytes && at > 0))
  return objects.slice(0, end < 0 ? objects.length : end)
}

/** Undefined when it is gone: another process of this node has dealt with it. */
async function readWaiting(
  client: StoreClient,
  addressee: string,
  { key, sender, name, size }: Waiting,
): Promise<CarriedObject | 'rubbish' | undefined> {
  // By the listed size it was counted how many are read at once.
  const found = await client.get(key, size).catch((error: unknown) => {
    if (error instanceof LongerFault) return 'longer' as const
    throw error
  })
  if (found === undefined) return undefined
  if (found === 'longer') return 'rubbish'
  const beside = readMetadata(found.headers, name)
  if (beside === undefined || found.bytes.length === 0) return 'rubbish'
  if (found.bytes.length !== size && found.headers['content-length'] !== String(found.bytes.length))
    throw new StoreFault('store.broken-answer', 'to read an object: it came as a part only')
  const shownAt = new Date(found.headers['date'] ?? NaN)
  const isTold = !Number.isNaN(shownAt.getTime())
  return { ...beside, sender, addressee, bytes: found.bytes, ...(isTold && { shownAt }) }
}

async function sideBySide<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += mostReadings)
    results.push(...(await Promise.all(items.slice(at, at + mostReadings).map(work))))
  return results
}
