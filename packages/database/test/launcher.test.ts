import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connect, DatabaseFault, startPostgres, type PostgresServer } from '../src/index.ts'
import { chooseAccount, mayTraverse } from '../src/launcher/account.ts'
import { findPackage, usableBinaries } from '../src/launcher/binaries.ts'
import { choosePlace } from '../src/launcher/place.ts'
import { readPostmaster } from '../src/launcher/postmaster.ts'
import { processState } from '../src/launcher/process-state.ts'

const isRoot = process.getuid?.() === 0
const onlyRoot = isRoot ? false : 'needs root'
const folders: string[] = []
const servers: PostgresServer[] = []

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'corridor-launcher-'))
  folders.push(home)
  return home
}

async function start(home: string, log?: (line: string) => void): Promise<PostgresServer> {
  const server = await startPostgres({ home, log })
  servers.push(server)
  return server
}

after(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const database = connect(url, { max: 1 })
  try {
    return await database.query(text)
  } finally {
    await database.close()
  }
}

/** A program that starts a server on a home, says so and then hangs, to be killed. */
async function startInOtherProcess(home: string): Promise<{ pid: number; serverPid: number; kill(): Promise<void> }> {
  const program = `
    const { startPostgres } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)})
    const server = await startPostgres({ home: ${JSON.stringify(home)} })
    console.log(JSON.stringify({ serverPid: server.pid, adopted: server.adopted }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    pid: child.pid ?? 0,
    ...(JSON.parse(line.toString()) as { serverPid: number }),
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('a server starts, is durable, wants a password, stops and keeps its data', async () => {
  const home = newHome()
  const server = await start(home)
  assert.equal(server.adopted, false)
  const durability = await ask(
    server.adminUrl,
    `select name, setting from pg_settings where name in
     ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'data_checksums') order by name`,
  )
  assert.deepEqual(
    durability.map((row) => `${String(row['name'])}=${String(row['setting'])}`),
    ['data_checksums=on', 'fsync=on', 'full_page_writes=on', 'listen_addresses=127.0.0.1', 'synchronous_commit=on'],
  )
  const methods = await ask(server.adminUrl, 'select distinct auth_method from pg_hba_file_rules')
  assert.deepEqual(methods, [{ auth_method: 'scram-sha-256' }])
  await ask(server.adminUrl, 'create table kept (n int); insert into kept values (7)')

  const secret = join(home, 'postgres.secret')
  assert.equal(statSync(secret).mode & 0o777, 0o600)
  const log = readFileSync(join(home, 'postgres.log'), 'utf8')
  assert.equal(log.includes(readFileSync(secret, 'utf8')), false)
  const wrong = new URL(server.adminUrl)
  wrong.password = 'wrong'
  await assert.rejects(ask(wrong.href, 'select 1'), (error: DatabaseFault) => error.code === 'database.wrong-password')

  await server.stop()
  assert.equal(readPostmaster(join(home, 'postgres')), undefined)
  await assert.rejects(
    ask(server.adminUrl, 'select 1'),
    (error: DatabaseFault) => error.code === 'database.unreachable',
  )
  const again = await start(home)
  assert.deepEqual(await ask(again.adminUrl, 'select n from kept'), [{ n: 7 }])
})

test('as root the server runs under another account, which alone may read the data', { skip: onlyRoot }, async () => {
  const home = newHome()
  const server = await start(home)
  const account = chooseAccount('/nonexistent')
  assert.equal(statSync(`/proc/${server.pid}`).uid, account.uid)
  const data = statSync(join(home, 'postgres'))
  assert.deepEqual([data.uid, data.mode & 0o777], [account.uid, 0o700])
  assert.equal(statSync(join(home, 'postgres.secret')).uid, 0)
})

test(
  'a home that the account cannot reach sends data and binaries elsewhere, and says so',
  { skip: onlyRoot },
  async () => {
    const closed = mkdtempSync(join(tmpdir(), 'corridor-closed-'))
    const system = newHome()
    folders.push(closed)
    const home = join(closed, 'home')
    const lines: string[] = []
    const place = choosePlace(home, (line) => lines.push(line), system)
    assert.equal(mayTraverse(home, place.account), false)
    assert.ok(place.base.startsWith(system))
    assert.equal(place.secret, join(home, 'postgres.secret'))
    assert.match(lines.join('\n'), /cannot reach .*corridor-closed-/)
    // Once there is data in one place, that place stays, even if the home opens up.
    mkdirSync(place.data)
    execFileSync('chmod', ['711', closed])
    assert.equal(choosePlace(home, () => {}, system).data, place.data)
  },
)

test('without links between the libraries, or in a private folder, the binaries are copied once and work', async () => {
  const from = findPackage()
  const home = newHome()
  const bare = join(newHome(), 'private')
  cpSync(from.native, bare, { recursive: true, filter: (path) => !path.endsWith('.so') && !/\.so\.\d+$/.test(path) })
  // Only versioned files, as npm unpacks them; the single-version libraries among them are needed.
  for (const name of readdirSync(join(from.native, 'lib')))
    if (!statIsLink(join(from.native, 'lib', name)) && /\.so/.test(name) && !existsSync(join(bare, 'lib', name)))
      cpSync(join(from.native, 'lib', name), join(bare, 'lib', name))
  assert.equal(existsSync(join(bare, 'lib', 'libicuuc.so.60')), false)
  const place = choosePlace(home, () => {})
  const lines: string[] = []
  const usable = await usableBinaries(place, { native: bare, version: from.version }, (line) => lines.push(line))
  assert.equal(usable, join(home, 'postgres-bin', from.version))
  assert.equal(existsSync(join(usable, 'lib', 'libicuuc.so.60')), true)
  assert.equal(lines.length, 1)
  assert.equal(await usableBinaries(place, { native: bare, version: from.version }, (line) => lines.push(line)), usable)
  assert.equal(lines.length, 1)
  assert.deepEqual(readdirSync(join(home, 'postgres-bin')), [from.version])
  // And nothing is copied when what is installed works.
  symlinkSync(from.native, join(home, 'installed'))
  assert.equal(
    await usableBinaries(place, { native: join(home, 'installed'), version: 'x' }, () => {}),
    join(home, 'installed'),
  )
})

function statIsLink(path: string): boolean {
  return execFileSync('find', [path, '-maxdepth', '0', '-type', 'l']).length > 0
}

test('a platform without binaries is a clear fault', () => {
  assert.throws(
    () => findPackage('plan9', 'mips'),
    (error: DatabaseFault) => error.code === 'launcher.no-binaries',
  )
})

test('a server orphaned by a killed parent is adopted, and can be stopped', async () => {
  const home = newHome()
  const parent = await startInOtherProcess(home)
  await parent.kill()
  assert.notEqual(processState(parent.serverPid), undefined)
  const adopted = await start(home)
  assert.deepEqual([adopted.adopted, adopted.pid], [true, parent.serverPid])
  assert.deepEqual(await ask(adopted.adminUrl, 'select 1 as one'), [{ one: 1 }])
  await adopted.stop()
  assert.equal(processState(parent.serverPid), undefined)
})

test('after a kill -9 of the server the next start recovers, also when its number went to another program', async () => {
  const home = newHome()
  const first = await start(home)
  await ask(first.adminUrl, 'create table kept as select 1 as n')
  process.kill(first.pid, 'SIGKILL')
  while (processState(first.pid) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
  const second = await start(home)
  assert.equal(second.adopted, false)
  assert.deepEqual(await ask(second.adminUrl, 'select n from kept'), [{ n: 1 }])
  await second.stop()
  // This test's own process stands in for the program that got the number.
  writeFileSync(
    join(home, 'postgres', 'postmaster.pid'),
    `${process.pid}\n${join(home, 'postgres')}\n1\n1\n\n\n\nready   \n`,
  )
  const third = await start(home)
  assert.equal(third.adopted, false)
  assert.deepEqual(await ask(third.adminUrl, 'select n from kept'), [{ n: 1 }])
})

test('a first start killed half-way leaves nothing that looks whole, and the next start sweeps it', async () => {
  const home = newHome()
  const dead = spawn('true')
  await once(dead, 'exit')
  // The killed start has opened the home for the server's account before it made anything in it.
  choosePlace(home, assert.fail)
  const leftover = join(home, `initdb-${dead.pid}-0badf00d`)
  mkdirSync(join(leftover, 'data'), { recursive: true })
  writeFileSync(join(leftover, 'data', 'PG_VERSION'), '18\n')
  await start(home)
  assert.deepEqual(
    readdirSync(home).filter((name) => name.startsWith('initdb-')),
    [],
  )
})

test('two first starts of one home at the same time end with one server that both use', async () => {
  const home = newHome()
  const [here, there] = await Promise.all([start(home), startInOtherProcess(home)])
  assert.equal(here.pid, there.serverPid)
  await there.kill()
  assert.deepEqual(await ask(here.adminUrl, 'select 1 as one'), [{ one: 1 }])
})

test('data of another major version and a lost secret are clear faults', async () => {
  const home = newHome()
  const server = await start(home)
  await server.stop()
  const version = join(home, 'postgres', 'PG_VERSION')
  const made = readFileSync(version, 'utf8')
  writeFileSync(version, '12\n')
  await assert.rejects(
    start(home),
    (error: DatabaseFault) => error.code === 'launcher.other-version' && error.remedy !== '',
  )
  writeFileSync(version, made)
  rmSync(join(home, 'postgres.secret'))
  await assert.rejects(start(home), (error: DatabaseFault) => error.code === 'launcher.no-secret')
})
