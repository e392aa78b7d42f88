/**
 * The `then` of a rule; several are joined by `;`:
 *
 * | clause | holds when |
 * |---|---|
 * | `PATH required`, `PATH forbidden`, `PATH optional` | it occurs in each group that could have it, nowhere, either |
 * | `PATH at-least-one` | it occurs in at least one of the groups that could have it |
 * | `PATH = A`, `PATH in SET`, `PATH not-in SET` | each occurrence has such a value |
 * | `PATH includes SET` | at least one occurrence has such a value |
 * | `PATH includes-country-of PATH` | at least one occurrence begins with the same two characters as the other |
 * | `PATH first-in SET`, `PATH rest-in SET` | the first occurrence, each of the others has such a value |
 * | `PATH starts-with PATH` | each occurrence begins with the value of the other |
 * | `PATH differs-from PATH` | no occurrence equals one of the other |
 * | `PATH length 17`, `PATH check-digit mrn`, `PATH upper-case` | each occurrence is so |
 * | `PATH format n..11,3` | each occurrence has that format (notation of format.ts, without named formats) |
 * | `PATH at-most-once {N830}` | at most one occurrence has such a value |
 * | `PATH together<= 99 PATH PATH` | all these paths have at most so many occurrences in sum |
 * | `PATH unique` | no value twice |
 * | `PATH sequential`, `PATH sequential-throughout` | 1, 2, 3 … as the groups that have it repeat; over all of them |
 * | `PATH times<= 1` | not more occurrences in each group |
 * | `PATH > 0` | each occurrence is a greater number |
 * | `PATH >= sum PATH`, `PATH <= PATH` | numbers compare so; without the other there is nothing to compare |
 * | `PATH equals-count PATH` | each occurrence is the number of occurrences of the other |
 * | `PATH after PATH` | each occurrence is a later date and time |
 *
 * Before a path, `country of` takes the first two characters.
 */
import { CustomsFault } from '../faults.ts'
import { functionalErrorCode } from '../finding.ts'
import { isGrn } from '../values/grn.ts'
import { isMrn } from '../values/mrn.ts'
import { comparison } from './comparison.ts'
import { shape } from './shape.ts'
import { compareNumbers, readOperand, readSet, wordsOf, type Env, type Operand, type Uses } from './terms.ts'
import { valueOf, wrong, type Consequence } from './violation.ts'

/** Compiles the consequences of a rule's branch. Throws `rule-syntax`. */
export function compileConsequences(expression: string, uses: Uses): Consequence {
  const all = expression.split(/\s*;\s*/).map((clause) => compileClause(clause, uses))
  return (at, env) => all.flatMap((consequence) => consequence(at, env))
}

function compileClause(clause: string, uses: Uses): Consequence {
  const words = wordsOf(clause)
  const operand = readOperand(words, uses)
  const verb = words.shift() ?? ''
  const made =
    occurrence(verb, operand) ??
    value(verb, operand, words, uses) ??
    among(verb, operand, words, uses) ??
    shape(verb, operand, words, uses) ??
    comparison(verb, operand, words, uses)
  if (!made || words.length > 0) throw new CustomsFault('rule-syntax', `cannot read: ${clause}`)
  return made
}

function occurrence(verb: string, { path }: Operand): Consequence | undefined {
  const name = path.name
  if (verb === 'optional') return () => []
  if (verb === 'required') {
    return (at) =>
      path
        .groups(at)
        .filter((group) => typeof group.value !== 'string' && isMissing(group.value[name]))
        .map(({ place }) => ({
          kind: 'condition',
          code: functionalErrorCode.missing,
          place: { parent: place, name, index: 0 },
          remedy: `Add ${name}.`,
        }))
  }
  if (verb === 'at-least-one') {
    return (at) => {
      if (path.select(at).length > 0) return []
      const place = { parent: (path.groups(at)[0] ?? at).place, name, index: 0 }
      return [{ kind: 'condition', code: functionalErrorCode.missing, place, remedy: `Add ${name} at least once.` }]
    }
  }
  if (verb === 'forbidden') {
    return (at) =>
      path.select(at).map((frame) => ({
        kind: 'condition',
        code: functionalErrorCode.notAllowed,
        place: frame.place,
        ...valueOf(frame),
        remedy: `Remove ${name}.`,
      }))
  }
  return undefined
}

function value(verb: string, { path, textOf }: Operand, words: string[], uses: Uses): Consequence | undefined {
  const each =
    (holds: (text: string, env: Env) => boolean, allowed: (env: Env) => string): Consequence =>
    (at, env) =>
      path
        .select(at)
        .filter((frame) => !holds(textOf(frame), env))
        .map((frame) => wrong(frame, allowed(env)))
  switch (verb) {
    case '=': {
      const wanted = words.shift() ?? ''
      return each(
        (text) => text === wanted,
        () => wanted,
      )
    }
    case 'in': {
      const set = readSet(words.shift(), uses)
      return each((text, env) => set.has(text, env), set.allowed)
    }
    case 'not-in': {
      const set = readSet(words.shift(), uses)
      return each(
        (text, env) => !set.has(text, env),
        (env) => `none of ${set.allowed(env)}`,
      )
    }
    case 'length': {
      const length = Number(words.shift())
      return each(
        (text) => text.length === length,
        () => `${length} characters`,
      )
    }
    case 'upper-case':
      return each(
        (text) => !/\p{Ll}/u.test(text),
        () => 'no lower case letters',
      )
    case '>': {
      const bound = words.shift() ?? ''
      return each(
        (text) => compareNumbers(text, bound) !== -1 && compareNumbers(text, bound) !== 0,
        () => `more than ${bound}`,
      )
    }
    case 'check-digit': {
      const kind = words.shift()
      const holds = kind === 'mrn' ? isMrn : kind === 'grn' ? isGrn : undefined
      return holds && each(holds, () => `${kind!.toUpperCase()} with its check digit`)
    }
    default:
      return undefined
  }
}

function isMissing(found: unknown): boolean {
  return found === undefined || (Array.isArray(found) && found.length === 0)
}

/** Consequences about some of the occurrences. */
function among(verb: string, { path, textOf }: Operand, words: string[], uses: Uses): Consequence | undefined {
  switch (verb) {
    case 'rest-in': {
      const set = readSet(words.shift(), uses)
      return (at, env) =>
        path
          .select(at)
          .slice(1)
          .filter((frame) => !set.has(textOf(frame), env))
          .map((frame) => wrong(frame, set.allowed(env)))
    }
    case 'includes':
    case 'first-in': {
      const set = readSet(words.shift(), uses)
      return (at, env) => {
        const frames = path.select(at)
        const looked = verb === 'first-in' ? frames.slice(0, 1) : frames
        if (frames.length === 0 || looked.some((frame) => set.has(textOf(frame), env))) return []
        return [wrong(frames[0]!, set.allowed(env))]
      }
    }
    default:
      return undefined
  }
}
