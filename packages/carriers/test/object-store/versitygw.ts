// A real S3-compatible store for the tests: versitygw (Apache 2.0), built once by Go from its module proxy.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Credentials } from '../../src/index.ts'

const run = promisify(execFile)
const version = 'v1.8.0'
const cache = fileURLToPath(new URL('../../../../node_modules/.cache/corridor/', import.meta.url))
const binary = join(cache, `versitygw-${version}`)

/** Path of its program, or why there is none. CORRIDOR_VERSITYGW names one that is there already. */
export async function versitygw(): Promise<{ program: string } | { none: string }> {
  const given = process.env['CORRIDOR_VERSITYGW']
  if (given !== undefined && given !== '') return { program: given }
  if (existsSync(binary)) return { program: binary }
  const go = await run('go', ['version']).catch(() => undefined)
  if (go === undefined) return { none: 'there is no Go to build versitygw with, and CORRIDOR_VERSITYGW names none' }
  await mkdir(cache, { recursive: true })
  return await oneAtATime(async () => (existsSync(binary) ? { program: binary } : build()))
}

async function build(): Promise<{ program: string } | { none: string }> {
  const folder = await mkdtemp(join(cache, 'building-'))
  try {
    await run('go', ['install', '-ldflags=-s -w', `github.com/versity/versitygw/cmd/versitygw@${version}`], {
      env: { ...process.env, GOBIN: folder, GOFLAGS: '-buildvcs=false' },
      timeout: 550_000,
      maxBuffer: 64_000_000,
    })
    await rename(join(folder, 'versitygw'), binary)
    return { program: binary }
  } catch (error) {
    const lines = (error as Error).message.trim().split('\n')
    return { none: `Go could not build versitygw: ${lines.at(-1)}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Several test files need it; one builds and the others wait. */
async function oneAtATime<Result>(work: () => Promise<Result>): Promise<Result> {
  const lock = `${binary}.lock`
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' })
      break
    } catch {
      const holder = Number(await readFile(lock, 'utf8').catch(() => '0'))
      if (holder !== 0 && !isAlive(holder)) await rm(lock, { force: true })
      else await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Starts it on a free port, or on the given one, with accounts for the members. */
export async function startVersitygw(options: {
  program: string
  folder: string
  port?: number
  owner: Credentials
  members: readonly Credentials[]
}): Promise<{ endpoint: URL; close(): Promise<void> }> {
  const { program, folder, owner, members } = options
  const port = options.port ?? (await freePort())
  const [data, accounts] = [join(folder, 'data'), join(folder, 'accounts')]
  for (const each of [data, accounts]) await mkdir(each, { recursive: true })
  const endpoint = new URL(`http://127.0.0.1:${port}`)
  const server = spawn(
    program,
    // prettier-ignore
    [
      '--port', `127.0.0.1:${port}`, '--iam-dir', accounts, '--iam-cache-disable', '--quiet', '--keep-alive',
      'posix', '--sidecar', await made(join(folder, 'metadata')), data,
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ROOT_ACCESS_KEY_ID: owner.accessKeyId, ROOT_SECRET_ACCESS_KEY: owner.secretAccessKey },
    },
  )
  await listening(server, endpoint)
  const known = await admin(options, endpoint, 'list-users')
  for (const { accessKeyId, secretAccessKey } of members)
    if (!known.includes(accessKeyId))
      await admin(options, endpoint, `create-user --role user --access ${accessKeyId} --secret ${secretAccessKey}`)
  return {
    endpoint,
    async close() {
      if (server.exitCode !== null) return
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
    },
  }
}

async function admin(
  { program, owner }: { program: string; owner: Credentials },
  endpoint: URL,
  command: string,
): Promise<string> {
  const { accessKeyId, secretAccessKey } = owner
  const said = `admin --access ${accessKeyId} --secret ${secretAccessKey} --endpoint-url ${endpoint.origin} ${command}`
  const { stdout } = await run(program, said.split(' '))
  return stdout
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return folder
}

async function listening(server: ChildProcess, endpoint: URL): Promise<void> {
  let said = ''
  server.stderr?.on('data', (part: Buffer) => (said += part.toString()))
  for (;;) {
    if (server.exitCode !== null) throw new Error(`versitygw ended with ${server.exitCode}: ${said}`)
    const answer = await fetch(endpoint).catch(() => undefined)
    if (answer !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
