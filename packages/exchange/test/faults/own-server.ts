import { createDatabase, connect, keepPostgres, type Database, type KeptServer } from '@corridor/database'
import { temporaryHome } from '@corridor/database/testing'
import { makePapers, openStore } from '../nodes.ts'
import type { Side } from './sides.ts'

/** A PostgreSQL of its own, kept running, for tests that stop it, fill its disk or change its settings. */
export interface OwnServer extends KeptServer {
  home: string
  /** For its administrator. */
  admin: Database
  /** A side whose database is here. */
  makeSide(party: string): Promise<Side>
  /** Sets a setting of the whole server, or with undefined takes it back. */
  set(name: string, value: string | undefined): Promise<void>
  /** Stops it. */
  end(): Promise<void>
}

/** @param prepare the home, before the server is started in it */
export async function ownServer(prepare?: (home: string) => Promise<void>): Promise<OwnServer> {
  const home = temporaryHome()
  await prepare?.(home)
  const server = await keepPostgres({ home })
  const admin = connect(server.adminUrl, { max: 2 })
  const stores: Database[] = []
  return {
    home,
    admin,
    adminUrl: server.adminUrl,
    get pid() {
      return server.pid
    },
    stop: () => server.stop(),
    async makeSide(party) {
      const name = party.toLowerCase().replace('.', '_')
      const url = await createDatabase(server.adminUrl, { database: name, user: name, password: 'of-this-test' })
      const db = await openStore(url)
      stores.push(db)
      return { papers: await makePapers(party), store: { url, db, drop: async () => {} } }
    },
    async set(name, value) {
      await admin.query(value === undefined ? `alter system reset ${name}` : `alter system set ${name} = '${value}'`)
      await admin.query('select pg_reload_conf()')
    },
    async end() {
      await Promise.all([admin, ...stores].map((db) => db.close()))
      await server.stop()
    },
  }
}
