/** Consequences about values by themselves; their words are listed in consequence.ts. */
import { CustomsFault } from '../faults.ts'
import { isArc } from '../values/arc.ts'
import { isGrn } from '../values/grn.ts'
import { isMrn } from '../values/mrn.ts'
import { isTin } from '../values/references.ts'
import { isTirCarnet } from '../values/tir-carnet.ts'
import { isExportMrn, isFlightNumber } from './forms.ts'
import type { Run } from './facts.ts'
import type { Frame } from './frame.ts'
import { compareNumbers, readSet, type Operand, type Uses } from './terms.ts'
import { eachWrong, holds, missing, wrong, type Consequence } from './violation.ts'

/** Forms that `is` knows, and what a finding says is wanted. */
const forms: Readonly<Record<string, readonly [test: (text: string) => boolean, wanted: string]>> = {
  mrn: [isMrn, 'MRN with its check digit'],
  grn: [isGrn, 'GRN with its check digit'],
  'export-mrn': [isExportMrn, 'MRN of an export declaration (A, B or E as 17th character) with its check digit'],
  'tir-carnet': [isTirCarnet, 'number of a TIR carnet'],
  tin: [isTin, 'country and up to 15 printable characters without spaces'],
  arc: [isArc, 'ARC of an excise movement with its check digit'],
  'flight-number': [isFlightNumber, 'up to 3 characters for the airline, up to 4 digits, at most one letter'],
}

/** The consequence of a word about each value, or undefined when the word is none. */
export function values(verb: string, operand: Operand, words: string[], uses: Uses): Consequence | undefined {
  const { path, textOf } = operand
  const each =
    (isRight: (text: string, run: Run, at: Frame) => boolean, allowed: string | ((run: Run) => string)): Consequence =>
    (at, run) =>
      eachWrong(
        path.select(at, run),
        (frame) => isRight(textOf(frame), run, at),
        () => (typeof allowed === 'string' ? allowed : allowed(run)),
      )
  switch (verb) {
    case '=': {
      const wanted = words.shift() ?? ''
      return each((text) => text === wanted, wanted)
    }
    case 'in': {
      const set = readSet(words, uses)
      return each(set.has, set.allowed)
    }
    case 'not-in': {
      const set = readSet(words, uses)
      return each(
        (text, run, at) => !set.has(text, run, at),
        (run) => `none of ${set.allowed(run)}`,
      )
    }
    case 'length': {
      const length = Number(words.shift())
      return each((text) => text.length === length, `${length} characters`)
    }
    case 'upper-case':
      return each((text) => !/\p{Ll}/u.test(text), 'no lower case letters')
    case 'is': {
      const form = forms[words.shift() ?? '']
      if (!form) throw new CustomsFault('rule-syntax', 'there is no such form')
      return each(...form)
    }
    case '>':
    case 'number=':
    case 'number!=':
      return number(verb, words.shift() ?? '', each)
    default:
      return undefined
  }
}

function number(
  verb: '>' | 'number=' | 'number!=',
  bound: string,
  each: (isRight: (text: string) => boolean, allowed: string) => Consequence,
): Consequence {
  // What is no number at all is another rule's matter, so it is not wrong here.
  const compared = (text: string): number | undefined => compareNumbers(text, bound)
  if (verb === 'number=') return each((text) => (compared(text) ?? 0) === 0, bound)
  if (verb === 'number!=') return each((text) => compared(text) !== 0, `not ${bound}`)
  return each((text) => (compared(text) ?? 1) === 1, `more than ${bound}`)
}

/** The consequence of a word about some of the values, or undefined when the word is none. */
export function among(verb: string, { path, textOf }: Operand, words: string[], uses: Uses): Consequence | undefined {
  switch (verb) {
    case 'rest-in': {
      const set = readSet(words, uses)
      return (at, run) =>
        eachWrong(
          path.select(at, run).slice(1),
          (frame) => set.has(textOf(frame), run, at),
          () => set.allowed(run),
        )
    }
    case 'includes':
    case 'some-in':
    case 'first-in': {
      const set = readSet(words, uses)
      return (at, run) => {
        const frames = path.select(at, run)
        const [first] = frames
        if (!first) return verb === 'some-in' ? [missing(path.gap(at, run))] : holds
        const looked = verb === 'first-in' ? [first] : frames
        return looked.some((frame) => set.has(textOf(frame), run, at)) ? holds : [wrong(first, set.allowed(run))]
      }
    }
    case 'some>': {
      const bound = words.shift() ?? ''
      return (at, run) => {
        const frames = path.select(at, run)
        const [first] = frames
        if (!first) return [missing(path.gap(at, run))]
        return frames.some((frame) => compareNumbers(textOf(frame), bound) === 1)
          ? holds
          : [wrong(first, `at least one more than ${bound}`)]
      }
    }
    default:
      return undefined
  }
}
