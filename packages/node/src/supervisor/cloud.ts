import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Credentials,
  prepareObjectStore,
  type StandIn,
  startStandIn,
  tidyObjectStore,
  writeStoreSettings,
} from '@corridor/carriers'
import { keptSecret } from '../home.ts'
import { isSame } from './members.ts'
import type { PlaceParts, RunningPlace } from './place.ts'

const bucket = 'corridor'
const region = 'local'
const dayMs = 86_400_000
/** Objects live thirty days. */
const keptDays = 31

/** Starts a stand-in for a cloud store in a folder of its own, with credentials for each node that a link connects to it. */
export async function startCloud({ place, members, home, port: wanted, tell }: PlaceParts): Promise<RunningPlace> {
  const folder = join(home, place.id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pair = (id: string, of: string): Credentials => ({
    accessKeyId: `corridor-${id}`,
    secretAccessKey: keptSecret(of, () => randomBytes(24).toString('base64url')),
  })
  const owner = pair(place.id, join(folder, 'owner.secret'))
  // Each in the folder of its node: the place keeps nobody’s secret.
  const pairsOf = (nodes: PlaceParts['members']) =>
    nodes.map(({ id, party }) => ({ id, party, ...pair(id, join(home, id, `${place.id}.secret`)) }))
  let known = members
  let pairs = pairsOf(members)
  const options = () => ({ folder: join(folder, 'store'), owner, members: pairs })
  let server: StandIn | undefined = await startStandIn({ ...options(), port: wanted })
  const { endpoint } = server
  const port = Number(endpoint.port)
  const settingsFor = ({ accessKeyId, secretAccessKey }: Credentials) => ({
    endpoint,
    bucket,
    region,
    accessKeyId,
    secretAccessKey,
  })
  const takeAway = async (): Promise<void> => {
    const running = server
    server = undefined
    await running?.close()
  }
  const prepare = (): Promise<unknown> =>
    prepareObjectStore(settingsFor(owner), new Map(pairs.map(({ party, accessKeyId }) => [party, accessKeyId])))
  try {
    await prepare()
  } catch (error) {
    await takeAway()
    throw error
  }
  const tidying = setInterval(() => {
    const olderThan = new Date(Date.now() - keptDays * dayMs)
    // While it is away there is nothing to tidy.
    if (server !== undefined)
      tidyObjectStore(settingsFor(owner), { olderThan }).catch((error: unknown) =>
        tell(`  ${place.name}: ${String(error)}`),
      )
  }, dayMs)
  tidying.unref()
  return {
    place,
    port,
    get addresses() {
      return new Map(pairs.map((each) => [each.id, writeStoreSettings(settingsFor(each))]))
    },
    // The stand-in knows whom it lets in from its start on: it is away for a moment, which nodes are used to.
    async admit(next) {
      if (isSame(known, next)) return
      known = next
      pairs = pairsOf(next)
      if (server === undefined) return
      await takeAway()
      server = await startStandIn({ ...options(), port })
      await prepare()
    },
    takeAway,
    async bringBack() {
      if (server !== undefined) return
      server = await startStandIn({ ...options(), port })
      await prepare()
    },
    async stop() {
      clearInterval(tidying)
      await takeAway()
    },
  }
}
