import { rounded } from '../../as4/bench/plan.ts'
import { cpuPerMessage, type Flight } from './flight.ts'
import type { Pair, Role } from './pair.ts'

/** How a backlog drained. */
export interface Drained {
  messages: number
  conversations: number
  seconds: number
  messagesPerSecond: number
  cpuMsPerMessage: Flight['cpuMsPerMessage']
  /** Messages that were taken or decided before an older one of their conversation. */
  outOfOrder: { taken: number; decided: number }
  lost: number
  /** From time to time: how many are receipted, at what rate since the line before, resident memory of each process in MB. */
  overTime: { seconds: number; receipted: number; messagesPerSecond: number; memoryMb: Record<Role, number[]> }[]
}

/** Messages of each conversation, which leave one after another. */
const inConversation = 20
const lines = 20

/** Owes all of them while nobody sends, then lets both nodes work. `pair` must not have started. */
export async function drain(pair: Pair, messages: number, bytes: number): Promise<Drained> {
  const conversations = Math.ceil(messages / inConversation)
  const chunk = 1_000
  for (let from = 0; from < messages; from += chunk)
    await pair.owe({ messages: Math.min(chunk, messages - from), bytes, conversations, from })
  let receipted = 0
  const ended = new Promise<void>((resolve) => {
    const deaf = pair.onReceipts((count) => {
      receipted += count
      if (receipted < messages) return
      deaf()
      resolve()
    })
  })
  const before = await pair.usage()
  const began = performance.now()
  await pair.start()
  const overTime = [{ seconds: 0, receipted: 0, messagesPerSecond: 0, memoryMb: await pair.memory() }]
  const note = async (): Promise<void> => {
    const seconds = (performance.now() - began) / 1000
    const last = overTime.at(-1)!
    const messagesPerSecond = rounded((receipted - last.receipted) / (seconds - last.seconds))
    const line = { seconds: rounded(seconds), receipted, messagesPerSecond, memoryMb: await pair.memory() }
    overTime.push(line)
    process.stderr.write(`backlog ${JSON.stringify(line)}\n`)
  }
  const every = Math.ceil(messages / lines)
  let next = every
  const deaf = pair.onReceipts(() => {
    if (receipted < next || receipted >= messages) return
    next += every
    void note()
  })
  await ended
  deaf()
  const seconds = (performance.now() - began) / 1000
  await pair.decided()
  await note()
  const after = await pair.usage()
  const [order] = await pair.db.receiver.query<{ kept: number; taken: number; decided: number }>(
    `select count(*) as kept, count(*) filter (where number < before) as taken,
       count(*) filter (where done_at < decided_before) as decided
     from (
       select number, done_at, max(number) over as_taken as before, max(done_at) over as_owed as decided_before
       from (select id, conversation, done_at, split_part(message_id, '.', 1)::int as number from inbox) as numbered
       window as_taken as (partition by conversation order by id rows between unbounded preceding and 1 preceding),
         as_owed as (partition by conversation order by number rows between unbounded preceding and 1 preceding)
     ) as each`,
  )
  return {
    messages,
    conversations,
    seconds: rounded(seconds),
    messagesPerSecond: rounded(messages / seconds),
    cpuMsPerMessage: cpuPerMessage(before, after, messages),
    outOfOrder: { taken: order?.taken ?? -1, decided: order?.decided ?? -1 },
    lost: messages - (order?.kept ?? 0),
    overTime,
  }
}
