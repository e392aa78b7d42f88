import { type Chart, hubsOf, type Shape } from './chart.ts'
import { orderOnRing } from './ring.ts'
import { englishWords, type MapWords, wordFor } from './words.ts'

export interface Point {
  x: number
  y: number
}

/** A box of the picture; `x` and `y` are its middle. */
export interface Box extends Point {
  id: string
  shape: Shape
  width: number
  height: number
  /** Its name, in lines that fit. */
  lines: string[]
  /** What stands under it: the country and whether it has a national system, or what it is. */
  note: string
}

/** A stroke between two boxes, which lie over its ends. */
export interface Stroke {
  kind: string
  from: Point
  to: Point
  /** The control point of a stroke that passes a hub. */
  bend: Point | null
}

/** Where everything is, in units of the picture. */
export interface Layout {
  width: number
  height: number
  boxes: Box[]
  strokes: Stroke[]
  /** The kinds of links that there are, in the order of the file. */
  kinds: string[]
}

const margin = 24
/** Wide enough for a letter in the widest of the usual fonts: of names, and of what is smaller. */
const nameLetter = 10
const noteLetter = 8
/** Before the words of the legend, and behind them. */
export const legendMargin = { start: 86, end: 24 }
const lineHeight = 20
/** Half the axes of the ring on which the members stand; two stand farther apart when something stands between them. */
const near = { x: 165, y: 0 }
const far = { x: 235, y: 0 }
const ring = { x: 250, y: 165 }
/** How far from the middle of a hub a forwarded message's stroke passes it: it disappears under its box, and comes out again. */
const pastHub = 8

/**
 * Places the boxes of a corridor: members on a ring, neighbours beside each other; what all pass in the middle; a place of two nodes
 * between them. The same corridor has the same picture.
 */
export function layoutOf(chart: Chart, words: MapWords = englishWords): Layout {
  const hubs = hubsOf(chart)
  const members = chart.nodes.filter(({ id }) => !hubs.has(id))
  const direct = chart.links.filter(({ at }) => at === null).map(({ between }) => between)
  const ordered = orderOnRing(
    members.map(({ id }) => id),
    direct,
  )
  const isAlone = hubs.size + chart.places.length === 0
  const spots = new Map(ordered.map((id, at) => [id, spotOf(at, ordered.length, isAlone)]))
  placeBetween(chart, hubs, spots)
  const boxes = [
    ...chart.nodes.map(({ id, name, country, nationalSystem }) =>
      hubs.has(id)
        ? boxOf({ id, shape: 'hub', name, note: words.hub }, spots)
        : boxOf({ id, shape: 'node', name, note: nationalSystem ? `${country} · ${words.national}` : country }, spots),
    ),
    ...chart.places.map(({ id, kind, name }) =>
      boxOf({ id, shape: kind, name, note: wordFor(words.places, kind) }, spots),
    ),
  ]
  const kinds = [...new Set(chart.links.map(({ kind }) => kind))]
  const legend = Math.max(0, ...kinds.map((kind) => [...wordFor(words.links, kind)].length)) * noteLetter
  const leastWidth = legendMargin.start + legend + legendMargin.end
  return framed(boxes, strokesOf(chart, hubs, spots), kinds, leastWidth)
}

/** Two stand left and right; more from the top on, clockwise. */
function spotOf(at: number, count: number, isAlone: boolean): Point {
  if (count === 1) return { x: 0, y: 0 }
  const [axes, first] = count === 2 ? [isAlone ? near : far, Math.PI] : [ring, -Math.PI / 2]
  const angle = first + (at * 2 * Math.PI) / count
  // Many need a longer ring, so that each has its room on it.
  const scale = Math.max(1, count / 5)
  return { x: axes.x * scale * Math.cos(angle), y: axes.y * scale * Math.sin(angle) }
}

/** Hubs, and places that several links pass, stand in the middle, one under the other; a place of one link between its nodes. */
function placeBetween(chart: Chart, hubs: ReadonlySet<string>, spots: Map<string, Point>): void {
  const middle: string[] = [...hubs]
  for (const { id } of chart.places) {
    const passing = chart.links.filter(({ at }) => at === id)
    const [one, other] = (passing[0]?.between ?? []).map((node) => spots.get(node))
    if (passing.length === 1 && one !== undefined && other !== undefined) spots.set(id, between(one, other))
    else middle.push(id)
  }
  for (const [at, id] of middle.entries()) spots.set(id, { x: 0, y: (at - (middle.length - 1) / 2) * 90 })
}

const between = (one: Point, other: Point): Point => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 })

function boxOf(
  { id, shape, name, note }: Pick<Box, 'id' | 'shape' | 'note'> & { name: string },
  spots: ReadonlyMap<string, Point>,
): Box {
  const lines = inLines(name)
  const longest = Math.max(...lines.map((line) => [...line].length * nameLetter), [...note].length * noteLetter)
  return {
    id,
    shape,
    ...(spots.get(id) ?? { x: 0, y: 0 }),
    width: Math.max(120, longest + 32),
    height: (lines.length + 1) * lineHeight + 22,
    lines,
    note,
  }
}

/** A long name in two lines, broken at the space that is nearest to its middle. */
function inLines(name: string): string[] {
  if ([...name].length <= 20) return [name]
  const spaces = [...name.matchAll(/ /g)].map(({ index }) => index)
  const [at] = spaces.toSorted((one, other) => Math.abs(one - name.length / 2) - Math.abs(other - name.length / 2))
  return at === undefined ? [name] : [name.slice(0, at), name.slice(at + 1)]
}

function strokesOf(chart: Chart, hubs: ReadonlySet<string>, spots: ReadonlyMap<string, Point>): Stroke[] {
  const drawn = new Set<string>()
  return chart.links.flatMap(({ between: [one, other], kind, at }): Stroke[] => {
    const [from, to, by] = [spots.get(one), spots.get(other), at === null ? undefined : spots.get(at)]
    if (from === undefined || to === undefined) return []
    if (by === undefined || at === null) return [{ kind, from, to, bend: null }]
    if (hubs.has(at)) return [{ kind, from, to, bend: bentPast(by, from, to) }]
    // Each side reaches the place alone, and once: however many links of it pass there.
    return [
      { end: one, from },
      { end: other, from: to },
    ].flatMap(({ end, from: spot }) => {
      const key = `${end} ${at}`
      if (drawn.has(key)) return []
      drawn.add(key)
      return [{ kind, from: spot, to: by, bend: null }]
    })
  })
}

/** The control point of the curve whose middle is just beside a hub, on the side of its ends. */
function bentPast(hub: Point, from: Point, to: Point): Point {
  const straight = between(from, to)
  const [dx, dy] = [straight.x - hub.x, straight.y - hub.y]
  const far = Math.hypot(dx, dy) || 1
  const by = { x: hub.x + (dx / far) * pastHub, y: hub.y + (dy / far) * pastHub }
  return { x: 2 * by.x - straight.x, y: 2 * by.y - straight.y }
}

/** Everything moved so that the picture begins at zero with a margin. */
function framed(boxes: Box[], strokes: Stroke[], kinds: string[], leastWidth: number): Layout {
  let left = Math.min(...boxes.map(({ x, width }) => x - width / 2)) - margin
  const top = Math.min(...boxes.map(({ y, height }) => y - height / 2)) - margin
  const right = Math.max(...boxes.map(({ x, width }) => x + width / 2)) + margin
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height / 2)) + margin
  const moved = <Moved extends Point>(point: Moved): Moved => ({
    ...point,
    x: rounded(point.x - left),
    y: rounded(point.y - top),
  })
  const width = Math.max(Math.ceil(right - left), leastWidth)
  left -= (width - (right - left)) / 2
  return {
    width,
    height: Math.ceil(bottom - top),
    boxes: boxes.map(moved),
    strokes: strokes.map(({ kind, from, to, bend }) => ({
      kind,
      from: moved(from),
      to: moved(to),
      bend: bend === null ? null : moved(bend),
    })),
    kinds,
  }
}

/** Tenths: the last digits of a sine are not the same on every machine. */
const rounded = (value: number): number => Math.round(value * 10) / 10
