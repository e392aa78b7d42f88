/** Steps of the network: what becomes of a message on its way. */
import type { Reception, TransportAnswer } from '@corridor/exchange'
import { receiptOnlyAfterCommit } from './invariants/receipts.ts'
import type { Parcel } from './network.ts'
import type { NetworkTrouble } from './profile.ts'
import { outcomeOf, settle, use } from './working.ts'
import type { World } from './world.ts'

const fine = 6

/** One step of one parcel. */
export async function carry(world: World, parcel: Parcel): Promise<void> {
  const { trace } = world
  trace.say(
    `parcel ${parcel.number} ${parcel.from}→${parcel.to} ${parcel.sent.messageId}: ${await carried(world, parcel)}`,
  )
}

async function carried(world: World, parcel: Parcel): Promise<string> {
  if (parcel.answer !== undefined) return handOver(world, parcel, parcel.answer)
  if (world.network.isCut(parcel.from, parcel.to)) return fail(world, parcel, 'the line is cut')
  if (parcel.waiting === undefined) return arriveLate(world, parcel)
  const weights = world.troubled ? world.profile.network : undefined
  const choices = Object.entries(weights ?? {}).map(([trouble, weight]) => ({
    trouble: trouble as NetworkTrouble | undefined,
    weight,
  }))
  const taken = world.chance.weighted([{ trouble: undefined, weight: fine }, ...choices])?.trouble
  if (taken !== undefined) world.count(`network: ${taken}`)
  return taken === undefined ? carryFine(world, parcel) : troubles[taken](world, parcel)
}

async function carryFine(world: World, parcel: Parcel): Promise<string> {
  const answer = await deliver(world, parcel)
  return answer === undefined ? fail(world, parcel, 'nobody answers') : handOver(world, parcel, answer)
}

const troubles: Record<NetworkTrouble, (world: World, parcel: Parcel) => Promise<string>> = {
  'lose-request': (world, parcel) => fail(world, parcel, 'lost on its way'),
  async 'lose-answer'(world, parcel) {
    const answer = await deliver(world, parcel)
    return `answered ${answer?.status ?? 'nothing'}, ${await fail(world, parcel, 'the answer is lost')}`
  },
  async 'late-request'(world, parcel) {
    world.network.stray(parcel)
    return fail(world, parcel, 'too slow')
  },
  async 'late-answer'(world, parcel) {
    parcel.answer = await deliver(world, parcel)
    return parcel.answer === undefined ? fail(world, parcel, 'nobody answers') : 'its answer is on the way'
  },
  async duplicate(world, parcel) {
    const copies = world.chance.between(1, world.chance.hit(0.1) ? 20 : 2)
    for (let copy = 0; copy < copies; copy++) await deliver(world, parcel)
    world.network.stray(parcel)
    return `${copies + 1} times, ${await carryFine(world, parcel)}`
  },
  async garbage(world, parcel) {
    const real = world.chance.hit(0.5) ? await deliver(world, parcel) : undefined
    return `garbage, ${await handOver(world, parcel, garbageOf(world, real))}`
  },
  async busy(world, parcel) {
    const headers = world.chance.hit(0.7) ? { 'retry-after': String(world.chance.pick([0, 1, 10, 120])) } : {}
    const status = world.chance.pick([503, 429])
    return `${status}, ${await handOver(world, parcel, { status, headers, wire: { contentType: '', body: new Uint8Array() } })}`
  },
  async 'stray-signal'(world, parcel) {
    const answer = await deliver(world, parcel)
    // Somebody posts the receipt back as if it were a message.
    if (answer !== undefined) await deliver(world, { ...parcel, from: parcel.to, to: parcel.from, wire: answer.wire })
    return answer === undefined ? fail(world, parcel, 'nobody answers') : handOver(world, parcel, answer)
  },
}

/**
 * Several messages reach one process at the same moment, and each gets its answer. They are different ones: who of two copies is first would
 * be for PostgreSQL to say.
 */
export async function burst(world: World, parcels: readonly Parcel[]): Promise<void> {
  const [first] = parcels
  const process = first === undefined ? undefined : world.processOf(first.to)
  if (process === undefined) return
  world.count('bursts')
  const used = await use(world, process, 3, () =>
    Promise.all(
      parcels.map(async (parcel) => {
        const reception = await process.exchange.receive(parcel.wire, world.receiveOptions(parcel.from))
        await receiptOnlyAfterCommit(world, parcel, reception)
        return reception
      }),
    ),
  )
  world.trace.say(
    `  ${process.name} receives ${parcels.length} at once: ${outcomeOf(used, (all) => all.map(({ status }) => status).join(' '))}`,
  )
  const answers = new Map<Parcel, TransportAnswer>()
  for (const [n, parcel] of parcels.entries()) {
    world.count('deliveries')
    if ('value' in used && !world.network.isCut(parcel.to, parcel.from))
      answers.set(parcel, answerOf(used.value[n] as Reception))
  }
  for (const sender of new Set(parcels.map(({ waiting }) => waiting?.process))) {
    const own = parcels.filter(({ waiting }) => waiting?.process === sender)
    const told = await settle(world, own, (parcel) => {
      const answer = answers.get(parcel)
      if (answer === undefined) parcel.waiting?.reject(new Error('nobody answers'))
      else parcel.waiting?.resolve(answer)
    })
    for (const parcel of own) world.network.remove(parcel)
    world.trace.say(`  ${sender} hears of ${own.length} at once: ${told}`)
  }
}

/** The other node takes the body; what it answers, or undefined when nothing came. */
async function deliver(world: World, parcel: Parcel): Promise<TransportAnswer | undefined> {
  const process = world.processOf(parcel.to)
  if (process === undefined || world.network.isCut(parcel.from, parcel.to)) return undefined
  const used = await use(world, process, 3, async () => {
    const reception = await process.exchange.receive(parcel.wire, world.receiveOptions(parcel.from))
    await receiptOnlyAfterCommit(world, parcel, reception)
    return reception
  })
  world.count('deliveries')
  world.trace.say(`  ${process.name} receives: ${outcomeOf(used, ({ status }) => `status ${status}`)}`)
  if ('error' in used || world.network.isCut(parcel.to, parcel.from)) return undefined
  return answerOf(used.value)
}

function answerOf({ status, wire, retryAfterSeconds }: Reception): TransportAnswer {
  return {
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    wire: wire ?? { contentType: '', body: new Uint8Array() },
  }
}

/** Bytes for which nobody waits any more reach the other side all the same. */
async function arriveLate(world: World, parcel: Parcel): Promise<string> {
  await deliver(world, parcel)
  if (!world.chance.hit(0.3)) world.network.remove(parcel)
  return 'arrived late'
}

async function handOver(world: World, parcel: Parcel, answer: TransportAnswer): Promise<string> {
  const told = await settle(world, [parcel], () => parcel.waiting?.resolve(answer))
  world.network.remove(parcel)
  return `answer ${answer.status}: ${told}`
}

async function fail(world: World, parcel: Parcel, why: string): Promise<string> {
  const told = await settle(world, [parcel], () => parcel.waiting?.reject(new Error(why)))
  world.network.remove(parcel)
  return `${why}: ${told}`
}

function garbageOf(world: World, real: TransportAnswer | undefined): TransportAnswer {
  const body = (text: string) => new Uint8Array(Buffer.from(text))
  const made: TransportAnswer[] = [
    { status: 200, headers: {}, wire: { contentType: 'text/html', body: body('<html><body>Welcome</body></html>') } },
    { status: 200, headers: {}, wire: { contentType: 'application/soap+xml', body: new Uint8Array() } },
    { status: 500, headers: {}, wire: { contentType: 'text/plain', body: body('Internal Server Error') } },
    { status: 404, headers: { 'retry-after': 'soon' }, wire: { contentType: '', body: new Uint8Array() } },
  ]
  if (real !== undefined) {
    const { contentType, body: whole } = real.wire
    const cut = whole.subarray(0, Math.floor(whole.length / 2))
    made.push(
      { ...real, wire: { contentType, body: cut } },
      { ...real, wire: { contentType: 'text/plain', body: whole } },
    )
  }
  return world.chance.pick(made)
}
