import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createBorderDatabase,
  prepareBorderDatabase,
  prepareObjectStore,
  startStandIn,
  writeStoreSettings,
} from '@corridor/carriers'
import { connect } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import { startVersitygw, versitygw } from '../../carriers/test/object-store/versitygw.ts'
import type { Between, Role } from '../../exchange/bench/pair.ts'
import type { Papers } from '../../exchange/test/nodes.ts'
import { whyNoTunnel } from '../../cli/test/tunnel/network.ts'
import { makeHub } from './hub.ts'
import { byTunnel } from './tunnel.ts'

/** A kind of link: what lies between two nodes, nothing for a direct one; and why it cannot be had on this machine. */
export interface Kind {
  make?: (papers: Record<Role, Papers>) => Promise<Between>
  whyNot?: () => string | undefined
}

/** The kinds of link. */
export const KINDS: Readonly<Record<string, Kind>> = {
  as4: {},
  pull: { make: byPull },
  tunnel: { make: byTunnel, whyNot: whyNoTunnel },
  'border-database': { make: byBorderDatabase },
  cloud: { make: byCloud },
  hub: { make: byHub },
}

/** The receiver accepts no connections: it asks at the pace of a real node, and takes all that waits. */
async function byPull(): Promise<Between> {
  return {
    by: { sender: { pulls: 'they' }, receiver: { pulls: 'we' } },
    listensFirst: 'sender',
    open: async () => {},
    cpuMs: async () => 0,
    close: async () => {},
  }
}

async function byBorderDatabase({ sender, receiver }: Record<Role, Papers>): Promise<Between> {
  const server = await testServer()
  const database = `bench_border_${randomBytes(4).toString('hex')}`
  const account = { database, owner: database, ownerPassword: randomBytes(18).toString('base64url') }
  const { members } = await prepareBorderDatabase(await createBorderDatabase(server, account), {
    members: [sender.party, receiver.party],
  })
  const borderUrl = ({ party }: Papers): string => members.find((member) => member.party === party)!.url!
  return {
    by: { sender: { borderUrl: borderUrl(sender) }, receiver: { borderUrl: borderUrl(receiver) } },
    open: async () => {},
    // All of it is the server's.
    cpuMs: async () => 0,
    async close() {
      const admin = connect(server, { max: 1 })
      await admin.query(`drop database ${database} with (force)`)
      for (const { role } of members) await admin.query(`drop role "${role}"`)
      await admin.query(`drop owned by ${database}; drop role ${database}`)
      await admin.close()
    },
  }
}

/** A real store where one can be had (see docs/cloud.md), else the stand-in of demonstrations, and says which. */
async function byCloud({ sender, receiver }: Record<Role, Papers>): Promise<Between> {
  const folder = await mkdtemp(join(tmpdir(), 'corridor-bench-store-'))
  const pair = (name: string) => ({ accessKeyId: `bench${name}`, secretAccessKey: randomBytes(20).toString('hex') })
  const [owner, one, other] = [pair('owner'), pair('sender'), pair('receiver')]
  const parts = { folder, owner, members: [one, other] }
  const found = await versitygw()
  process.stderr.write(`cloud: ${'none' in found ? `the stand-in, since ${found.none}` : 'versitygw'}\n`)
  const store = await ('none' in found ? startStandIn({ ...parts, port: 0 }) : startVersitygw({ ...parts, ...found }))
  const settings = { endpoint: store.endpoint, bucket: 'bench', region: 'us-east-1' }
  const members = new Map([
    [sender.party, one.accessKeyId],
    [receiver.party, other.accessKeyId],
  ])
  await prepareObjectStore({ ...settings, ...owner }, members)
  return {
    by: {
      sender: { store: writeStoreSettings({ ...settings, ...one }) },
      receiver: { store: writeStoreSettings({ ...settings, ...other }) },
    },
    open: async () => {},
    // All of it is the store's.
    cpuMs: async () => 0,
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function byHub(papers: Record<Role, Papers>): Promise<Between> {
  const hub = await makeHub()
  const by = { hub: hub.papers, hubUrl: hub.url }
  return {
    by: { sender: by, receiver: by },
    open: (ports) =>
      hub.open(
        (['sender', 'receiver'] as const).map((role) => ({
          papers: papers[role],
          url: `https://127.0.0.1:${ports[role]}/as4`,
        })),
      ),
    cpuMs: () => hub.cpuMs(),
    close: () => hub.close(),
  }
}
