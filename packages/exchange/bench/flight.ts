import { quantile, rounded } from '../../as4/bench/plan.ts'
import type { Pair, Usage } from './pair.ts'

/** What was measured with so many messages owed and not receipted at any time. */
export interface Flight {
  inFlight: number
  messages: number
  messagesPerSecond: number
  /** From being owed to the commit of the receipt. */
  owedToReceiptMs: { p50: number; p99: number }
  /** `between` is of what lies between the two, such as a hub. */
  cpuMsPerMessage: {
    all: number | null
    sender: number
    receiver: number
    between: number
    postgres: number | null
  }
  /** How long the receiver was still deciding after the last receipt. */
  decidedAfterMs: number
}

/** Keeps `inFlight` messages under way for some seconds, and sees them all receipted and decided. */
export async function fly(pair: Pair, inFlight: number, bytes: number, seconds: number): Promise<Flight> {
  await pair.times()
  const before = await pair.usage()
  const began = performance.now()
  const messages = await keepUnderWay(pair, inFlight, bytes, seconds)
  const elapsed = performance.now() - began
  await pair.decided()
  const decided = performance.now() - began
  const after = await pair.usage()
  const times = await pair.times()
  return {
    inFlight,
    messages,
    messagesPerSecond: rounded((messages / elapsed) * 1000),
    owedToReceiptMs: { p50: rounded(quantile(times, 0.5)), p99: rounded(quantile(times, 0.99)) },
    cpuMsPerMessage: cpuPerMessage(before, after, messages),
    decidedAfterMs: Math.round(decided - elapsed),
  }
}

/** For each receipt another message is owed. Answers how many there were, when the last is receipted. */
async function keepUnderWay(pair: Pair, inFlight: number, bytes: number, seconds: number): Promise<number> {
  let owed = 0
  let receipted = 0
  const end = performance.now() + seconds * 1000
  await new Promise<void>((resolve) => {
    const owe = (messages: number): void => {
      owed += messages
      pair.oweOn({ messages, bytes })
    }
    const deaf = pair.onReceipts((count) => {
      receipted += count
      if (performance.now() < end) owe(count)
      else if (receipted === owed) {
        deaf()
        resolve()
      }
    })
    owe(inFlight)
  })
  return owed
}

/** CPU milliseconds between two looks for each message. */
export function cpuPerMessage(before: Usage, after: Usage, messages: number): Flight['cpuMsPerMessage'] {
  const each = (ms: number): number => rounded(ms / messages, 2)
  const sender = after.sender - before.sender
  const receiver = after.receiver - before.receiver
  const between = after.between - before.between
  const total = (usage: Usage) => Object.values(usage.postgres ?? {}).reduce((sum, ms) => sum + ms, 0)
  const postgres = after.postgres === undefined ? null : total(after) - total(before)
  return {
    all: postgres === null ? null : each(sender + receiver + between + postgres),
    sender: each(sender),
    receiver: each(receiver),
    between: each(between),
    postgres: postgres === null ? null : each(postgres),
  }
}
