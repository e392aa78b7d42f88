import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createBorderDatabase, prepareBorderDatabase, tidyBorderDatabase } from '@corridor/carriers'
import { keepPostgres, type KeptServer } from '@corridor/database'
import type { CorridorNode } from '../config/corridor.ts'
import type { CorridorPlace } from '../config/links.ts'
import { keptSecret } from '../home.ts'
import { startCloud } from './cloud.ts'
import { isSame } from './members.ts'

/** A third place of a demonstration: a server of its own, which no node owns. */
export interface RunningPlace {
  place: CorridorPlace
  /** Port that it listens on. */
  port: number
  /** What a node signs in with there, by the node’s name. */
  readonly addresses: ReadonlyMap<string, string>
  /** Lets these in, and nobody else, while it runs; nothing to do where they are those that it knows. */
  admit(members: readonly CorridorNode[]): Promise<void>
  /** Stops it, until it is brought back. */
  takeAway(): Promise<void>
  bringBack(): Promise<void>
  stop(): Promise<void>
}

const tidyEveryMs = 300_000

/** What a place is started with. */
export interface PlaceParts {
  place: CorridorPlace
  /** The nodes that are linked by it; those that no link connects any more are taken away. */
  members: readonly CorridorNode[]
  home: string
  port: number
  tell: (line: string) => void
}

const starters: Readonly<Record<CorridorPlace['kind'], (parts: PlaceParts) => Promise<RunningPlace>>> = {
  'border-database': startBorderDatabase,
  cloud: startCloud,
}

/** Starts a third place in a folder of its own. */
export const startPlace = (parts: PlaceParts): Promise<RunningPlace> => starters[parts.place.kind](parts)

/** A border database, with a role for each node that a link connects to it. */
async function startBorderDatabase(parts: PlaceParts): Promise<RunningPlace> {
  const { place, members, home, tell } = parts
  const folder = join(home, place.id)
  // PostgreSQL, which as root runs as another account, passes through to its own folder in it.
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  const options = { home: join(folder, 'database'), log: (text: string) => tell(`  ${place.name}: ${text}`) }
  let server: KeptServer | undefined = await keepPostgres({ ...options, port: parts.port })
  try {
    const { adminUrl } = server
    const port = Number(new URL(adminUrl).port)
    let known = members
    const first = await membersAt(adminUrl, folder, members, home, place)
    const { ownerUrl } = first
    let { addresses } = first
    const tidying = setInterval(() => {
      // While it is away there is nothing to tidy.
      if (server !== undefined)
        tidyBorderDatabase(ownerUrl).catch((error: unknown) => tell(`  ${place.name}: ${String(error)}`))
    }, tidyEveryMs)
    tidying.unref()
    const takeAway = async (): Promise<void> => {
      const running = server
      server = undefined
      await running?.stop()
    }
    return {
      place,
      port,
      get addresses() {
        return addresses
      },
      async admit(next) {
        if (isSame(known, next)) return
        addresses = (await membersAt(adminUrl, folder, next, home, place)).addresses
        known = next
      },
      takeAway,
      async bringBack() {
        server ??= await keepPostgres({ ...options, port })
      },
      async stop() {
        clearInterval(tidying)
        await takeAway()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Makes the database, its owner and the members’ roles, with passwords that the home keeps. */
async function membersAt(
  adminUrl: string,
  folder: string,
  members: readonly CorridorNode[],
  home: string,
  place: CorridorPlace,
): Promise<{ ownerUrl: string; addresses: Map<string, string> }> {
  const secret = () => randomBytes(24).toString('base64url')
  const ownerUrl = await createBorderDatabase(adminUrl, {
    database: 'border',
    owner: 'border_owner',
    ownerPassword: keptSecret(join(folder, 'owner.secret'), secret),
  })
  // Each in the folder of its node: the place keeps nobody’s password.
  const passwords = new Map(
    members.map(({ id, party }) => [party, keptSecret(join(home, id, `${place.id}.secret`), secret)]),
  )
  const parties = [...passwords.keys()]
  const report = await prepareBorderDatabase(ownerUrl, { members: parties, newPasswords: parties, passwords })
  const left = report.members.filter(({ party }) => !passwords.has(party)).map(({ party }) => party)
  if (left.length > 0) await prepareBorderDatabase(ownerUrl, { remove: left })
  const addresses = members.map(({ id, party }): [string, string] => {
    const url = new URL(ownerUrl)
    url.username = report.members.find((member) => member.party === party)!.role
    url.password = passwords.get(party)!
    return [id, url.href]
  })
  return { ownerUrl, addresses: new Map(addresses) }
}
