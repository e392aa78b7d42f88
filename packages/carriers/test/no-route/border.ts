// The border database in its network namespace: PostgreSQL that takes connections of its members over TLS only, at the two cables.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, chownSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { connect, startPostgres } from '@corridor/database'
import { temporaryHome } from '@corridor/database/testing'
import { createBorderDatabase, prepareBorderDatabase } from '../../src/index.ts'
import { hear, say } from '../../../exchange/test/lines.ts'

/** What the test gives: parties, and at which address of the border each finds it. */
export interface BorderGiven {
  members: Record<string, string>
}

const given = (await hear<BorderGiven>())!
const hosts = Object.values(given.members)
const server = await startPostgres({ home: temporaryHome() })
const database = `border_${randomBytes(4).toString('hex')}`
const account = { database, owner: database, ownerPassword: randomBytes(18).toString('base64url') }
const ownerUrl = await createBorderDatabase(server.adminUrl, account)
const { members } = await prepareBorderDatabase(ownerUrl, { members: Object.keys(given.members) })

const admin = connect(server.adminUrl, { max: 1 })
const [row] = await admin.query<{ folder: string }>("select current_setting('data_directory') as folder")
await admin.close()
const { folder } = row!
// The same command again, and listening at the cables. Of two values of a setting the last one counts.
const command = readFileSync(`/proc/${server.pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
const { uid, gid } = statSync(folder)
await server.stop()
const { key, certificate } = makeCertificate()
appendFileSync(
  join(folder, 'pg_hba.conf'),
  hosts.map((host) => `hostssl ${database} all ${host}/30 scram-sha-256\n`).join(''),
)
const settings = {
  listen_addresses: ['127.0.0.1', ...hosts].join(','),
  ssl: 'on',
  ssl_cert_file: certificate,
  ssl_key_file: key,
}
const [program = '', ...args] = command
const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
const postgres = spawn(program, [...args, ...options], { uid, gid, cwd: folder, stdio: 'ignore' })
await untilReady()
const port = new URL(server.adminUrl).port
say({
  urls: Object.fromEntries(
    members.map(({ party, url }) => {
      const found = new URL(url!)
      found.host = `${given.members[party]}:${port}`
      found.search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: certificate }).toString()
      return [party, found.href]
    }),
  ),
})
await hear()
postgres.kill('SIGINT')
await new Promise((resolve) => postgres.once('exit', resolve))
process.exit(0)

/** A certificate for the addresses of the border, which the members know as the one to expect. */
function makeCertificate(): { key: string; certificate: string } {
  const [key, certificate] = [join(folder, 'border.key'), join(folder, 'border.crt')]
  const names = hosts.map((host) => `IP:${host}`).join(',')
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=border']
  execFileSync('openssl', [...words, '-keyout', key, '-out', certificate, '-addext', `subjectAltName=${names}`], {
    stdio: 'pipe',
  })
  for (const path of [key, certificate]) chownSync(path, uid, gid)
  return { key, certificate }
}

async function untilReady(): Promise<void> {
  const again = connect(server.adminUrl, { max: 1 })
  for (const deadline = performance.now() + 60_000; ;) {
    const up = await again.query('select 1').then(
      () => true,
      () => false,
    )
    if (up) return again.close()
    if (postgres.exitCode !== null || performance.now() > deadline)
      throw new Error(`PostgreSQL did not come up again: exit ${postgres.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
