import { randomBytes } from 'node:crypto'
import { createBorderDatabase, prepareBorderDatabase } from '@corridor/carriers'
import { connect } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import type { Between, Role } from '../../exchange/bench/pair.ts'
import type { Papers } from '../../exchange/test/nodes.ts'
import { makeHub } from './hub.ts'

/** The kinds of link, and what lies between two nodes of each; nothing for a direct one. */
export const KINDS: Readonly<Record<string, ((papers: Record<Role, Papers>) => Promise<Between>) | undefined>> = {
  as4: undefined,
  'border-database': byBorderDatabase,
  hub: byHub,
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
