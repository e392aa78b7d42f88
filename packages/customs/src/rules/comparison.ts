/** Consequences that compare values with those of other fields; their words are listed in consequence.ts. */
import { addAmounts } from '../values/amount.ts'
import { textOf as plainText, type Frame } from './frame.ts'
import type { Path } from './path.ts'
import { compareNumbers, readOperand, readPath, type Operand, type Uses } from './terms.ts'
import { eachWrong, holds, wrong, type Consequence, type Violation } from './violation.ts'

/** The consequence of a comparing word, or undefined when the word is none. */
export function comparison(verb: string, operand: Operand, words: string[], uses: Uses): Consequence | undefined {
  const { path, textOf } = operand
  switch (verb) {
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
      return (at, run) => {
        const frames = path.select(at, run)
        if (frames.length === 0) return holds
        const count = String(other.select(at, run).length)
        return eachWrong(
          frames,
          (frame) => compareNumbers(textOf(frame), count) === 0,
          () => count,
        )
      }
    }
    case 'after':
    case 'starts-with':
    case 'differs-from':
    case 'same-as':
    case 'within':
    case 'includes-country-of': {
      const other = readOperand(words, uses)
      return (at, run) => {
        const frames = path.select(at, run)
        if (frames.length === 0) return holds
        return texts(verb, frames, textOf, new Set(other.path.select(at, run).map(other.textOf)))
      }
    }
    default:
      return undefined
  }
}

function texts(
  verb: string,
  frames: readonly Frame[],
  textOf: (frame: Frame) => string,
  others: ReadonlySet<string>,
): readonly Violation[] {
  if (others.size === 0 && verb !== 'within') return holds
  const list = [...others]
  const named = list.join(', ')
  switch (verb) {
    case 'includes-country-of': {
      const countries = list.map((text) => text.slice(0, 2))
      return frames.some((frame) => countries.includes(textOf(frame).slice(0, 2)))
        ? holds
        : [wrong(frames[0]!, `at least one in ${countries.join(', ')}`)]
    }
    case 'after':
      return eachWrong(
        frames,
        (frame) => list.every((text) => textOf(frame) > text),
        () => `after ${named}`,
      )
    case 'differs-from':
      return eachWrong(
        frames,
        (frame) => !others.has(textOf(frame)),
        () => `not ${named}`,
      )
    case 'same-as':
    case 'within':
      return eachWrong(
        frames,
        (frame) => others.has(textOf(frame)),
        () => (named === '' ? 'nothing' : named),
      )
    default:
      return eachWrong(
        frames,
        (frame) => list.some((text) => textOf(frame).startsWith(text)),
        () => `begins with ${named}`,
      )
  }
}

function numbers(
  { path, textOf }: Operand,
  other: Path,
  isRight: (own: string, bound: string) => boolean,
  allowed: string,
): Consequence {
  return (at, run) => {
    const frames = path.select(at, run)
    if (frames.length === 0) return holds
    const bounds = other
      .select(at, run)
      .map(plainText)
      .filter((text) => compareNumbers(text, '0') !== undefined)
    if (bounds.length === 0) return holds
    const bound = bounds.reduce(addAmounts)
    return eachWrong(
      frames,
      (frame) => isRight(textOf(frame), bound),
      () => `${allowed} (${bound})`,
    )
  }
}
