/** What goes and what comes between two texts, line by line: for people who look at a change before it is made. Pure. */

/** A line that stays, goes or comes. */
export interface DifferenceLine {
  sign: ' ' | '-' | '+'
  line: string
}

/**
 * The lines that both texts have once are what holds them together ("patience diff"); between two of these the same beginning and end
 * stay, and the rest goes and comes. Not always the shortest difference, but a right one, and of a list of a hundred thousand offices
 * as well: time grows with the number of lines (and its logarithm), not with its square.
 */
export function lineDifference(before: readonly string[], after: readonly string[]): DifferenceLine[] {
  const lines: DifferenceLine[] = []
  let [i, j] = [0, 0]
  for (const [atBefore, atAfter] of [...anchors(before, after), [before.length, after.length] as const]) {
    between(before.slice(i, atBefore), after.slice(j, atAfter), lines)
    if (atBefore < before.length) lines.push({ sign: ' ', line: before[atBefore]! })
    i = atBefore + 1
    j = atAfter + 1
  }
  return lines
}

/** Where a line is that both have once, in the order of both. */
function anchors(before: readonly string[], after: readonly string[]): (readonly [number, number])[] {
  const [ofBefore, ofAfter] = [once(before), once(after)]
  const pairs = [...ofBefore].flatMap(([line, at]) => {
    const other = ofAfter.get(line)
    return other === undefined ? [] : [[at, other] as const]
  })
  return longestRising(pairs.toSorted(([one], [other]) => one - other))
}

/** Lines that are there once, with their places. */
function once(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>()
  for (const [at, line] of lines.entries()) places.set(line, places.has(line) ? -1 : at)
  return new Map([...places].filter(([, at]) => at >= 0))
}

/** The most pairs whose second numbers rise; the first ones do already. */
function longestRising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  // Of each length the pair with the smallest second number that ends a rise so long, and what stands before each pair in it.
  const ends: number[] = []
  const earlier: number[] = []
  for (const [at, [, second]] of pairs.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (pairs[ends[middle]!]![1] < second) low = middle + 1
      else high = middle
    }
    earlier.push(low === 0 ? -1 : ends[low - 1]!)
    ends[low] = at
  }
  const found: (readonly [number, number])[] = []
  for (let at = ends.at(-1) ?? -1; at >= 0; at = earlier[at]!) found.push(pairs[at]!)
  return found.toReversed()
}

function between(before: readonly string[], after: readonly string[], lines: DifferenceLine[]): void {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  for (const line of before.slice(0, start)) lines.push({ sign: ' ', line })
  for (const line of before.slice(start, before.length - end)) lines.push({ sign: '-', line })
  for (const line of after.slice(start, after.length - end)) lines.push({ sign: '+', line })
  for (const line of before.slice(before.length - end)) lines.push({ sign: ' ', line })
}
