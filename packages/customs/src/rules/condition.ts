/**
 * The `when` of a rule. Clauses are joined by `and`, which binds tighter, and `or`:
 *
 * | clause | true when |
 * |---|---|
 * | `PATH present`, `PATH absent` | the element occurs, does not occur |
 * | `PATH = A`, `PATH in SET` | some occurrence has such a value |
 * | `PATH != A`, `PATH not-in SET` | no occurrence has such a value |
 * | `PATH outside SET` | some occurrence has another value |
 * | `PATH > 0` | some occurrence is a greater number |
 * | `PATH once` | there is exactly one occurrence |
 * | `PATH same-as PATH` | some occurrence of the one equals some of the other |
 *
 * Sets, and what may stand before a path, are in terms.ts.
 */
import { CustomsFault } from '../faults.ts'
import type { Run } from './facts.ts'
import type { Frame } from './frame.ts'
import { compareNumbers, readOperand, readSet, wordsOf, type Operand, type Uses } from './terms.ts'

export type Condition = (at: Frame, run: Run) => boolean

/** Compiles a condition; an empty one is always true. Throws `rule-syntax`. */
export function compileCondition(expression: string, uses: Uses): Condition {
  if (expression.trim() === '') return () => true
  const alternatives = expression.split(/\s+or\s+/).map((part) => {
    const clauses = part.split(/\s+and\s+/).map((clause) => compileClause(clause, uses))
    return clauses.length === 1
      ? clauses[0]!
      : (at: Frame, run: Run): boolean => clauses.every((clause) => clause(at, run))
  })
  return alternatives.length === 1
    ? alternatives[0]!
    : (at, run) => alternatives.some((alternative) => alternative(at, run))
}

function compileClause(clause: string, uses: Uses): Condition {
  const words = wordsOf(clause)
  const operand = readOperand(words, uses)
  const made = compileVerb(words.shift() ?? '', operand, words, uses)
  if (!made || words.length > 0) throw new CustomsFault('rule-syntax', `cannot read the condition: ${clause}`)
  return made
}

function compileVerb(verb: string, { path, textOf }: Operand, words: string[], uses: Uses): Condition | undefined {
  const some =
    (test: (text: string, run: Run, at: Frame) => boolean): Condition =>
    (at, run) => {
      for (const frame of path.select(at, run)) if (test(textOf(frame), run, at)) return true
      return false
    }
  const not =
    (condition: Condition): Condition =>
    (at, run) =>
      !condition(at, run)
  switch (verb) {
    case 'present':
      return (at, run) => path.select(at, run).length > 0
    case 'absent':
      return (at, run) => path.select(at, run).length === 0
    case 'once':
      return (at, run) => path.select(at, run).length === 1
    case '=':
    case '!=': {
      const value = words.shift()
      const equal = some((text) => text === value)
      return verb === '=' ? equal : not(equal)
    }
    case 'in':
    case 'not-in':
    case 'outside': {
      const set = readSet(words, uses)
      if (verb === 'outside') return some((text, run, at) => !set.has(text, run, at))
      const inside = some((text, run, at) => set.has(text, run, at))
      return verb === 'in' ? inside : not(inside)
    }
    case '>': {
      const bound = words.shift() ?? ''
      return some((text) => compareNumbers(text, bound) === 1)
    }
    case 'same-as': {
      const other = readOperand(words, uses)
      return (at, run) => {
        const texts = new Set(other.path.select(at, run).map(other.textOf))
        return path.select(at, run).some((frame) => texts.has(textOf(frame)))
      }
    }
    default:
      return undefined
  }
}
