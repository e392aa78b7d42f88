import { execFileSync, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testServer } from '@corridor/database/testing'
import { wireguardConfig } from '../../cli/src/link/wireguard.ts'
import { makeNetwork, type Network, outside, wireguardPort } from '../../cli/test/tunnel/network.ts'
import type { Between, Role } from '../../exchange/bench/pair.ts'

/** Where the node of each role is. */
const PLACES = { sender: 'one', receiver: 'other' } as const
const ROLES = ['sender', 'receiver'] as const

/** Addresses inside; not those of the tunnel's test, which may run at the same time. */
const INSIDE = { sender: '10.219.1.1', receiver: '10.219.1.2' } as const

/** The time of a process by its line in /proc, at the 100 ticks a second of every Linux. */
const TICK_MS = 10

/**
 * Both nodes in network namespaces and in a tunnel of WireGuard in user space, whose work is counted. Their database is not in there: a relay of
 * the bench leads to it, and its work is not counted, though it takes from what the machine has.
 */
export async function byTunnel(): Promise<Between> {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-bench-tunnel-'))
  const network = makeNetwork()
  const doors: Server[] = []
  const tunnels = tunnelsIn(network, folder)
  const close = async (): Promise<void> => {
    for (const door of doors) door.close()
    tunnels.down()
    network.remove()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const port = Number(new URL(await testServer()).port)
    tunnels.up()
    const pids = ROLES.flatMap((role) => network.pids(PLACES[role]))
    for (const role of ROLES) doors.push(await doorTo(port, forkIn(network, role)))
    const at = (role: Role) => ({ address: INSIDE[role], fork: forkIn(network, role) })
    return {
      by: {
        sender: { tunnel: { local: INSIDE.sender, peer: INSIDE.receiver } },
        receiver: { tunnel: { local: INSIDE.receiver, peer: INSIDE.sender } },
      },
      at: { sender: at('sender'), receiver: at('receiver') },
      open: async () => {},
      cpuMs: async () => pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const forkIn = (network: Network, role: Role) => ({
  execPath: 'ip',
  execArgv: [...network.inside(PLACES[role]), process.execPath],
})

/** The tunnel between both, as `corridor link wireguard` would write it. */
function tunnelsIn(network: Network, folder: string): { up(): void; down(): void } {
  const sides = ROLES.map((role) => {
    const privateKey = execFileSync('wg', ['genkey'], { encoding: 'utf8' }).trim()
    const publicKey = execFileSync('wg', ['pubkey'], { encoding: 'utf8', input: privateKey }).trim()
    const endpoint = { host: outside[PLACES[role]], port: wireguardPort }
    return { role, node: role, address: INSIDE[role], endpoint, privateKey, publicKey }
  })
  // The name of a file is that of its interface, whose socket every namespace sees.
  const files = sides.map((own, at) => {
    const file = join(folder, `wg-b${own.role.slice(0, 6)}.conf`)
    writeFileSync(file, wireguardConfig(own, sides[1 - at]!, { mtu: 1420, keepalive: 0 }), { mode: 0o600 })
    return { place: PLACES[own.role], file }
  })
  return {
    up() {
      for (const { place, file } of files) {
        const { status, output } = network.run(place, 'wg-quick', 'up', file)
        if (status !== 0) throw new Error(`no tunnel: ${output}`)
      }
    },
    down() {
      for (const { place, file } of files) network.run(place, 'wg-quick', 'down', file)
    },
  }
}

/** Opens the port of the database at the loopback address of a namespace. Who connects there is led to the database from here. */
async function doorTo(port: number, options: ReturnType<typeof forkIn>): Promise<Server> {
  const child = fork(fileURLToPath(new URL('door.ts', import.meta.url)), [String(port)], options)
  const door = await new Promise<Server>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`no door to the database: exit code ${code}`)))
    child.once('message', (_said, handle) => resolve(handle as Server))
  })
  door.on('connection', (socket: Socket) => {
    const database = connect({ host: '127.0.0.1', port, noDelay: true })
    socket.setNoDelay(true)
    for (const [one, other] of [
      [socket, database],
      [database, socket],
    ] as const)
      one.on('error', () => other.destroy()).pipe(other)
  })
  child.send('taken')
  return door
}

function cpuMsOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  // User and system time are fields 14 and 15; the name and what stands before it are cut off.
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
