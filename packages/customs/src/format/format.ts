/**
 * Formats of single values. The notation is the official one (`an..35`, `n..16,2`, `a2`), `date`, `dateTime`, then qualifiers or the
 * name of a row in formats.tsv:
 *
 * | written | means |
 * |---|---|
 * | `an..35`, `an8`, `a2`, `n..5` | 1 to 35 characters, exactly 8, exactly 2 letters, 1 to 5 digits |
 * | `an0..35`, `an2..35` | none to 35 characters, 2 to 35 |
 * | `token` | white space is collapsed before the check (texts: line breaks and tabs become spaces) |
 * | `trimmed` | neither the first nor the last character is a separator |
 * | `printable` | printable ASCII only |
 * | `n..5 1..1999` | a whole number in that range, without leading zeros |
 * | `n..16,2`, `n..16,2 positive` | a decimal number with at most 16 digits, 2 of them decimals; greater than zero |
 * | `date`, `dateTime`, `dateTime whole-seconds` | ISO 8601 without time zone |
 * | `an18 mrn` | the named format of formats.tsv as well |
 *
 * Source of the forms: NCTS P5 schema set 51.8.0 (DDNTA 5.15.0), simple types.
 */
import { CustomsFault } from '../faults.ts'
import { readTable } from '../tsv.ts'
import { checkDate, checkDateTime, checkDecimal, checkWhole } from './numbers-and-dates.ts'
import {
  checkDigits,
  checkLength,
  checkLetters,
  checkPattern,
  checkPrintable,
  checkTrimmed,
  checkValues,
  collapse,
  replace,
} from './texts.ts'

/** What a value does wrong against its format. */
export interface FormatProblem {
  readonly facet: string
  /** code of CL030 */
  readonly code: string
  readonly allowed: string
  readonly remedy: string
}

export type Check = (value: string) => FormatProblem | undefined

/** A compiled format: `normalise` the text of an element first, then `check` what came out. */
export interface Format {
  readonly notation: string
  readonly maxLength: number | undefined
  readonly values: readonly string[] | undefined
  /** the row of formats.tsv that the notation refers to, for what is made from the tables (XSD, JSON Schema, pages) */
  readonly named?: { readonly name: string; readonly token: boolean; readonly patterns: readonly string[] }
  normalise(text: string): string
  check: Check
  /** the same check for a text that is printable ASCII without any space, which needs no normalising either */
  checkWord: Check
}

/** A row of formats.tsv. */
interface NamedFormat {
  token: boolean
  check: Check
  values: readonly string[] | undefined
  /** what `Format.named` says */
  says: NonNullable<Format['named']>
}

/** Compiles formats on demand; equal notations give the same object. Throws `table-syntax` for a notation it does not know. */
export function formatCompiler(formatsTable: string): (notation: string) => Format {
  const named = readNamed(formatsTable)
  const compiled = new Map<string, Format>()
  return (notation) => {
    let format = compiled.get(notation)
    if (!format) compiled.set(notation, (format = compile(notation, named)))
    return format
  }
}

function readNamed(table: string): ReadonlyMap<string, NamedFormat> {
  const named = new Map<string, NamedFormat>()
  for (const row of readTable(table, ['name', 'whitespace', 'pattern', 'values'], 'formats').rows) {
    const [name, whitespace, pattern] = [row.cell('name'), row.cell('whitespace'), row.cell('pattern')]
    const wrong = (text: string): never => {
      throw new CustomsFault('table-syntax', `formats, line ${row.line}, ${name}: ${text}`)
    }
    if (!/^[a-z][a-z0-9-]*$/.test(name)) wrong('a format is named by small letters, figures and hyphens')
    if (named.has(name)) wrong('the name is there twice')
    if (whitespace !== 'token' && whitespace !== 'text') wrong('white space is token or text')
    const values = row.cell('values') ? row.cell('values').split(' ') : undefined
    if ((values === undefined) === (pattern === '')) wrong('a format has a pattern or values')
    let check: Check
    try {
      check = values ? checkValues(values) : checkPattern(pattern, name)
    } catch {
      check = wrong(`${pattern} is no pattern`)
    }
    const token = whitespace === 'token'
    named.set(name, {
      token,
      check,
      values,
      says: { name, token, patterns: pattern === '' ? [] : pattern.split(' & ') },
    })
  }
  return named
}

function compile(notation: string, named: ReadonlyMap<string, NamedFormat>): Format {
  const [official = '', ...qualifiers] = notation.split(' ')
  const make = (
    normalise: Format['normalise'],
    check: Check,
    maxLength?: number,
    values?: readonly string[],
    named?: Format['named'],
    checkWord = check,
  ): Format => ({
    notation,
    maxLength,
    values,
    ...(named && { named }),
    normalise,
    check,
    checkWord,
  })
  const only = (...known: string[]): void => {
    if (qualifiers.length > 1 || qualifiers.some((each) => !known.includes(each)))
      throw new CustomsFault('table-syntax', `unknown format ${notation}`)
  }
  if (official === 'date') {
    only()
    return make(collapse, checkDate, 10)
  }
  if (official === 'dateTime') {
    only('whole-seconds')
    return make(collapse, checkDateTime(qualifiers.length > 0))
  }
  const decimal = /^n\.\.(\d+),(\d+)$/.exec(official)
  if (decimal) {
    only('positive')
    const [total, fraction] = [Number(decimal[1]), Number(decimal[2])]
    if (fraction > total) throw new CustomsFault('table-syntax', `unknown format ${notation}`)
    return make(collapse, checkDecimal(total, fraction, qualifiers.length > 0, notation))
  }
  const length = readLength(official)
  if (!length) throw new CustomsFault('table-syntax', `unknown format ${notation}`)
  const { kind, min, max } = length
  const checks: Check[] = []
  let token = kind === 'n'
  let shaped = false
  let values: readonly string[] | undefined
  let says: Format['named']
  for (const qualifier of qualifiers) {
    const range = /^(\d+)\.\.(\d+)$/.exec(qualifier)
    const known = named.get(qualifier)
    if (qualifier === 'token') token = true
    else if (qualifier === 'trimmed') checks.push(checkTrimmed)
    else if (qualifier === 'printable') checks.push(checkPrintable)
    else if (range && Number(range[1]) <= Number(range[2])) {
      checks.push(checkWhole(Number(range[1]), Number(range[2])))
      shaped = true
    } else if (known) {
      checks.push(known.check)
      token = known.token
      shaped = true
      values = known.values
      says = known.says
    } else throw new CustomsFault('table-reference', `format ${notation}: no format is called ${qualifier}`)
  }
  if (!shaped && kind !== 'an') checks.push(kind === 'a' ? checkLetters : checkDigits)
  const lengths = values ? [] : [checkLength(min, max)]
  const ofWords = checks.filter((check) => check !== checkTrimmed && check !== checkPrintable)
  const [check, checkWord] = [inTurn([...lengths, ...checks]), inTurn([...lengths, ...ofWords])]
  return make(token ? collapse : replace, check, max, values, says, checkWord)
}

/** The official notation of a text: `an..35`, `a2`, `n2..5`. undefined for another one, or when no length is in it. */
export function readLength(official: string): { kind: string; min: number; max: number } | undefined {
  const [, kind = '', low, dots, digits] = /^(an|a|n)(?:(\d*)(\.\.))?(\d+)$/.exec(official) ?? []
  const max = Number(digits)
  const min = dots === undefined ? max : Number(low || 1)
  return kind !== '' && max > 0 && min <= max ? { kind, min, max } : undefined
}

function inTurn(checks: readonly Check[]): Check {
  const [first, second, third] = checks
  if (!first) return () => undefined
  if (!second) return first
  if (!third) return (value) => first(value) ?? second(value)
  return (value) => first(value) ?? second(value) ?? inTurn(checks.slice(2))(value)
}
