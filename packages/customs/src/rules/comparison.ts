/** Consequences that compare occurrences with each other or with other fields; their words are listed in consequence.ts. */
import { addAmounts } from '../values/amount.ts'
import type { Frame, Path } from './path.ts'
import { compareNumbers, readOperand, readPath, type Operand, type Uses } from './terms.ts'
import { wrong, type Consequence, type Violation } from './violation.ts'

/** The consequence of a comparing word, or undefined when the word is none. */
export function comparison(verb: string, operand: Operand, words: string[], uses: Uses): Consequence | undefined {
  const { path, textOf } = operand
  switch (verb) {
    case 'unique':
    case 'sequential':
    case 'sequential-throughout':
      return numbering(verb, path)
    case 'times<=': {
      const most = Number(words.shift())
      return (at) =>
        path
          .groups(at)
          .flatMap((group) => path.inGroup(group).slice(most))
          .map((frame) => ({ ...wrong(frame, `at most ${most} times`), remedy: `Remove this ${path.name}.` }))
    }
    case '<=': {
      const other = readPath(words, uses)
      return numbers(operand, other, (own, bound) => compareNumbers(own, bound) !== 1, `not more than ${other.name}`)
    }
    case '>=': {
      if (words.shift() !== 'sum') return undefined
      const other = readPath(words, uses)
      return numbers(
        operand,
        other,
        (own, sum) => compareNumbers(own, sum) !== -1,
        `not less than the sum of ${other.name}`,
      )
    }
    case 'equals-count': {
      const other = readPath(words, uses)
      return (at) => {
        const count = String(other.select(at).length)
        return path
          .select(at)
          .filter((frame) => compareNumbers(textOf(frame), count) !== 0)
          .map((frame) => wrong(frame, count))
      }
    }
    case 'after':
    case 'starts-with':
    case 'differs-from':
    case 'includes-country-of': {
      const other = readOperand(words, uses)
      return (at) => texts(verb, path.select(at), textOf, new Set(other.path.select(at).map(other.textOf)))
    }
    default:
      return undefined
  }
}

function texts(
  verb: string,
  frames: Frame[],
  textOf: (frame: Frame) => string,
  others: ReadonlySet<string>,
): Violation[] {
  if (others.size === 0) return []
  const list = [...others]
  if (verb === 'includes-country-of') {
    const countries = list.map((text) => text.slice(0, 2))
    const isOne = (frame: Frame): boolean => countries.includes(textOf(frame).slice(0, 2))
    return frames.length === 0 || frames.some(isOne)
      ? []
      : [wrong(frames[0]!, `at least one in ${countries.join(', ')}`)]
  }
  if (verb === 'after')
    return frames
      .filter((frame) => list.some((text) => textOf(frame) <= text))
      .map((frame) => wrong(frame, `after ${list.join(', ')}`))
  if (verb === 'differs-from')
    return frames.filter((frame) => others.has(textOf(frame))).map((frame) => wrong(frame, `not ${list.join(', ')}`))
  return frames
    .filter((frame) => !list.some((text) => textOf(frame).startsWith(text)))
    .map((frame) => wrong(frame, `begins with ${list.join(', ')}`))
}

function numbers(
  { path, textOf }: Operand,
  other: Path,
  holds: (own: string, bound: string) => boolean,
  allowed: string,
): Consequence {
  return (at) => {
    const bounds = other
      .select(at)
      .flatMap(({ value: text }) => (typeof text === 'string' && compareNumbers(text, '0') !== undefined ? [text] : []))
    if (bounds.length === 0) return []
    const bound = bounds.reduce(addAmounts)
    return path
      .select(at)
      .filter((frame) => !holds(textOf(frame), bound))
      .map((frame) => wrong(frame, `${allowed} (${bound})`))
  }
}

function numbering(verb: 'unique' | 'sequential' | 'sequential-throughout', path: Path): Consequence {
  return (at) => {
    const seen = new Set<string>()
    return path.select(at).flatMap((frame, position) => {
      const text = typeof frame.value === 'string' ? frame.value : ''
      const number = verb === 'sequential' ? (frame.parent?.place.index ?? 0) : position + 1
      const holds = verb === 'unique' ? !seen.has(text) : number === 0 || text === String(number)
      seen.add(text)
      return holds ? [] : [wrong(frame, verb === 'unique' ? 'each value once' : String(number))]
    })
  }
}
