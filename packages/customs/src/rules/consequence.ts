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
import { addAmounts } from '../values/amount.ts'
import { isGrn } from '../values/grn.ts'
import { isMrn } from '../values/mrn.ts'
import type { Place } from '../document.ts'
import type { Frame, Path } from './path.ts'
import { compareNumbers, readOperand, readPath, readSet, wordsOf, type Env, type Operand, type Uses } from './terms.ts'

/** A consequence that does not hold, at a place. */
export interface Violation {
  readonly kind: 'condition' | 'rule'
  readonly code: string
  readonly place: Place
  readonly value?: string
  readonly allowed?: string
  readonly remedy: string
}

export type Consequence = (at: Frame, env: Env) => Violation[]

/** Compiles the consequences of a rule's branch. Throws `rule-syntax`. */
export function compileConsequences(expression: string, uses: Uses): Consequence {
  const all = expression.split(/\s*;\s*/).map((clause) => compileClause(clause, uses))
  return (at, env) => all.flatMap((consequence) => consequence(at, env))
}

function compileClause(clause: string, uses: Uses): Consequence {
  const words = wordsOf(clause)
  const operand = readOperand(words, uses)
  const verb = words.shift() ?? ''
  const made = occurrence(verb, operand) ?? value(verb, operand, words, uses) ?? comparison(verb, operand, words, uses)
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

function comparison(verb: string, operand: Operand, words: string[], uses: Uses): Consequence | undefined {
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
      const text = String(frame.value)
      const number = verb === 'sequential' ? (frame.parent?.place.index ?? 0) : position + 1
      const holds = verb === 'unique' ? !seen.has(text) : number === 0 || text === String(number)
      seen.add(text)
      return holds ? [] : [wrong(frame, verb === 'unique' ? 'each value once' : String(number))]
    })
  }
}

function isMissing(found: unknown): boolean {
  return found === undefined || (Array.isArray(found) && found.length === 0)
}

function wrong(frame: Frame, allowed: string): Violation {
  return {
    kind: 'rule',
    code: functionalErrorCode.rule,
    place: frame.place,
    ...valueOf(frame),
    allowed,
    remedy: `Change ${frame.place.name}: ${allowed}.`,
  }
}

function valueOf({ value }: Frame): { value?: string } {
  return typeof value === 'string' ? { value } : {}
}
