/** A national system's own database for tests: its tables, its role, and the role that the gateway signs in with. */
import { randomBytes } from 'node:crypto'
import { connect, type Database } from '@corridor/database'
import { testDatabase, testServer } from '@corridor/database/testing'
import { readMapping, type TriggerMapping } from '../src/index.ts'

export interface NationalDatabase {
  /** the national system itself, owner of its tables */
  readonly system: Database
  readonly systemUrl: string
  /** the gateway's role */
  readonly gateway: Database
  readonly gatewayUrl: string
  /** the superuser, in this database */
  readonly admin: Database
  readonly mapping: TriggerMapping
  drop(): Promise<void>
}

/** A table of declarations in XML, as systems that keep the document beside its columns have. */
export const schema = `
  create schema sad;
  create table sad.declaration (
    office text not null,
    year integer not null,
    number integer,
    status text not null,
    document text,
    primary key (office, year, number)
  );`

export const captures = [
  {
    name: 'exports',
    table: 'sad.declaration',
    key: ['office', 'year', 'number'],
    state: { column: 'status', events: { RELEASED: 'released', CANCELLED: 'cancelled' } },
    content: { column: 'document' },
  },
]

export async function nationalDatabase(): Promise<NationalDatabase> {
  const database = await testDatabase()
  const role = `gateway_${randomBytes(6).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  const inDatabase = (source: string, user?: string, secret?: string): string => {
    const url = new URL(source)
    url.pathname = new URL(database.url).pathname
    if (user !== undefined) [url.username, url.password] = [user, secret ?? '']
    return url.href
  }
  const admin = connect(inDatabase(await testServer()))
  await admin.query(`create role ${role} login password '${password}'`)
  await admin.query(`grant connect on database ${new URL(database.url).pathname.slice(1)} to ${role}`)
  const system = connect(database.url)
  await system.query(schema)
  const gatewayUrl = inDatabase(database.url, role, password)
  const gateway = connect(gatewayUrl)
  return {
    system,
    systemUrl: database.url,
    gateway,
    gatewayUrl,
    admin,
    mapping: readMapping({ gatewayRole: role, captures }),
    async drop() {
      await Promise.all([system, gateway].map((each) => each.close()))
      await admin.query(`drop owned by ${role}`)
      await admin.close()
      await database.drop()
      const server = connect(await testServer(), { max: 1 })
      await server.query(`drop role ${role}`)
      await server.close()
    },
  }
}

/** Releases declarations of the office, or whatever state is given. */
export async function put(
  system: Database,
  number: number,
  document: string | null,
  status = 'RELEASED',
): Promise<void> {
  await system.query(
    `insert into sad.declaration values ('SZNGW', 2026, $1, $2, $3)
     on conflict (office, year, number) do update set status = excluded.status, document = excluded.document`,
    [number, status, document],
  )
}
