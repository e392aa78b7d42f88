/**
 * The `then` of a rule; several are joined by `;`:
 *
 * | clause | holds when |
 * |---|---|
 * | `PATH required`, `PATH forbidden`, `PATH optional` | it occurs in each group that could have it, nowhere, either |
 * | `PATH at-least-one` | it occurs in at least one of the groups that could have it |
 * | `PATH times<= 1` | not more occurrences in each group |
 * | `PATH = A`, `PATH in SET`, `PATH not-in SET` | each occurrence has such a value (values.ts) |
 * | `PATH includes SET` | at least one occurrence has such a value, if there is any |
 * | `PATH some-in SET` | there is an occurrence with such a value |
 * | `PATH first-in SET`, `PATH rest-in SET` | the first occurrence, each of the others has such a value |
 * | `PATH length 17`, `PATH upper-case` | each occurrence is so |
 * | `PATH is mrn` (`grn`, `export-mrn`, `tir-carnet`, `tin`, `flight-number`, `arc`) | each occurrence has that form and check digit |
 * | `PATH > 0`, `PATH number= 0`, `PATH number!= 0` | each occurrence is such a number |
 * | `PATH some> 0` | there is an occurrence that is a greater number |
 * | `PATH <= PATH`, `PATH >= sum PATH` | numbers compare so; without the other there is nothing to compare (comparison.ts) |
 * | `PATH equals-count PATH` | each occurrence is the number of occurrences of the other |
 * | `PATH after PATH` | each occurrence is a later date and time |
 * | `PATH starts-with PATH` | each occurrence begins with the value of the other |
 * | `PATH differs-from PATH` | no occurrence equals one of the other |
 * | `PATH same-as PATH` | each occurrence equals one of the other; without the other there is nothing to compare |
 * | `PATH within PATH` | each occurrence equals one of the other |
 * | `PATH includes-country-of PATH` | at least one occurrence begins with the same two characters as the other |
 * | `PATH unchanged-from PATH` | both hold the same, or neither is there (alike.ts) |
 * | `PATH not-all-equal` | not every group has it with the same content, where there is more than one group |
 * | `PATH exists-with NAME where CONDITION` | another group there has the same NAME as this one and meets the condition |
 * | `PATH unique` | no value twice (numbering.ts) |
 * | `PATH sequential`, `PATH sequential-throughout` | 1, 2, 3 … as the groups that have it repeat; over all of them |
 * | `PATH numbered-as CC043C`, `PATH numbered-throughout-as CC043C` | the numbers of groups are those of that earlier message; new groups go on after its last, and hold what it requires |
 * | `PATH format n..11,3` | each occurrence has that format (shape.ts) |
 * | `PATH like {CL* T*}` | each occurrence is so, `*` being any text |
 * | `PATH at-most-once SET` | at most one occurrence has such a value |
 * | `PATH together<= 99 PATH PATH` | all these paths have at most so many occurrences in sum |
 *
 * Sets, and what may stand before a path, are in terms.ts.
 */
import { CustomsFault } from '../faults.ts'
import { functionalErrorCode } from '../finding.ts'
import { alike } from './alike.ts'
import { comparison } from './comparison.ts'
import type { Frame } from './frame.ts'
import { numbering } from './numbering.ts'
import { shape } from './shape.ts'
import { readOperand, wordsOf, type Operand, type Uses } from './terms.ts'
import { among, values } from './values.ts'
import { holds, missing, valueOf, wrong, type Consequence, type Violation } from './violation.ts'

/** Compiles the consequences of a rule's branch. Throws `rule-syntax`. */
export function compileConsequences(expression: string, uses: Uses): Consequence {
  const all = expression.split(/\s*;\s*/).map((clause) => compileClause(clause, uses))
  if (all.length === 1) return all[0]!
  return (at, run) => {
    let found: Violation[] | undefined
    for (const consequence of all) {
      const own = consequence(at, run)
      if (own.length > 0) (found ??= []).push(...own)
    }
    return found ?? holds
  }
}

function compileClause(clause: string, uses: Uses): Consequence {
  const words = wordsOf(clause)
  const operand = readOperand(words, uses)
  const verb = words.shift() ?? ''
  const made =
    occurrence(verb, operand, words) ??
    values(verb, operand, words, uses) ??
    among(verb, operand, words, uses) ??
    comparison(verb, operand, words, uses) ??
    alike(verb, operand, words, uses) ??
    numbering(verb, operand, words, uses) ??
    shape(verb, operand, words, uses)
  if (!made || words.length > 0) throw new CustomsFault('rule-syntax', `cannot read: ${clause}`)
  return made
}

function occurrence(verb: string, { path }: Operand, words: string[]): Consequence | undefined {
  const { name } = path
  switch (verb) {
    case 'optional':
      return () => holds
    case 'required':
      return (at, run) => {
        let found: Violation[] | undefined
        for (const group of path.groups(at, run))
          if (isWithout(group, name)) (found ??= []).push(missing({ group, name }))
        return found ?? holds
      }
    case 'at-least-one':
      return (at, run) =>
        path.select(at, run).length > 0 ? holds : [missing(path.gap(at, run), `Add ${name} at least once.`)]
    case 'forbidden':
      return (at, run) => {
        const frames = path.select(at, run)
        return frames.length === 0 ? holds : frames.map(forbidden)
      }
    case 'times<=': {
      const most = Number(words.shift())
      return (at, run) =>
        path
          .select(at, run)
          .filter(({ index }) => index > most)
          .map((frame) => ({ ...wrong(frame, `at most ${most} times`), remedy: `Remove this ${name}.` }))
    }
    default:
      return undefined
  }
}

function isWithout({ value }: Frame, name: string): boolean {
  if (typeof value === 'string') return false
  const found = value[name]
  return found === undefined || (Array.isArray(found) && found.length === 0)
}

function forbidden(frame: Frame): Violation {
  return {
    kind: 'condition',
    code: functionalErrorCode.notAllowed,
    place: frame,
    ...valueOf(frame),
    remedy: `Remove ${frame.name}.`,
  }
}
