/** Consequences about the form of values and how often they occur, as transitional rules narrow them; listed in consequence.ts. */
import { CustomsFault } from '../faults.ts'
import { formatCompiler } from '../format/format.ts'
import { readPath, readSet, type Operand, type Uses } from './terms.ts'
import { eachWrong, holds, wrong, type Consequence } from './violation.ts'

const formatOf = formatCompiler('name\twhitespace\tpattern\tvalues\n')

/** The consequence of a word about form or number, or undefined when the word is none. */
export function shape(verb: string, { path, textOf }: Operand, words: string[], uses: Uses): Consequence | undefined {
  switch (verb) {
    case 'format': {
      const notation = words.shift() ?? ''
      const { check } = formatOf(notation)
      return (at, run) =>
        eachWrong(
          path.select(at, run),
          (frame) => check(textOf(frame)) === undefined,
          () => notation,
        )
    }
    case 'like': {
      const globs = (words.shift() ?? '')
        .replaceAll(/^\{|\}$/g, '')
        .split(' ')
        .filter(Boolean)
      if (globs.length === 0) throw new CustomsFault('rule-syntax', 'like needs {…}')
      const parts = globs.map((glob) => glob.replaceAll(/[.+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*'))
      const pattern = new RegExp(`^(?:${parts.join('|')})$`, 'su')
      return (at, run) =>
        eachWrong(
          path.select(at, run),
          (frame) => pattern.test(textOf(frame)),
          () => globs.join(', '),
        )
    }
    case 'at-most-once': {
      const set = readSet(words, uses)
      return (at, run) =>
        path
          .select(at, run)
          .filter((frame) => set.has(textOf(frame), run, at))
          .slice(1)
          .map((frame) => wrong(frame, `${set.allowed(run)} at most once`))
    }
    case 'together<=': {
      const most = Number(words.shift())
      if (!Number.isInteger(most)) throw new CustomsFault('rule-syntax', 'together<= needs a whole number')
      const paths = [path]
      while (words.length > 0) paths.push(readPath(words, uses))
      const names = paths.map(({ name }) => name).join(', ')
      return (at, run) => {
        const first = paths.flatMap((each) => each.select(at, run))[most]
        return first
          ? [{ ...wrong(first, `${names} at most ${most} times together`), remedy: `Remove some of them.` }]
          : holds
      }
    }
    default:
      return undefined
  }
}
