/** A command as it was typed: plain words, `--name value` and `--flag`. */
export interface Arguments {
  words: string[]
  options: Map<string, string>
  /** Options that may be given several times. */
  lists: Map<string, string[]>
  flags: Set<string>
}

/** What was typed is not understood; `message` says what and how to do better. */
export class UsageError extends Error {}

/**
 * Splits what was typed.
 * @param known which options take a value, which may be given several times, which are flags
 * @throws UsageError for an unknown option or a missing value
 */
export function readArguments(
  typed: string[],
  known: { options?: string[]; lists?: string[]; flags?: string[]; words: number },
): Arguments {
  const read: Arguments = { words: [], options: new Map(), lists: new Map(), flags: new Set() }
  for (let at = 0; at < typed.length; at += 1) {
    const word = typed[at] ?? ''
    if (!word.startsWith('--')) {
      read.words.push(word)
      continue
    }
    const [name = '', joined] = word.slice(2).split('=', 2)
    if (known.flags?.includes(name) === true && joined === undefined) read.flags.add(name)
    else if (known.options?.includes(name) === true || known.lists?.includes(name) === true) {
      const value = joined ?? typed[(at += 1)]
      if (value === undefined) throw new UsageError(`--${name} needs a value.`)
      if (known.options?.includes(name) === true) read.options.set(name, value)
      else read.lists.set(name, [...(read.lists.get(name) ?? []), value])
    } else throw new UsageError(`There is no option --${name} here.`)
  }
  if (read.words.length > known.words) throw new UsageError(`“${read.words[known.words]}” is one word too many.`)
  return read
}
