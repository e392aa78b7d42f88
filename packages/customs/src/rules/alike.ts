/** Consequences that compare whole groups; their words are listed in consequence.ts. */
import { CustomsFault } from '../faults.ts'
import { functionalErrorCode } from '../finding.ts'
import { compileCondition } from './condition.ts'
import { childrenOf, fieldOf, isEqual, type Frame } from './frame.ts'
import { compilePath } from './path.ts'
import { readPath, type Operand, type Uses } from './terms.ts'
import { holds, valueOf, wrong, type Consequence, type Violation } from './violation.ts'

/** The consequence of a word about whole groups, or undefined when the word is none. */
export function alike(verb: string, { path }: Operand, words: string[], uses: Uses): Consequence | undefined {
  switch (verb) {
    case 'unchanged-from': {
      const other = readPath(words, uses)
      return (at, run) => {
        const [own, before] = [path.select(at, run), other.select(at, run)]
        if (before.length === own.length && own.every((frame, each) => isEqual(frame.value, before[each]!.value)))
          return holds
        const changed = own.find((frame, each) => !isEqual(frame.value, before[each]?.value)) ?? own[0]
        const { group, name } = path.gap(at, run)
        const place = changed ?? { parent: group, name, index: 0 }
        return [
          {
            kind: 'rule',
            code: functionalErrorCode.rule,
            place,
            ...(changed && valueOf(changed)),
            allowed: 'as it was declared',
            remedy: `Leave ${path.name} as it was declared.`,
          },
        ]
      }
    }
    case 'not-all-equal':
      return (at, run) => {
        const [first, ...rest] = path.groups(at, run)
        if (!first || rest.length === 0) return holds
        const content = contentOf(first, path.name)
        if (content === undefined || !rest.every((group) => isEqual(contentOf(group, path.name), content))) return holds
        const [where] = childrenOf(first, path.name)
        return where ? [allEqual(where)] : holds
      }
    case 'exists-with': {
      const name = words.shift() ?? ''
      if (words.shift() !== 'where') throw new CustomsFault('rule-syntax', 'exists-with needs `where`')
      const inner: Uses = { ...uses, paths: [] }
      const condition = compileCondition(words.splice(0).join(' '), inner)
      uses.paths.push(...inner.paths.map((each) => compilePath(`${path.text}/${each.text}`)), compilePath(name))
      const fitting = new WeakMap<readonly Frame[], ReadonlyMap<string, readonly Frame[]>>()
      return (at, run) => {
        const groups = path.select(at, run)
        let byName = fitting.get(groups)
        if (!byName) fitting.set(groups, (byName = twoOfEach(groups, name, (group) => condition(group, run))))
        const found = byName.get(fieldOf(at, name) ?? '')?.some((group) => group !== at)
        return found ? holds : [wrong(childrenOf(at, name)[0] ?? at, `${name} of another ${path.name}`)]
      }
    }
    default:
      return undefined
  }
}

/** Of the groups that meet a condition, up to two for each text of their field: one is another than whoever asks. */
function twoOfEach(groups: readonly Frame[], name: string, isFit: (group: Frame) => boolean): Map<string, Frame[]> {
  const byName = new Map<string, Frame[]>()
  for (const group of groups) {
    const text = fieldOf(group, name)
    const some = (text !== undefined && byName.get(text)) || []
    if (text !== undefined && some.length < 2 && isFit(group)) byName.set(text, [...some, group])
  }
  return byName
}

function contentOf({ value }: Frame, name: string): unknown {
  return typeof value === 'string' ? undefined : value[name]
}

function allEqual(first: Frame): Violation {
  return {
    ...wrong(first, 'not the same everywhere'),
    remedy: `Give ${first.name} once for all, one level up.`,
  }
}
