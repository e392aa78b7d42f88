/**
 * Rows of rule tables with one part of them taken away, to see whether a case tells the row from the row without it. The parts of a row:
 *
 * - each alternative of `when` (and of what stands behind `where`): it never holds;
 * - each clause of an alternative: it always holds;
 * - each value of a set `{…}`: it is not in the set;
 * - each clause of `then`: it asks for nothing. `optional` asks for nothing in the first place.
 */

/** A row without one of its parts. */
export interface Mutant {
  /** the part, in words that say what became of it */
  readonly part: string
  readonly line: string
}

/** Conditions that hold everywhere and nowhere: every message has its type. */
const anything = '/messageType present or /messageType absent'
const nothing = '/messageType present and /messageType absent'

interface Changed {
  readonly part: string
  readonly text: string
}

/** Every mutant of a line of a rule table. */
export function mutantsOf(line: string): Mutant[] {
  const cells = line.split('\t')
  const [when = '', then = ''] = cells.slice(4)
  const put =
    (column: number) =>
    ({ part, text }: Changed): Mutant => ({ part, line: cells.with(column, text).join('\t') })
  return [
    ...[...conditionsOf(when), ...setsOf(when)].map(put(4)),
    ...[...clausesOf(then), ...wheresOf(then), ...setsOf(then)].map(put(5)),
  ]
}

function conditionsOf(
  expression: string,
  whole: { always?: string; never?: string } = { always: anything, never: nothing },
): Changed[] {
  if (expression === '') return []
  const alternatives = expression.split(' or ').map((alternative) => alternative.split(' and '))
  const joined = (all: readonly string[][]): string => all.map((clauses) => clauses.join(' and ')).join(' or ')
  return alternatives.flatMap((clauses, at) => {
    const others = alternatives.toSpliced(at, 1)
    const never = others.length > 0 ? joined(others) : whole.never
    const changed = clauses.map((clause, which) => {
      const rest = clauses.toSpliced(which, 1)
      return { part: `always ${clause}`, text: rest.length > 0 ? joined(alternatives.with(at, rest)) : whole.always }
    })
    return [{ part: `never ${clauses.join(' and ')}`, text: never }, ...changed].filter(
      (each): each is Changed => each.text !== undefined,
    )
  })
}

function clausesOf(then: string): Changed[] {
  const clauses = then.split('; ').filter(Boolean)
  return clauses.flatMap((clause, at) => {
    if (clause.endsWith(' optional')) return []
    return [{ part: `without ${clause}`, text: clauses.toSpliced(at, 1).join('; ') || '/messageType optional' }]
  })
}

/** What stands behind `where` is looked for below another group, so nothing can be said there that holds everywhere. */
function wheresOf(then: string): Changed[] {
  const [before = '', where] = then.split(' where ')
  if (where === undefined) return []
  return conditionsOf(where, {}).map(({ part, text }) => ({ part, text: `${before} where ${text}` }))
}

/** A pattern of `like` must have one value; to leave out its only one is to leave out the clause, which is tried as such. */
function setsOf(expression: string): Changed[] {
  return [...expression.matchAll(/(like )?\{([^}]*)\}/g)].flatMap(({ 0: all, 1: like = '', 2: inside = '', index }) => {
    const values = inside.split(' ')
    if (like !== '' && values.length === 1) return []
    return values.map((value, at) => ({
      part: `${value} is not in ${all}`,
      text: `${expression.slice(0, index)}${like}{${values.toSpliced(at, 1).join(' ')}}${expression.slice(index + all.length)}`,
    }))
  })
}
