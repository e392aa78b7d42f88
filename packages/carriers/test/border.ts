import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { connect, type Database } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import type { CarriedObject } from '@corridor/exchange'
import { createBorderDatabase, prepareBorderDatabase, type PrepareOptions } from '../src/index.ts'

/** A border database with the members SY.CUSTOMS, JO.CUSTOMS and IQ.CUSTOMS. */
export interface Border {
  ownerUrl: string
  /** As the owner. */
  owner: Database
  urlOf(party: string): string
  roleOf(party: string): string
  prepare(options: PrepareOptions): ReturnType<typeof prepareBorderDatabase>
  drop(): Promise<void>
}

export const [sy, jo, iq] = ['SY.CUSTOMS', 'JO.CUSTOMS', 'IQ.CUSTOMS'] as const

/** Makes one on the server of the tests, or on another. */
export async function makeBorder(server?: string): Promise<Border> {
  const administrator = server ?? (await testServer())
  const database = `test_border_${randomBytes(5).toString('hex')}`
  const ownerUrl = await createBorderDatabase(administrator, {
    database,
    owner: database,
    ownerPassword: randomBytes(18).toString('base64url'),
  })
  const urls = new Map<string, string>()
  const roles = new Map<string, string>()
  const prepare: Border['prepare'] = async (options) => {
    const report = await prepareBorderDatabase(ownerUrl, options)
    for (const { party, role, url } of report.members) {
      roles.set(party, role)
      if (url !== null) urls.set(party, url)
    }
    return report
  }
  await prepare({ members: [sy, jo, iq] })
  const owner = connect(ownerUrl, { max: 2 })
  return {
    ownerUrl,
    owner,
    prepare,
    urlOf: (party) => urls.get(party) ?? '',
    roleOf: (party) => roles.get(party) ?? '',
    async drop() {
      await owner.close()
      const admin = connect(administrator, { max: 1 })
      try {
        await admin.query(`drop database ${database} with (force)`)
        for (const role of roles.values()) await admin.query(`drop role if exists "${role}"`)
        await admin.query(`drop role "border_door_${createHash('md5').update(database).digest('hex').slice(0, 8)}"`)
        await admin.query(`drop owned by ${database}`)
        await admin.query(`drop role ${database}`)
      } finally {
        await admin.close()
      }
    },
  }
}

/** An object from SY to JO with bytes that mean nothing: what is in it is no business of this room. */
export function object(change: Partial<CarriedObject> = {}): CarriedObject {
  return {
    id: `${randomUUID()}@sy.example`,
    sender: sy,
    addressee: jo,
    kind: 'message',
    expiresAt: new Date(Date.now() + 3_600_000),
    bytes: randomBytes(300),
    ...change,
  }
}
