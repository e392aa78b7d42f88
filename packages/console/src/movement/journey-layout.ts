import type { JourneyEvent, JourneyMessage, Lane } from '../api/types.ts'

/**
 * Measures of the picture in CSS pixels. The first lane has its labels above and the others below: messages leave the
 * first lane downwards and the others upwards, so that no arrow crosses the words of the act that sent it.
 */
const measures = { labels: 158, end: 44, top: 84, firstGap: 68, gap: 90, above: 30, foot: 62 } as const

export interface PlacedEvent {
  event: JourneyEvent
  x: number
  y: number
  /** Room on this lane until the next act's label; the words are left out where they do not fit. */
  room: number
}

export interface PlacedMessage {
  message: JourneyMessage
  x: number
  y1: number
  y2: number
}

export interface Layout {
  width: number
  height: number
  laneY: number[]
  /** Where one country ends and the next begins. */
  frontiers: number[]
  /** Blocks of lanes of one country: from the top, every second one is tinted. */
  blocks: { y: number; height: number; tinted: boolean }[]
  events: PlacedEvent[]
  messages: PlacedMessage[]
  /** Where a new day begins: at its first act. */
  days: { x: number; at: string }[]
  nowX: number | undefined
  lineStart: number
  lineEnd: number
}

export interface LayoutInput {
  lanes: Lane[]
  events: JourneyEvent[]
  messages: JourneyMessage[]
  width: number
  /** The present moment in milliseconds, left out when the movement is over. */
  now?: number
  sameDay: (a: string, b: string) => boolean
}

// A message that leaves within a minute of an act of its office is that act's message and is drawn after its circle; one
// that comes in within a minute of an act caused it and is drawn before it.
const TOGETHER_MS = 60_000
const BESIDE = 9

interface Column {
  at: number
  event?: JourneyEvent
  causes: JourneyMessage[]
  messages: JourneyMessage[]
}

/** The act of a lane closest to a moment, if it is close enough to belong together. */
function nearest(columns: Column[], lane: number, at: number): Column | undefined {
  return columns
    .filter((column) => column.event?.lane === lane && Math.abs(column.at - at) <= TOGETHER_MS)
    .toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0]
}

function columnsOf(events: JourneyEvent[], messages: JourneyMessage[]): Column[] {
  const columns: Column[] = events.map((event) => ({ at: Date.parse(event.at), event, causes: [], messages: [] }))
  for (const message of messages.toSorted((a, b) => Date.parse(a.sentAt) - Date.parse(b.sentAt))) {
    const at = Date.parse(message.sentAt)
    const sender = nearest(columns, message.fromLane, at)
    const receiver = sender ? undefined : nearest(columns, message.toLane, at)
    if (sender) sender.messages.push(message)
    else if (receiver && receiver.at >= at) receiver.causes.push(message)
    else columns.push({ at, causes: [], messages: [message] })
  }
  return columns.sort((a, b) => a.at - b.at)
}

/**
 * Spreads columns over the line: every gap gets an equal part, so that labels stay apart, and the rest of the width goes
 * by the logarithm of the time between. A journey is minutes at the desk and hours on the road; true scale would put
 * all desk work on one spot. Result: x of each column, ascending, within the line.
 */
export function spread(times: number[], start: number, end: number): number[] {
  if (times.length === 0) return []
  if (times.length === 1) return [start]
  const weights = times.slice(1).map((time, n) => Math.log1p(Math.max(0, time - (times[n] as number)) / 1000))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const equalPart = total === 0 ? 1 : 0.62
  const width = end - start
  let x = start
  return times.map((_, n) => {
    if (n > 0) {
      const share = total === 0 ? 0 : ((weights[n - 1] as number) / total) * (1 - equalPart)
      x += width * (equalPart / (times.length - 1) + share)
    }
    return x
  })
}

function blocksOf(lanes: Lane[], laneY: number[], height: number): Pick<Layout, 'blocks' | 'frontiers'> {
  const blocks: Layout['blocks'] = []
  const frontiers: number[] = []
  lanes.forEach((lane, n) => {
    if (n > 0 && lanes[n - 1]?.office.country === lane.office.country) return
    const y = n === 0 ? 0 : (laneY[n] as number) - measures.above
    const last = blocks.at(-1)
    if (last) {
      last.height = y - last.y
      frontiers.push(y)
    }
    blocks.push({ y, height: height - y, tinted: blocks.length % 2 === 1 })
  })
  return { blocks, frontiers }
}

/** Places a journey on a picture of the given width, left to right; right-to-left pages mirror the result. */
export function layOut(input: LayoutInput): Layout {
  const { lanes, width } = input
  const laneY = lanes.map((_, n) => measures.top + (n > 0 ? measures.firstGap + (n - 1) * measures.gap : 0))
  const height = (laneY.at(-1) ?? measures.top) + measures.foot
  const lineStart = measures.labels + 22
  const lineEnd = Math.max(lineStart + 60, width - 12)
  const known = (lane: number) => lane >= 0 && lane < lanes.length
  const columns = columnsOf(
    input.events.filter((event) => known(event.lane)),
    input.messages.filter((message) => known(message.fromLane) && known(message.toLane)),
  )
  const times = columns.map((column) => column.at)
  const withNow = input.now !== undefined && (times.at(-1) ?? 0) <= input.now
  const xs = spread(withNow ? [...times, input.now as number] : times, lineStart, lineEnd - measures.end)
  const events: PlacedEvent[] = []
  const messages: PlacedMessage[] = []
  const days: Layout['days'] = []
  columns.forEach((column, n) => {
    const x = xs[n] as number
    if (column.event) {
      const before = events.at(-1)?.event
      if (before === undefined || !input.sameDay(before.at, column.event.at)) days.push({ x, at: column.event.at })
      events.push({ event: column.event, x, y: laneY[column.event.lane] as number, room: 0 })
    }
    const beside = [
      ...column.causes.map((message, k) => ({ message, offset: (k - column.causes.length + 0.5) * BESIDE })),
      ...column.messages.map((message, k) => ({ message, offset: (column.event ? k + 0.5 : k) * BESIDE })),
    ]
    beside.forEach(({ message, offset }) => {
      messages.push({
        message,
        x: x + offset,
        y1: laneY[message.fromLane] as number,
        y2: laneY[message.toLane] as number,
      })
    })
  })
  for (const placed of events) placed.room = roomOf(placed, events, messages, lineStart, width)
  return {
    width,
    height,
    laneY,
    ...blocksOf(lanes, laneY, height),
    events,
    messages,
    days,
    nowX: withNow ? xs.at(-1) : undefined,
    lineStart,
    lineEnd,
  }
}

function roomOf(placed: PlacedEvent, events: PlacedEvent[], messages: PlacedMessage[], start: number, width: number) {
  const neighbours = events.filter((other) => other !== placed && other.y === placed.y).map((other) => other.x)
  const crossing = messages
    .filter((line) => Math.min(line.y1, line.y2) <= placed.y && Math.max(line.y1, line.y2) > placed.y)
    .filter((line) => Math.abs(line.x - placed.x) > BESIDE * 3)
    .map((line) => line.x)
  const half = [...neighbours.map((x) => Math.abs(x - placed.x) / 2), ...crossing.map((x) => Math.abs(x - placed.x))]
  return 2 * Math.min(...half, placed.x - start + 30, width - placed.x)
}

const longest = (pair: readonly [string, string]) => Math.max(pair[0].length, pair[1].length)

/** Breaks a label into at most two lines of about `room` pixels; `undefined` when it does not fit. */
export function labelLines(text: string, room: number, perLetter = 6.3): string[] | undefined {
  const most = Math.floor(room / perLetter)
  if (text.length <= most && text.length <= 10) return [text]
  const words = text.split(' ')
  const cuts = words.map((_, n) => [words.slice(0, n).join(' '), words.slice(n).join(' ')] as const).slice(1)
  const [best] = cuts.toSorted((a, b) => longest(a) - longest(b))
  if (best && longest(best) <= most) return [...best]
  return text.length <= most ? [text] : undefined
}
