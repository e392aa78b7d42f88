/** One line of a difference between two documents: what stood there, or what stands there instead. */
export interface DifferenceLine {
  sign: '-' | '+'
  /** Number of the line in its document, as it is broken here. */
  line: number
  text: string
}

/** More of a document than this is not compared line by line. */
const mostCompared = 2_000

/**
 * What is other in one document than in another, line by line. A document on one line is broken before each tag, so that a person sees
 * the element. What differs in more than two thousand lines is shown as all of the old and all of the new.
 */
export function differenceOf(before: string, after: string): DifferenceLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)]
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++
  let end = 0
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end++
  const [removed, added] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)]
  const isShort = removed.length <= mostCompared && added.length <= mostCompared
  const kept = isShort ? common(removed, added) : []
  return merged(removed, added, kept, start)
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  return lines.flatMap((line) => line.split(/(?<=>)(?=<)/)).map((line) => line.trim())
}

/** The longest common subsequence, as pairs of places. */
function common(one: readonly string[], other: readonly string[]): [number, number][] {
  const width = other.length + 1
  const lengths = new Uint16Array((one.length + 1) * width)
  for (let a = one.length - 1; a >= 0; a--)
    for (let b = other.length - 1; b >= 0; b--)
      lengths[a * width + b] =
        one[a] === other[b]
          ? (lengths[(a + 1) * width + b + 1] ?? 0) + 1
          : Math.max(lengths[(a + 1) * width + b] ?? 0, lengths[a * width + b + 1] ?? 0)
  const pairs: [number, number][] = []
  for (let a = 0, b = 0; a < one.length && b < other.length;) {
    if (one[a] === other[b]) pairs.push([a++, b++])
    else if ((lengths[(a + 1) * width + b] ?? 0) >= (lengths[a * width + b + 1] ?? 0)) a++
    else b++
  }
  return pairs
}

function merged(
  removed: readonly string[],
  added: readonly string[],
  kept: readonly [number, number][],
  start: number,
): DifferenceLine[] {
  const lines: DifferenceLine[] = []
  let [a, b] = [0, 0]
  for (const [nextA, nextB] of [...kept, [removed.length, added.length] as const]) {
    for (; a < nextA; a++) lines.push({ sign: '-', line: start + a + 1, text: removed[a] ?? '' })
    for (; b < nextB; b++) lines.push({ sign: '+', line: start + b + 1, text: added[b] ?? '' })
    a++
    b++
  }
  return lines
}
