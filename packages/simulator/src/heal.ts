/** The trouble ends: lines are whole, clocks are right, every process is up. What is owed must then be done within a bound. */
import { Hints } from './hints.ts'
import type { People } from './people.ts'
import { ask } from './requests.ts'
import { passTime } from './schedule.ts'
import { Violation } from './violation.ts'
import { sealJournal, startDue } from './working.ts'
import type { World } from './world.ts'

/** Rounds of everybody that one message may take until it is done, on top of a hundred for a run; far more than it should need. */
const roundsEach = 40

/** Time that may pass until nothing is left to do: the longest patience is five minutes, and a partner is tried every half. */
const longestMs = 2 * 3_600_000

/** Rounds of acts and documents until the last movement has come to its end. */
const mostRounds = 30

/** Ends the trouble, works everything off and brings the movements to their ends. @throws Violation I10 when that does not end */
export async function heal(world: World, people: People, eachStep: () => Promise<void>): Promise<void> {
  const { network, nodes, trace } = world
  world.troubled = false
  network.cut.clear()
  for (const node of nodes) node.clockError = 0
  for (const parcel of network.parcels) if (parcel.waiting === undefined) network.remove(parcel)
  startDue(world)
  trace.say('healed')
  for (const request of people.unanswered) {
    const process = world.processOf(request.node)
    if (process !== undefined) await ask(world, process, request)
    await eachStep()
  }
  const hints = new Hints()
  await workOff(world, hints, eachStep)
  await retryParked(world)
  await workOff(world, hints, eachStep)
  for (let round = 0; round < mostRounds && (await actOnce(world, people, eachStep)); round++)
    await workOff(world, hints, eachStep)
  for (const reader of people.readers) {
    const process = world.processOf(reader.node)
    if (process === undefined) continue
    while ((await people.readMailbox(process, reader)) > 0) await eachStep()
  }
  for (const node of nodes)
    for (const process of node.processes.slice(0, 1)) while (await sealJournal(world, process)) await eachStep()
}

/** Everybody who has something to do for a movement does it; false when nobody had. */
async function actOnce(world: World, people: People, eachStep: () => Promise<void>): Promise<boolean> {
  const { desks, due } = people
  for (const desk of desks) {
    const process = world.processOf(desk.node)
    if (process !== undefined) await people.act(process, desk)
    await eachStep()
  }
  for (const { mrn, document } of due) {
    const process = world.processOf('xk')
    if (process !== undefined) await people.notify(process, mrn, document)
    await eachStep()
  }
  return desks.length + due.length > 0
}

/** Everybody works until nothing is left. */
async function workOff(world: World, hints: Hints, eachStep: () => Promise<void>): Promise<void> {
  const left = await backlog(world)
  const most = 100 + roundsEach * left.messages
  const until = world.now + longestMs
  for (const { id } of world.nodes) hints.touch(id)
  let idle = 0
  for (let rounds = 0; ; rounds++) {
    if (rounds > most) throw new Violation('I10', `${most} rounds after healing ${await told(world)}`)
    if (world.now > until)
      throw new Violation('I10', `${longestMs / 60_000} minutes after healing ${await told(world)}`)
    const worked = await workOnce(world, hints, eachStep)
    idle = worked ? 0 : idle + 1
    if (worked) continue
    const { messages, nextDue } = await backlog(world)
    if (messages === 0) return
    // What is due may stand behind an older message of its movement that is not: then longer and longer pauses find the end of it.
    await passTime(world, hints, Math.min(Math.max(nextDue - world.now, 500 * 2 ** idle), 60_000))
    await eachStep()
  }
}

/** One round of all processes and all messages on their way; false when nobody had anything to do. */
async function workOnce(world: World, hints: Hints, eachStep: () => Promise<void>): Promise<boolean> {
  let worked = false
  for (const node of world.nodes)
    for (const process of node.processes)
      for (const work of ['decide', 'send'] as const) {
        if (!hints.may(work, process)) continue
        worked = (await hints[work](world, process)) || worked
        await eachStep()
      }
  for (const parcel of world.network.parcels) {
    await hints.carry(world, parcel)
    await eachStep()
    worked = true
  }
  return worked
}

/** A person gives each parked message another chance. */
async function retryParked(world: World): Promise<void> {
  for (const node of world.nodes)
    for (const box of ['inbox', 'outbox'] as const) {
      const rows = await node.store.query<{ id: string }>(
        `select id::text from ${box} where state = 'parked' order by id`,
      )
      for (const { id } of rows) {
        await node.processes[0]?.exchange.retryParked(box, id, 'operator')
        world.count('parked messages tried again')
      }
    }
}

interface Backlog {
  messages: number
  /** Milliseconds since 1970. */
  nextDue: number
}

async function backlog(world: World): Promise<Backlog> {
  let messages = 0
  let nextDue = Infinity
  for (const { store } of world.nodes) {
    const [row] = await store.query<{ messages: number; next_due: Date | null }>(
      `select count(*) as messages, min(due) as next_due from (
         select due_at as due from inbox where state in ('received', 'waiting')
         union all
         select greatest(due_at, leased_until) from outbox where link in ('as4', 'carried') and state in ('queued', 'sent')) as open`,
    )
    messages += row?.messages ?? 0
    nextDue = Math.min(nextDue, row?.next_due?.getTime() ?? Infinity)
  }
  return { messages, nextDue }
}

async function told(world: World): Promise<string> {
  const { messages, nextDue } = await backlog(world)
  return `${messages} messages are left, the next due in ${Math.round((nextDue - world.now) / 1_000)} s`
}
