/** Steps of a node's own work: deciding, sending. */
import { DatabaseFault, sqlState } from '@corridor/database'
import { Killed, type Mishap } from './database-port.ts'
import type { Parcel } from './network.ts'
import type { SimulatedProcess } from './node.ts'
import type { World } from './world.ts'

/** What came of using a process: an answer, or the error with which it failed. */
export type Used<T> = { value: T } | { error: unknown }

const sqlStates = { serialisation: '40001', deadlock: '40P01', disk: '53100' } as const

/** Draws what goes wrong in the next use of a process. */
function drawMishap(world: World, most: number): Mishap | undefined {
  const { chance, profile, troubled } = world
  if (!troubled || !chance.hit(profile.mishap)) return undefined
  const kind = chance.pick(profile.mishapKinds)
  const at = chance.between(1, most)
  const when = chance.pick(['before', 'after'] as const)
  if (kind === 'kill') return { kind, at, when }
  if (kind === 'lost') return { kind: 'lose', at, when }
  return { kind: 'refuse', at, sqlState: sqlStates[kind] }
}

/**
 * Uses a process, perhaps with a mishap at one of its statements.
 * @param statements about how many statements the work takes: where a mishap may strike
 */
export async function use<T>(
  world: World,
  process: SimulatedProcess,
  statements: number,
  work: () => Promise<T>,
): Promise<Used<T>> {
  const { db } = process
  db.arm(drawMishap(world, statements))
  let used: Used<T>
  try {
    used = { value: await work() }
  } catch (error) {
    used = { error }
  }
  await finish(world, process)
  if (db.dead) return { error: new Killed() }
  if ('error' in used) expectFault(used.error)
  return used
}

async function finish(world: World, { db, node }: SimulatedProcess): Promise<void> {
  await db.idle()
  if (db.happened !== undefined) world.count(nameOf(db.happened))
  db.arm()
  if (db.dead && node.processes.length === 0) {
    const steps = world.chance.hit(0.6) ? 0 : world.chance.between(1, 15)
    world.downUntil.set(node.id, world.trace.step + steps)
  }
}

/** An error that no mishap explains is a bug, and ends the run. */
function expectFault(error: unknown): void {
  const known = error instanceof DatabaseFault || ['40001', '40P01'].includes(sqlState(error) ?? '')
  if (!known) throw error
}

const nameOf = (mishap: Mishap): string =>
  mishap.kind === 'refuse' ? `refused ${mishap.sqlState}` : `${mishap.kind} ${mishap.when}`

/** How a use is told in the trace. */
export function outcomeOf<T>(used: Used<T>, tell: (value: T) => string): string {
  if ('value' in used) return tell(used.value)
  return used.error instanceof Error ? `${used.error.name}: ${used.error.message.slice(0, 80)}` : String(used.error)
}

/** Starts the processes of nodes that were down long enough. */
export function startDue(world: World): void {
  for (const node of world.nodes) {
    if (node.processes.length >= world.profile.processes) continue
    if ((world.downUntil.get(node.id) ?? 0) > world.trace.step && world.troubled) continue
    const { name } = node.start()
    world.trace.say(`${name} starts`)
  }
}

/** One message of a node is decided; false when there was none. */
export async function decide(world: World, process: SimulatedProcess): Promise<boolean> {
  world.dirty.add(process.node.id)
  const used = await use(world, process, 16, () => process.steps.decide())
  world.trace.say(`${process.name} decides: ${outcomeOf(used, (did) => (did ? 'one' : 'none'))}`)
  return 'error' in used || used.value
}

/** A seal is put over the journal lines that have none; false when there were none. */
export async function sealJournal(world: World, process: SimulatedProcess): Promise<boolean> {
  const used = await use(world, process, 6, () => process.steps.sealJournal())
  world.trace.say(`${process.name} seals its journal: ${outcomeOf(used, (did) => (did ? 'one' : 'none'))}`)
  return 'error' in used || used.value
}

/** Sends that have left and were not answered yet, by the number of their parcel. */
const underWay = new WeakMap<World, Map<number, { process: SimulatedProcess; settled: Promise<boolean> }>>()

/** One message of a node leaves; its answer comes with another step. False when there was none. */
export async function send(world: World, process: SimulatedProcess): Promise<boolean> {
  let parcel: Parcel | undefined
  const used = await use(world, process, 5, async () => {
    const posted = new Promise<Parcel>((resolve) => world.network.onNextPost(resolve))
    const settled = process.steps.send()
    const first = await Promise.race([settled, posted])
    if (typeof first === 'boolean') return first
    parcel = first
    sendsOf(world).set(first.number, { process, settled })
    // It is waited for when the answer is there; until then nobody else may see it reject.
    settled.catch(() => {})
    return true
  })
  world.network.onNextPost(undefined)
  const told = parcel === undefined ? '' : `, parcel ${parcel.number} to ${parcel.to}`
  world.trace.say(`${process.name} sends: ${outcomeOf(used, (did) => (did ? 'one' : 'none'))}${told}`)
  return 'error' in used || used.value
}

/** The senders of parcels get their answers, or errors, at the same moment, and settle. All of them are of one process. */
export async function settle(
  world: World,
  parcels: readonly Parcel[],
  answer: (parcel: Parcel) => void,
): Promise<string> {
  const sends = sendsOf(world)
  const open = parcels.flatMap((parcel) => {
    const sending = sends.get(parcel.number)
    sends.delete(parcel.number)
    return sending === undefined || parcel.waiting === undefined ? [] : [{ parcel, sending }]
  })
  const process = open[0]?.sending.process
  if (process === undefined) return 'nobody waits'
  const used = await use(world, process, 3, () => {
    for (const { parcel } of open) answer(parcel)
    return Promise.all(open.map(({ sending }) => sending.settled))
  })
  for (const { parcel } of open) parcel.waiting = undefined
  return outcomeOf(used, () => 'settled')
}

function sendsOf(world: World): Map<number, { process: SimulatedProcess; settled: Promise<boolean> }> {
  let sends = underWay.get(world)
  if (sends === undefined) underWay.set(world, (sends = new Map()))
  return sends
}
