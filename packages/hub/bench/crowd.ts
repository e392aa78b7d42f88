import { connect } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import { quantile, rounded } from '../../as4/bench/plan.ts'
import { postgresCpu } from '../../exchange/bench/postgres-usage.ts'
import { makeHub } from './hub.ts'
import { makeMembers } from './members.ts'

/** What a hub costs with so many members, at a load that is the same for any number. */
export interface Crowd {
  members: number
  messages: number
  messagesPerSecond: number
  /** From a member's giving a message to the hub until the addressee's receipt object is back with it: two forwards. */
  givenToReceiptMs: { p50: number; p99: number }
  /** Of the hub, for a message and its receipt; null where it cannot be known. */
  cpuMsPerMessage: { all: number | null; hub: number; postgres: number | null }
}

/** A real hub and simulated members, each giving in turn; `perSecond` messages in all, whether earlier ones are through or not. */
export async function crowd(members: number, perSecond: number, bytes: number, seconds: number): Promise<Crowd> {
  const hub = await makeHub()
  const simulated = await makeMembers(members, hub, bytes)
  await hub.open(simulated.members)
  const admin = connect(await testServer(), { max: 1 })
  const postgres = await postgresCpu(admin, { sender: hub.database, receiver: '(none)' })
  const used = async () => {
    const cpu = postgres?.()
    return { hub: await hub.cpuMs(), postgres: cpu && cpu.sender + cpu.background }
  }
  await flow(simulated.send, perSecond, Math.max(3, Math.ceil((2 * members) / perSecond)))
  const before = await used()
  const began = performance.now()
  const times = (await flow(simulated.send, perSecond, seconds)).toSorted((a, b) => a - b)
  const elapsed = performance.now() - began
  const after = await used()
  await admin.close()
  await simulated.close()
  await hub.close()
  const each = (ms: number) => rounded(ms / times.length, 2)
  const server = after.postgres === undefined || before.postgres === undefined ? null : after.postgres - before.postgres
  return {
    members,
    messages: times.length,
    messagesPerSecond: rounded((times.length / elapsed) * 1000),
    givenToReceiptMs: { p50: rounded(quantile(times, 0.5)), p99: rounded(quantile(times, 0.99)) },
    cpuMsPerMessage: {
      all: server === null ? null : each(after.hub - before.hub + server),
      hub: each(after.hub - before.hub),
      postgres: server === null ? null : each(server),
    },
  }
}

/** Begins one message after the other at a steady rate, and waits for all of them. */
async function flow(send: (from: number) => Promise<number>, perSecond: number, seconds: number): Promise<number[]> {
  const began = performance.now()
  const sent: Promise<number>[] = []
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const due = (n / perSecond) * 1000 - (performance.now() - began)
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due))
    sent.push(send(n))
  }
  return Promise.all(sent)
}
