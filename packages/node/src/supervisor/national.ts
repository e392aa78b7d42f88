/** Stand-ins for national systems of a demonstration: each a process of its own, with a database or files of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { install, readMapping } from '@corridor/connectors'
import { databaseMapping, databaseSchema } from '@corridor/connectors/stand-ins'
import { connect, createDatabase } from '@corridor/database'
import type { CorridorNode } from '../config/corridor.ts'
import { NodeFault } from '../faults.ts'
import { keptSecret } from '../home.ts'
import type { NodeSettings } from '../settings.ts'

/** A result as it came to a national system. */
export interface NationalResultSeen {
  declaration: string
  kind: string
  bytes: Uint8Array
}

/** The stand-in for the national system of one node. */
export interface NationalStandIn {
  /** Of the node. */
  id: string
  /** For the node. */
  settings: NonNullable<NodeSettings['nationalSystem']>
  /** Lodges and releases a declaration in the form of the system. */
  release(number: string, document: Uint8Array, event: string): Promise<void>
  /** What came since the last time. */
  results(): Promise<NationalResultSeen[]>
  stop(): Promise<void>
}

/** It is spoken to by lines on its pipes. */
interface StandInProcess extends ChildProcess {
  stdin: Writable
  stdout: Readable
}

const main = fileURLToPath(new URL('main.ts', import.meta.resolve('@corridor/connectors/stand-ins')))
const secret = (): string => randomBytes(24).toString('hex')

/** Starts the stand-in of a node; undefined for a node without a national system. */
export async function startNational(
  node: CorridorNode,
  { home, adminUrl }: { home: string; adminUrl: string },
): Promise<NationalStandIn | undefined> {
  const { nationalSystem } = node
  if (nationalSystem === null) return undefined
  const folder = join(home, node.id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (nationalSystem.kind === 'database-triggers') {
    const { systemUrl, gatewayUrl } = await nationalDatabase(node.id, folder, adminUrl)
    return (await runStandIn(node.id, folder, ['database', systemUrl])).with({ address: gatewayUrl })
  }
  if (nationalSystem.kind === 'watched-folder') {
    const files = join(folder, 'national')
    mkdirSync(files, { recursive: true, mode: 0o700 })
    return (await runStandIn(node.id, folder, ['files', files])).with({ address: files })
  }
  const token = keptSecret(join(folder, 'national.secret'), secret)
  const running = await runStandIn(node.id, folder, ['rest', join(folder, 'national.json'), token])
  return running.with({ address: running.url ?? '', token })
}

/** The database of a national system with the triggers in it: one role of its owner, one of the gateway. */
async function nationalDatabase(
  id: string,
  folder: string,
  adminUrl: string,
): Promise<{ systemUrl: string; gatewayUrl: string }> {
  const name = id.replaceAll('-', '_')
  const [database, gatewayRole] = [`national_${name}`, `national_${name}_gateway`]
  const passwordOf = (whose: string) => keptSecret(join(folder, `${whose}.secret`), secret)
  // The gateway's role is made with a database of its own, which nobody uses, since a role comes with one here.
  const own = { database: gatewayRole, user: gatewayRole, password: passwordOf('national-gateway') }
  const gatewayUrl = new URL(await createDatabase(adminUrl, own))
  const systemUrl = await createDatabase(adminUrl, {
    database,
    user: database,
    password: passwordOf('national-system'),
  })
  const admin = connect(adminUrl, { max: 1 })
  try {
    await admin.query(`grant connect on database "${database}" to "${gatewayRole}"`)
  } finally {
    await admin.close()
  }
  const system = connect(systemUrl, { max: 1 })
  try {
    await system.query(databaseSchema)
    await install(system, readMapping(databaseMapping(gatewayRole)))
  } finally {
    await system.close()
  }
  gatewayUrl.pathname = `/${database}`
  return { systemUrl, gatewayUrl: gatewayUrl.href }
}

/** One process. It is told one thing after another by lines of JSON, and answers each with a line. */
async function runStandIn(
  id: string,
  folder: string,
  told: string[],
): Promise<{ url?: string; with(settings: NationalStandIn['settings']): NationalStandIn }> {
  const log = openSync(join(folder, 'national.log'), 'a', 0o600)
  const stdio: ['pipe', 'pipe', number] = ['pipe', 'pipe', log]
  // A group of its own, as a node has: Ctrl-C in the terminal is for the supervisor.
  const child = spawn(process.execPath, [main, ...told], { stdio, detached: true }) as StandInProcess
  closeSync(log)
  const ask = lines(id, child)
  let first = await ask(undefined)
  const url = typeof first['url'] === 'string' ? first['url'] : undefined
  if (url !== undefined) first = await ask(undefined)
  if (first['standIn'] !== true) throw new NodeFault('NODE_FAILED', `the stand-in for the national system of ${id}`)
  return {
    ...(url !== undefined && { url }),
    with: (settings) => ({
      id,
      settings,
      async release(number, document, event) {
        await ask({ release: number, document: Buffer.from(document).toString('base64'), event })
      },
      async results() {
        const { results } = (await ask({ results: true })) as {
          results: { declaration: string; kind: string; content: string }[]
        }
        return results.map(({ declaration, kind, content }) => ({
          declaration,
          kind,
          bytes: Buffer.from(content, 'base64'),
        }))
      },
      stop: () => ended(child),
    }),
  }
}

type Said = Record<string, unknown>

/** Asks one thing at a time; without a question it waits for the next line. @throws NodeFault NODE_FAILED */
function lines(id: string, child: StandInProcess): (question: object | undefined) => Promise<Said> {
  const waiting: ((said: Said) => void)[] = []
  const heard: Said[] = []
  const hear = (said: Said): void => {
    const next = waiting.shift()
    if (next === undefined) heard.push(said)
    else next(said)
  }
  createInterface({ input: child.stdout }).on('line', (line) => hear(JSON.parse(line) as Said))
  child.once('exit', () => hear({ error: 'it ended' }))
  // A question to one that has ended: its end is heard above.
  child.stdin.on('error', () => undefined)
  let last: Promise<unknown> = Promise.resolve()
  return (question) => {
    const answer = last.then(async () => {
      if (question !== undefined) child.stdin.write(`${JSON.stringify(question)}\n`)
      const said = heard.shift() ?? (await new Promise<Said>((resolve) => waiting.push(resolve)))
      if (typeof said['error'] === 'string')
        throw new NodeFault('NODE_FAILED', `the stand-in for the national system of ${id}: ${said['error']}`)
      return said
    })
    last = answer.catch(() => undefined)
    return answer
  }
}

function ended(child: StandInProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    // It ends when nobody tells it anything any more.
    child.stdin.end()
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
  })
}
