/**
 * The small parts that conditions and consequences share.
 *
 * A set of values is `{A D}`, a code list `CL076`, a code list that is not public `CL610?` (without it the rule is not evaluated), or a
 * look-up in the facts: `@operator`, `@tariff-code`, `@message`, `@sealing-authorisation` (an authorisation whose holder seals),
 * `@authorisation C524 of PATH` (one of that type whose holder is at the path).
 *
 * Before a path, `country of` takes the first two characters, `first 3 of` the first three, `character 17 of` the seventeenth, and
 * `joined NAME` puts the field NAME of the same group in front.
 */
import { CustomsFault } from '../faults.ts'
import { compareAmounts } from '../values/amount.ts'
import { needOf, type Facts, type Run } from './facts.ts'
import { fieldOf, textOf, type Frame } from './frame.ts'
import { compilePath, type Path } from './path.ts'

/** Everything that the expressions of a rule refer to, gathered while compiling. */
export interface Uses {
  readonly paths: Path[]
  readonly lists: Set<string>
  /** what it may ask beyond the document, in the words of `NotEvaluated.needs` */
  readonly needs: Set<string>
  /**
   * What the table of an earlier message requires of a group (`['Consignment', 'DepartureTransportMeans']`), as far as this message has it
   * too: paths of names below the group.
   */
  readonly requiredIn: (earlier: string, group: readonly string[]) => readonly (readonly string[])[]
}

/** A set of values, see above. */
export interface ValueSet {
  has(value: string, run: Run, at: Frame): boolean
  /** the values in words, for a finding */
  allowed(run: Run): string
}

const manyCodes = 20

/** Splits an expression into words; `{…}` is one word. */
export function wordsOf(expression: string): string[] {
  return expression.match(/\{[^}]*\}|\S+/g) ?? []
}

/** Reads a set of values from the front of the words. Throws `rule-syntax`. */
export function readSet(words: string[], uses: Uses): ValueSet {
  const word = words.shift() ?? ''
  if (word.startsWith('{')) {
    const values = word.slice(1, -1).split(' ').filter(Boolean)
    const set = new Set(values)
    const text = values.join(', ')
    return { has: (value) => set.has(value), allowed: () => text }
  }
  if (word.startsWith('@')) return readLookUp(word, words, uses)
  const [, list, isOptional] = /^(CL\d+)(\?)?$/.exec(word) ?? []
  if (list === undefined) throw new CustomsFault('rule-syntax', `not a set of values: ${word}`)
  if (isOptional === undefined) uses.lists.add(list)
  else uses.needs.add(`list ${list}`)
  return {
    has: (value, run) =>
      isOptional === undefined || run.codeLists.knows(list)
        ? run.codeLists.has(list, value, run.date)
        : run.known(undefined, `list ${list}`),
    allowed: (run) => {
      const codes = run.codeLists.codes(list, run.date).map(({ code }) => code)
      return codes.length > manyCodes ? `${list} (${codes.length} codes)` : `${list}: ${codes.join(', ')}`
    },
  }
}

/** Which look-up answers each word. */
const lookUps: Readonly<Record<string, keyof Facts>> = {
  '@operator': 'isOperator',
  '@tariff-code': 'isTariffCode',
  '@message': 'isMessage',
  '@sealing-authorisation': 'authorisation',
  '@authorisation': 'authorisation',
}

function readLookUp(word: string, words: string[], uses: Uses): ValueSet {
  const lookUp = lookUps[word]
  if (lookUp === undefined) throw new CustomsFault('rule-syntax', `nothing is looked up as ${word}`)
  uses.needs.add(lookUp)
  switch (word) {
    case '@operator':
      return {
        has: (value, run) => run.known(run.facts.isOperator?.(value), 'isOperator'),
        allowed: () => 'a number that the register of economic operators knows',
      }
    case '@tariff-code':
      return {
        has: (value, run) => run.known(run.facts.isTariffCode?.(value), 'isTariffCode'),
        allowed: () => 'a code of the tariff',
      }
    case '@message':
      return {
        has: (value, run) => run.known(run.facts.isMessage?.(value), 'isMessage'),
        allowed: () => 'the identification of the message that is answered',
      }
    case '@sealing-authorisation':
      return {
        has: (value, run) => {
          const found = run.facts.authorisation?.(value)
          return run.known(found === undefined ? undefined : found?.usesSeals === true, 'authorisation')
        },
        allowed: () => 'an authorisation whose holder seals',
      }
    default: {
      const [type, of] = words.splice(0, 2)
      if (of !== 'of') throw new CustomsFault('rule-syntax', '@authorisation needs a type and `of` a path')
      const holder = readPath(words, uses)
      return {
        has: (value, run, at) => {
          const found = run.facts.authorisation?.(value)
          if (!found) return run.known(found === null ? false : undefined, 'authorisation')
          return found.type === type && holder.select(at, run).some((frame) => textOf(frame) === found.holder)
        },
        allowed: () => `a valid authorisation ${type} of the ${holder.name}`,
      }
    }
  }
}

/** Texts of a document at a path, as they are or what is taken of them. */
export interface Operand {
  readonly path: Path
  readonly textOf: (frame: Frame) => string
}

/** Reads a path and what may stand before it from the front of the words. Throws `rule-syntax`. */
export function readOperand(words: string[], uses: Uses): Operand {
  const taken = readTaken(words)
  return { path: readPath(words, uses), textOf: taken }
}

function readTaken(words: string[]): Operand['textOf'] {
  if (words[0] === 'country' && words[1] === 'of') {
    words.splice(0, 2)
    return (frame) => textOf(frame).slice(0, 2)
  }
  if ((words[0] === 'first' || words[0] === 'character') && words[2] === 'of') {
    const [which, count] = words.splice(0, 3)
    const end = Number(count)
    const start = which === 'first' ? 0 : end - 1
    return (frame) => textOf(frame).slice(start, end)
  }
  if (words[0] === 'joined') {
    const [, name = ''] = words.splice(0, 2)
    return (frame) => ((frame.parent && fieldOf(frame.parent, name)) ?? '') + textOf(frame)
  }
  return textOf
}

/** Reads a path from the front of the words. Throws `rule-syntax`. */
export function readPath(words: string[], uses: Uses): Path {
  const path = compilePath(words.shift() ?? '')
  uses.paths.push(path)
  if (path.messages.length > 0) uses.needs.add(needOf(path.messages))
  return path
}

const isNumber = /^[0-9]+(?:\.[0-9]+)?$/

/** Compares two decimal numbers; undefined when one of them is none. */
export function compareNumbers(a: string, b: string): -1 | 0 | 1 | undefined {
  return isNumber.test(a) && isNumber.test(b) ? compareAmounts(a, b) : undefined
}
