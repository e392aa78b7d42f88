import { rounded } from '../../as4/bench/plan.ts'
import { cpuPerMessage, fly } from './flight.ts'
import type { Statements } from './node.ts'
import type { Pair, Role } from './pair.ts'
import { sharesOf } from './profile.ts'

/** A line of the table: CPU milliseconds for each message. */
export interface Step {
  where: Role | 'postgres'
  step: string
  cpuMs: number
}

/** Where the time goes. Node's share is from V8's profiler, PostgreSQL's from its processes. */
export interface Steps {
  inFlight: number
  cpuMsPerMessage: number
  steps: Step[]
  /** How often each statement runs for a message, for how many rows at a time, and how long its caller waits. */
  statements: { where: Role; statement: string; perMessage: number; rows: number; waitMs: number }[]
  /** `syncs` are those of the write-ahead log, which the commits of a batch share; null before PostgreSQL 18. */
  perMessage: { commits: number; syncs: number | null; walKb: number; walRecords: number }
}

/** Runs once more with profilers on. They cost a little themselves: rates are taken without them. */
export async function takeSteps(pair: Pair, inFlight: number, bytes: number, seconds: number): Promise<Steps> {
  await pair.watch()
  const before = await pair.usage()
  const { messages } = await fly(pair, inFlight, bytes, seconds)
  const after = await pair.usage()
  const watched = await pair.watched()
  const cpu = cpuPerMessage(before, after, messages)
  const each = (amount: number, decimals = 3): number => rounded(amount / messages, decimals)

  const steps = (['sender', 'receiver'] as const).flatMap((where): Step[] => {
    const spent = new Map<string, number>()
    for (const { profile } of watched[where])
      for (const [step, share] of sharesOf(profile))
        spent.set(step, (spent.get(step) ?? 0) + (share * cpu[where]) / watched[where].length)
    return [...spent].map(([step, cpuMs]) => ({ where, step, cpuMs: rounded(cpuMs, 3) }))
  })
  for (const role of ['sender', 'receiver', 'background'] as const)
    if (before.postgres !== undefined && after.postgres !== undefined)
      steps.push({
        where: 'postgres',
        step: role === 'background' ? 'writers, checkpoints, vacuum' : `backends of the ${role}`,
        cpuMs: each(after.postgres[role] - before.postgres[role]),
      })
  const [first, last] = [before.work, after.work]
  return {
    inFlight,
    cpuMsPerMessage: cpu.all ?? cpu.sender + cpu.receiver,
    steps: steps.sort((a, b) => b.cpuMs - a.cpuMs),
    statements: (['sender', 'receiver'] as const).flatMap((where) =>
      [...added(watched[where].map(({ statements }) => statements))]
        .map(([statement, { times, rows, ms }]) => ({
          where,
          statement,
          perMessage: each(times),
          rows: rounded(rows / times),
          waitMs: rounded(ms / times),
        }))
        .sort((a, b) => b.perMessage * b.waitMs - a.perMessage * a.waitMs),
    ),
    perMessage: {
      commits: each(last.commits - first.commits, 2),
      syncs: last.syncs === null || first.syncs === null ? null : each(last.syncs - first.syncs, 2),
      walKb: each((last.walBytes - first.walBytes) / 1000, 1),
      walRecords: each(last.walRecords - first.walRecords, 1),
    },
  }
}

function added(lists: readonly Statements[]): Map<string, Statements[string]> {
  const sum = new Map<string, Statements[string]>()
  for (const list of lists)
    for (const [name, { times, rows, ms }] of Object.entries(list)) {
      const before = sum.get(name) ?? { times: 0, rows: 0, ms: 0 }
      sum.set(name, { times: before.times + times, rows: before.rows + rows, ms: before.ms + ms })
    }
  return sum
}
