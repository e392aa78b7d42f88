import { createSecretKey } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type ApiPorts, createApi, type NodeEvent } from '@corridor/api'
import { connect } from '@corridor/database'
import { type NodeClock, nodeClock } from './clock.ts'
import { Door, portFault } from './door.ts'
import { watchOf } from './health/watch.ts'
import type { Base } from './live/base.ts'
import { type Plan, planOf, requireSameNode, requireTimely } from './live/plan.ts'
import { wire, type Wiring } from './live/wiring.ts'
import { tellUnfit, untimelyCertificates } from './keys/fitness.ts'
import type { LogLine } from './log.ts'
import type { NodeSettings } from './settings.ts'

/** A node that runs in this process. */
export interface RunningNode {
  /**
   * Works by other settings from now on. What they need is prepared first, then those that wait are answered by it, then what was under way
   * by those of before is ended in order: nothing stops listening, no connection of a partner or of a screen is cut that may stay.
   * @returns when the new ones work
   * @throws NodeFault, DatabaseFault; then it works on by those of before
   */
  takeUp(settings: NodeSettings): Promise<void>
  /** Whether all that was under way by settings of before has ended. */
  retired(): Promise<void>
  stop(): Promise<void>
}

/**
 * Runs one node: database, exchange, casework, API. The real clock comes in here, the other real things in `live/wiring.ts`.
 * @param time whose clock it is; that of its settings unless told
 * @throws NodeFault, DatabaseFault: each says what to do
 */
export async function runNode(
  settings: NodeSettings,
  log: LogLine,
  time: NodeClock = nodeClock(settings),
): Promise<RunningNode> {
  const first = planOf(settings)
  const base = baseOf(first, log, time)
  const closers: (() => Promise<unknown>)[] = [() => base.db.close()]
  let stopping = false
  const stop = async (): Promise<void> => {
    stopping = true
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    let current = await wire(first, base)
    closers.push(() => current.stop())
    base.watch.follow(current.watched)
    await current.enter()
    const api = createApi(following(() => current.ports))
    const { ports } = settings
    await api.listen({ host: '127.0.0.1', port: ports.api }).catch((error: unknown) => portFault(error, ports.api))
    closers.push(() => api.close())
    const door = new Door()
    closers.push(() => door.close())
    await door.open(current)
    await current.start()
    await Promise.all(current.alone.map((each) => each.start()))
    // One after the other: what is for one at a time goes from each to the next.
    let retiring: Promise<void> = Promise.resolve()
    closers.push(() => retiring)
    tellUntimely(first, time, log)
    tellStarted(first, time, log)
    return {
      stop,
      retired: () => retiring,
      async takeUp(changed) {
        const plan = planOf(changed)
        requireSameNode(current.plan, plan)
        requireTimely(current.plan, plan, base.clock())
        const before = current
        const next = await wire(plan, base)
        await change(before, next, { door, log })
        current = next
        base.watch.follow(next.watched)
        retiring = retiring.then(() =>
          retire(before, next, { door, log, current: () => (stopping ? undefined : current) }),
        )
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function baseOf({ settings, own }: Plan, log: LogLine, time: NodeClock): Base {
  const db = connect(settings.databaseUrl, { max: 12, applicationName: `corridor ${own.id}` })
  return {
    db,
    dataKey: createSecretKey(Buffer.from(settings.dataKey, 'base64')),
    time,
    clock: () => time.now(),
    log,
    watch: watchOf({ settings, db, time }),
    listeners: new Set<(event: NodeEvent | undefined) => void>(),
  }
}

/** A node starts with what has ended too: everything else of it works, and its health says what does not. */
function tellUntimely({ known }: Plan, time: NodeClock, log: LogLine): void {
  for (const each of untimelyCertificates(known, time.now()))
    log('error', 'certificate.not-valid', { party: each.party, use: each.use, why: tellUnfit(each) })
}

function tellStarted({ corridor, own, settings: { ports } }: Plan, time: NodeClock, log: LogLine): void {
  log('info', 'node.started', {
    corridor: corridor.id,
    party: own.party,
    api: ports.api,
    as4: ports.as4,
    ...(time.aheadMs > 0 && { clockAheadMs: time.aheadMs }),
  })
}

/** Everything of the next works, or nothing of it, and that of before goes on. */
async function change(before: Wiring, next: Wiring, { door, log }: { door: Door; log: LogLine }): Promise<void> {
  let close: (() => Promise<void>) | undefined
  let turned = false
  try {
    close = await door.open(next)
    await next.start()
    door.handOver(next)
    turned = true
    await next.enter()
  } catch (error) {
    if (turned) door.handOver(before)
    // What also fails on the way back is not why.
    const tell = (second: unknown): void => log('error', 'configuration.back', { error: second })
    await close?.().catch(tell)
    await next.stop().catch(tell)
    if (turned) await before.enter().catch(tell)
    throw error
  }
}

/** Ends what works by settings of before. What is for one at a time is handed from one to the other. Never rejects. */
async function retire(
  before: Wiring,
  next: Wiring,
  { door, log, current }: { door: Door; log: LogLine; current: () => Wiring | undefined },
): Promise<void> {
  const tell = (error: unknown): void => log('error', 'configuration.retire', { error })
  const isCurrent = (): boolean => current() === next
  const stopped = before.alone.map((each) => each.stop().catch(tell))
  const handing = stopped.map((done, at) => done.then(() => startPatiently(next.alone[at]!, isCurrent, tell)))
  try {
    // What it takes things from is closed with the rest of it.
    await Promise.all(stopped)
    // Another change may have come meanwhile.
    await door.closeOthers(current() ?? next)
    await before.stop()
    // What was still being sent to somebody who is no partner any more has its receipt, or is given back.
    await current()?.exchange.parkOrphans()
  } catch (error) {
    tell(error)
  }
  await Promise.all(handing)
}

const startAgainMs = 2_000

/** What cannot start now is tried again for as long as it is wanted: everything else of the node works already. */
async function startPatiently(
  { start }: Wiring['alone'][number],
  isWanted: () => boolean,
  tell: (error: unknown) => void,
): Promise<void> {
  while (isWanted()) {
    try {
      return await start()
    } catch (error) {
      tell(error)
      await pause(startAgainMs)
    }
  }
}

/** The ports of whoever answers now: the API reads each at the moment of a request. */
function following(current: () => ApiPorts): ApiPorts {
  return new Proxy({} as ApiPorts, { get: (_, name) => Reflect.get(current(), name) as unknown })
}
