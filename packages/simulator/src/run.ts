import { everythingEnds, mailboxesAreRead } from './invariants/ends.ts'
import { oneEffectEach } from './invariants/effects.ts'
import { accessCodesAreNowhere, journalIsComplete, journalIsSealed } from './invariants/journal.ts'
import { locksAreClosedOnce, ledgerAddsUp } from './invariants/ledger.ts'
import { movementsEnd } from './invariants/movements.ts'
import { earlyOnesWait, messagesAreDecidedInOrder, messagesArriveInOrder } from './invariants/order.ts'
import { receiptsHeldAreMessagesThere } from './invariants/receipts.ts'
import { memoryIsBounded } from './invariants/memory.ts'
import { journalTellsTheWay, transitionsAreLegal } from './invariants/transitions.ts'
import { heal } from './heal.ts'
import { People } from './people.ts'
import { Hints } from './hints.ts'
import { possibleSteps } from './schedule.ts'
import { type InvariantName, Violation } from './violation.ts'
import { startDue } from './working.ts'
import { type Counts, World, type WorldOptions } from './world.ts'

/** What came of one seed. */
export interface Run {
  seed: number
  steps: number
  /** SHA-256 of every line of the trace and of the databases in the end: the same for the same seed and program. */
  digest: string
  counts: Counts
  /** Resident size of this process afterwards; no part of the digest. */
  memoryBytes: number
  /** What was found to be wrong; absent when all is well. */
  violation?: { invariant: InvariantName | 'fault'; step: number; what: string; last: string[] }
}

/** Runs one seed from empty databases to the end, and checks. Never rejects for what the nodes do. */
export async function runSeed(options: WorldOptions): Promise<Run> {
  const world = new World(options)
  const { trace, seed } = world
  try {
    await world.begin()
    await play(world)
    const digest = trace.end(await world.stores.digest(world.profile.realSealing))
    return { seed, steps: trace.step, digest, counts: world.counts, memoryBytes: memoryIsBounded() }
  } catch (error) {
    const invariant: InvariantName | 'fault' = error instanceof Violation ? error.invariant : 'fault'
    const what =
      error instanceof Violation
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error)
    const violation = { invariant, step: trace.step, what, last: trace.last() }
    return {
      seed,
      steps: trace.step,
      digest: trace.end(''),
      counts: world.counts,
      memoryBytes: process.memoryUsage.rss(),
      violation,
    }
  }
}

async function play(world: World): Promise<void> {
  const people = new People(world)
  const hints = new Hints()
  const eachStep = () => afterStep(world)
  const { profile, trace } = world
  trace.say(`profile ${JSON.stringify(profile)}`)
  while (trace.step < profile.steps) {
    trace.step++
    startDue(world)
    world.pass(world.chance.between(1, 200))
    await world.chance.weighted(possibleSteps(world, people, hints))?.run()
    await eachStep()
  }
  await heal(world, people, async () => {
    trace.step++
    await eachStep()
  })
  await checkAll(world, people)
}

/** What is cheap enough to be looked at after each step. */
async function afterStep(world: World): Promise<void> {
  const [noticed] = world.noticed
  if (noticed !== undefined) throw noticed
  for (const id of world.dirty) {
    const { before, after } = await world.look(id)
    transitionsAreLegal(id, before, after)
    if (id === 'al') await ledgerAddsUp(world)
  }
  world.dirty.clear()
}

async function checkAll(world: World, people: People): Promise<void> {
  await receiptsHeldAreMessagesThere(world)
  await oneEffectEach(world)
  await everythingEnds(world)
  await mailboxesAreRead(world, people)
  await journalTellsTheWay(world)
  await ledgerAddsUp(world)
  await locksAreClosedOnce(world)
  await journalIsComplete(world)
  await journalIsSealed(world)
  await movementsEnd(world)
  await messagesArriveInOrder(world)
  await messagesAreDecidedInOrder(world)
  await earlyOnesWait(world)
  await accessCodesAreNowhere(world)
}
