/** The small parts that conditions and consequences share: words, sets of values, operands. */
import { CustomsFault } from '../faults.ts'
import type { CodeLists } from '../codelists/code-lists.ts'
import { compareAmounts } from '../values/amount.ts'
import { compilePath, type Frame, type Path } from './path.ts'
import type { NamedDates } from './period.ts'

/** What rules are evaluated with. */
export interface Env {
  readonly codeLists: CodeLists
  /** the day for which codes must be valid and rules count, `yyyy-mm-dd` */
  readonly date: string
  /** the days that rules name; `defaultDates` when not given */
  readonly dates?: NamedDates
}

/** Everything that the expressions of a rule refer to, gathered while compiling. */
export interface Uses {
  readonly paths: Path[]
  readonly lists: Set<string>
}

/** A set of values: `{A D}` or the code list `CL076`. */
export interface ValueSet {
  readonly text: string
  has(value: string, env: Env): boolean
  allowed(env: Env): string
}

const manyCodes = 20

/** Splits an expression into words; `{…}` is one word. */
export function wordsOf(expression: string): string[] {
  return expression.match(/\{[^}]*\}|\S+/g) ?? []
}

export function readSet(word: string | undefined, uses: Uses): ValueSet {
  if (word?.startsWith('{')) {
    const values = word.slice(1, -1).split(' ').filter(Boolean)
    const set = new Set(values)
    return { text: word, has: (value) => set.has(value), allowed: () => values.join(', ') }
  }
  if (!word || !/^CL\d+$/.test(word)) throw new CustomsFault('rule-syntax', `not a set of values: ${word}`)
  uses.lists.add(word)
  return {
    text: word,
    has: (value, env) => env.codeLists.has(word, value, env.date),
    allowed: (env) => {
      const codes = env.codeLists.codes(word, env.date).map(({ code }) => code)
      return codes.length > manyCodes ? `${word} (${codes.length} codes)` : `${word}: ${codes.join(', ')}`
    },
  }
}

/** Texts of a document at a path, as they are or (`country of`) the first two characters of each. */
export interface Operand {
  readonly path: Path
  readonly textOf: (frame: Frame) => string
}

/** Reads `PATH` or `country of PATH` from the front of the words. */
export function readOperand(words: string[], uses: Uses): Operand {
  const isCountry = words[0] === 'country' && words[1] === 'of'
  if (isCountry) words.splice(0, 2)
  const path = readPath(words, uses)
  return { path, textOf: ({ value }) => (typeof value !== 'string' ? '' : isCountry ? value.slice(0, 2) : value) }
}

export function readPath(words: string[], uses: Uses): Path {
  const path = compilePath(words.shift() ?? '')
  uses.paths.push(path)
  return path
}

/** Compares two decimal numbers; undefined when one of them is none. */
export function compareNumbers(a: string, b: string): -1 | 0 | 1 | undefined {
  const isNumber = /^[0-9]+(?:\.[0-9]+)?$/
  return isNumber.test(a) && isNumber.test(b) ? compareAmounts(a, b) : undefined
}
