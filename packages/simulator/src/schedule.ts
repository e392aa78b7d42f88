/** What may happen next, and how likely it is. */
import type { NodeId } from './corridor.ts'
import type { Hints } from './hints.ts'
import type { Parcel } from './network.ts'
import type { SimulatedNode, SimulatedProcess } from './node.ts'
import type { People } from './people.ts'
import { ask } from './requests.ts'
import { sealJournal } from './working.ts'
import type { World } from './world.ts'

interface Step {
  weight: number
  run(): Promise<void>
}

const secondMs = 1_000
const hourMs = 3_600_000
const clockErrors = [-300_000, 300_000, -hourMs, hourMs, -365 * 24 * hourMs, 365 * 24 * hourMs, 0, 0, 0]

/** Everything that may happen now, in an order that is always the same. */
export function possibleSteps(world: World, people: People, hints: Hints): Step[] {
  const { chance, profile, network } = world
  const steps: Step[] = []
  const offer = (weight: number, run: () => Promise<unknown>): void => {
    steps.push({ weight, run: async () => void (await run()) })
  }
  for (const node of world.nodes) offerWork(world, node, hints, offer)
  for (const parcel of network.parcels) offer(parcel.waiting === undefined ? 0.5 : 6, () => hints.carry(world, parcel))
  for (const { id } of world.nodes) {
    const together = arriving(world, id)
    if (together.length > 1) offer(8, () => hints.burst(world, together))
  }
  offerPeople(world, people, hints, offer)
  offer(1, () => passTime(world, hints, chance.pick([1, 1, 10, 60]) * secondMs))
  offer(profile.partition * 20, () => cutOrMend(world))
  offer(profile.clockJump * 20, () => jumpClock(world, hints))
  return steps
}

/** Messages that could reach a node at the same moment, each of them once. */
function arriving({ network }: World, node: NodeId): Parcel[] {
  const ids = new Set<string>()
  return network.parcels.filter(({ from, to, sent, waiting, answer }) => {
    const comes = to === node && waiting !== undefined && answer === undefined && !network.isCut(from, to)
    if (!comes || ids.has(sent.messageId)) return false
    ids.add(sent.messageId)
    return true
  })
}

function offerWork(
  world: World,
  node: SimulatedNode,
  hints: Hints,
  offer: (weight: number, run: () => Promise<unknown>) => void,
): void {
  for (const process of node.processes) {
    const sending = world.network.parcels.filter(({ waiting }) => waiting?.process === process.name).length
    if (hints.may('decide', process)) offer(8, () => hints.decide(world, process))
    if (hints.may('send', process) && sending < 3) offer(6, () => hints.send(world, process))
    offer(0.7, () => sealJournal(world, process))
    if (world.profile.mishapKinds.includes('kill')) offer(world.profile.mishap * 0.5, () => kill(world, process))
  }
}

function offerPeople(
  world: World,
  people: People,
  hints: Hints,
  offer: (weight: number, run: () => Promise<unknown>) => void,
): void {
  const at = (id: NodeId, work: (process: SimulatedProcess) => Promise<unknown>) => async () => {
    const process = world.processOf(id)
    if (process === undefined) {
      world.trace.say(`${id} is down`)
      return
    }
    await work(process)
    hints.touch(id)
  }
  if (people.mayDeclare)
    offer(
      3,
      at('al', (process) => people.declare(process)),
    )
  for (const desk of people.desks)
    offer(
      4,
      at(desk.node, (process) => people.act(process, desk)),
    )
  for (const { mrn, early, document } of people.arrivals)
    offer(
      early ? 0.3 : 4,
      at('xk', (process) => people.notify(process, mrn, document)),
    )
  for (const mrn of people.regretted)
    offer(
      0.15,
      at('al', (process) => people.regret(process, mrn)),
    )
  for (const request of people.unanswered)
    offer(
      2,
      at(request.node, (process) => ask(world, process, request)),
    )
  const [asked] = people.requests.length > 0 ? [world.chance.pick(people.requests)] : []
  if (asked !== undefined)
    offer(
      0.5,
      at(asked.node, (process) => ask(world, process, asked)),
    )
  for (const reader of people.readers)
    offer(
      0.5,
      at(reader.node, (process) => people.readMailbox(process, reader)),
    )
}

/** Time passes for everybody. */
export async function passTime(world: World, hints: Hints, ms: number): Promise<void> {
  world.pass(ms)
  for (const { id } of world.nodes) hints.touch(id)
  world.trace.say(`${ms} ms pass`)
}

async function cutOrMend(world: World): Promise<void> {
  const { chance, network, nodes, trace } = world
  const [from, to] = [chance.pick(nodes).id, chance.pick(nodes).id]
  if (from === to) return
  const ways = chance.hit(0.5) ? [`${from}>${to}`, `${to}>${from}`] : [`${from}>${to}`]
  const mend = network.isCut(from, to)
  for (const way of ways) {
    if (mend) network.cut.delete(way)
    else network.cut.add(way)
  }
  world.count(mend ? 'lines mended' : 'lines cut')
  trace.say(`${mend ? 'mended' : 'cut'}: ${ways.join(' ')}`)
}

async function jumpClock(world: World, hints: Hints): Promise<void> {
  const node = world.chance.pick(world.nodes)
  node.clockError = world.chance.pick(clockErrors)
  world.count(Math.abs(node.clockError) > 24 * hourMs ? 'clock jumps by a year' : 'clock jumps')
  hints.touch(node.id)
  world.trace.say(`the clock of ${node.id} is wrong by ${node.clockError} ms`)
}

async function kill(world: World, process: SimulatedProcess): Promise<void> {
  process.db.kill()
  world.count('kills between steps')
  const steps = world.chance.between(0, 15)
  if (process.node.processes.length === 0) world.downUntil.set(process.node.id, world.trace.step + steps)
  world.trace.say(`${process.name} is killed`)
}
