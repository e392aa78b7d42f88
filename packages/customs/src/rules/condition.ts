/**
 * The `when` of a rule. Clauses are joined by `and`, which binds tighter, and `or`:
 *
 * | clause | true when |
 * |---|---|
 * | `PATH present`, `PATH absent` | the element occurs, does not occur |
 * | `PATH = A`, `PATH in {A B}`, `PATH in CL076` | some occurrence has such a value |
 * | `PATH != A`, `PATH not-in CL076` | no occurrence has such a value |
 * | `PATH outside CL147` | some occurrence has another value |
 * | `PATH > 0` | some occurrence is a greater number |
 * | `PATH once` | there is exactly one occurrence |
 * | `PATH same-as PATH` | some occurrence of the one equals some of the other |
 *
 * Before a path, `country of` takes the first two characters.
 */
import { CustomsFault } from '../faults.ts'
import type { Frame } from './path.ts'
import { compareNumbers, readOperand, readSet, wordsOf, type Env, type Uses } from './terms.ts'

export type Condition = (at: Frame, env: Env) => boolean

/** Compiles a condition; an empty one is always true. Throws `rule-syntax`. */
export function compileCondition(expression: string, uses: Uses): Condition {
  if (expression.trim() === '') return () => true
  const alternatives = expression
    .split(/\s+or\s+/)
    .map((part) => part.split(/\s+and\s+/).map((clause) => compileClause(clause, uses)))
  return (at, env) => alternatives.some((clauses) => clauses.every((clause) => clause(at, env)))
}

function compileClause(clause: string, uses: Uses): Condition {
  const words = wordsOf(clause)
  const { path, textOf } = readOperand(words, uses)
  const verb = words.shift()
  const some =
    (test: (text: string, env: Env) => boolean): Condition =>
    (at, env) =>
      path.select(at).some((frame) => test(textOf(frame), env))
  const none =
    (test: (text: string, env: Env) => boolean): Condition =>
    (at, env) =>
      !path.select(at).some((frame) => test(textOf(frame), env))
  switch (verb) {
    case 'present':
      return (at) => path.select(at).length > 0
    case 'absent':
      return (at) => path.select(at).length === 0
    case 'once':
      return (at) => path.select(at).length === 1
    case '=':
    case '!=': {
      const value = words.shift()
      return verb === '=' ? some((text) => text === value) : none((text) => text === value)
    }
    case 'in':
    case 'not-in':
    case 'outside': {
      const set = readSet(words.shift(), uses)
      if (verb === 'outside') return some((text, env) => !set.has(text, env))
      return verb === 'in' ? some((text, env) => set.has(text, env)) : none((text, env) => set.has(text, env))
    }
    case '>': {
      const bound = words.shift() ?? ''
      return some((text) => compareNumbers(text, bound) === 1)
    }
    case 'same-as': {
      const other = readOperand(words, uses)
      return (at) => {
        const texts = new Set(other.path.select(at).map(other.textOf))
        return path.select(at).some((frame) => texts.has(textOf(frame)))
      }
    }
    default:
      throw new CustomsFault('rule-syntax', `unknown word ${verb} in: ${clause}`)
  }
}
