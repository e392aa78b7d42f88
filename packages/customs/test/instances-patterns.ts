/**
 * Texts that match a pattern of XML Schema, made by chance: for the patterns that formats.tsv has (classes, groups, alternatives,
 * quantifiers, `.`, `\.`, `\p{IsBasicLatin}`, `\P{Z}`).
 */
import type { Chance } from './instances-random.ts'

/** At most this often where a pattern sets no limit. */
const unlimited = 6

/** A text that the pattern matches; not one of every text that it matches can come. */
export function sampleOf(pattern: string, chance: Chance): string {
  const reader = { pattern, at: 0 }
  const text = alternatives(reader, chance)
  if (reader.at < pattern.length) throw new Error(`cannot make a text for ${pattern} after ${reader.at}`)
  return text
}

interface Reader {
  readonly pattern: string
  at: number
}

function alternatives(reader: Reader, chance: Chance): string {
  const made = [sequence(reader, chance)]
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1
    made.push(sequence(reader, chance))
  }
  return chance.pick(made)
}

function sequence(reader: Reader, chance: Chance): string {
  let text = ''
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern[reader.at]!))
    text += repeated(reader, chance)
  return text
}

/** An atom as often as its quantifier says; it is read once a time, each time from where it starts. */
function repeated(reader: Reader, chance: Chance): string {
  const start = reader.at
  const first = atom(reader, chance)
  const end = reader.at
  const [low, high] = quantifier(reader)
  const after = reader.at
  const times = low + chance.below(high - low + 1)
  let text = times > 0 ? first : ''
  for (let time = 1; time < times; time++) {
    reader.at = start
    text += atom(reader, chance)
    if (reader.at !== end) throw new Error(`an atom of ${reader.pattern} is not always as long`)
  }
  reader.at = after
  return text
}

function quantifier(reader: Reader): [low: number, high: number] {
  const rest = reader.pattern.slice(reader.at)
  const [, low, comma, high] = /^\{(\d+)(,)?(\d+)?\}/.exec(rest) ?? []
  if (low !== undefined) {
    reader.at += rest.indexOf('}') + 1
    const least = Number(low)
    return [least, comma === undefined ? least : Number(high ?? least + unlimited)]
  }
  const mark = { '?': [0, 1], '*': [0, unlimited], '+': [1, unlimited] }[rest[0] ?? ''] as [number, number] | undefined
  if (mark) reader.at += 1
  return mark ?? [1, 1]
}

function atom(reader: Reader, chance: Chance): string {
  const rest = reader.pattern.slice(reader.at)
  if (rest.startsWith('(')) {
    reader.at += 1
    const text = alternatives(reader, chance)
    reader.at += 1
    return text
  }
  const [token = '', inside] = /^(?:\[((?:[^\]\\]|\\.)*)\]|\\[pP]\{\w+\}|\\.|.)/.exec(rest) ?? []
  reader.at += token.length
  if (inside !== undefined) return oneOf(inside, chance)
  if (token === '.') return chance.pick([...'aZ09-. é'])
  if (/^\\[pP]/.test(token)) return chance.pick([...'aZ09-.'])
  return token.replace('\\', '')
}

/** A character of a class: ranges, single characters, or anything but some. */
function oneOf(inside: string, chance: Chance): string {
  if (inside.startsWith('^')) return chance.pick([...'aZ09-'].filter((each) => !inside.includes(each)))
  const ranges = [...inside.matchAll(/(\\?[^\\])(?:-(\\?[^\\]))?/g)].map(([, from = '', to]) => {
    const low = from.replace('\\', '').charCodeAt(0)
    return [low, to === undefined ? low : to.replace('\\', '').charCodeAt(0)] as const
  })
  const [low, high] = chance.pick(ranges)
  return String.fromCharCode(low + chance.below(high - low + 1))
}
