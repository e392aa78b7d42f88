/** Consequences about the numbers of groups; their words are listed in consequence.ts. */
import { CustomsFault } from '../faults.ts'
import { needOf } from './facts.ts'
import { childrenOf, childrenWith, fieldOf, textOf, type Frame } from './frame.ts'
import { compareNumbers, type Operand, type Uses } from './terms.ts'
import { holds, missing, wrong, type Consequence, type Violation } from './violation.ts'

/** The consequence of a numbering word, or undefined when the word is none. */
export function numbering(verb: string, { path }: Operand, words: string[], uses: Uses): Consequence | undefined {
  switch (verb) {
    case 'unique':
    case 'sequential':
    case 'sequential-throughout':
      return (at, run) => inOrder(verb, path.select(at, run))
    case 'numbered-as':
    case 'numbered-throughout-as': {
      const messages = words.shift()?.split('|') ?? []
      if (!messages.every((type) => /^C[CD]\d{3}[A-Z]$/.test(type)) || messages.length === 0)
        throw new CustomsFault('rule-syntax', `${verb} needs earlier messages`)
      uses.needs.add(needOf(messages))
      const isThroughout = verb === 'numbered-throughout-as'
      const required = isThroughout ? [] : uses.requiredIn(messages[0]!, path.steps.slice(0, -1))
      return (at, run) => {
        const frames = path.select(at, run)
        if (frames.length === 0) return holds
        const before = run.earlier(messages)
        return before ? continued(frames, before, isThroughout, required) : holds
      }
    }
    default:
      return undefined
  }
}

function inOrder(verb: string, frames: readonly Frame[]): readonly Violation[] {
  if (frames.length === 0) return holds
  const seen = new Set<string>()
  let found: Violation[] | undefined
  for (const [position, frame] of frames.entries()) {
    const text = textOf(frame)
    const number = verb === 'sequential' ? (frame.parent?.index ?? 0) : position + 1
    const isRight = verb === 'unique' ? !seen.has(text) : number === 0 || text === String(number)
    if (!isRight) (found ??= []).push(wrong(frame, verb === 'unique' ? 'each value once' : String(number)))
    seen.add(text)
  }
  return found ?? holds
}

/** Numbers are each there once, and known from before or the next after the last; in each group, or in the whole document. */
function continued(
  frames: readonly Frame[],
  before: Frame,
  isThroughout: boolean,
  required: readonly (readonly string[])[],
): readonly Violation[] {
  const lists = new Map<Frame | undefined, { known: Set<string>; seen: Set<string>; next: number }>()
  const found: Violation[] = []
  for (const frame of frames) {
    const holder = isThroughout ? undefined : frame.parent?.parent
    let list = lists.get(holder)
    if (!list) {
      const declared = isThroughout ? declaredAnywhere(before, frame) : declaredBeside(before, frame)
      const known = new Set(declared.map(textOf))
      const last = [...known].reduce((most, text) => (compareNumbers(text, most) === 1 ? text : most), '0')
      lists.set(holder, (list = { known, seen: new Set(), next: Number(last) + 1 }))
    }
    const text = textOf(frame)
    const isNext = text === String(list.next)
    if (list.seen.has(text)) found.push(wrong(frame, 'each number once'))
    else if (!list.known.has(text) && !isNext)
      found.push(wrong(frame, `a number of the declaration, or ${list.next} for what is new`))
    if (isNext) {
      list.next += 1
      if (frame.parent) found.push(...incomplete(frame.parent, required))
    }
    list.seen.add(text)
  }
  return found.length > 0 ? found : holds
}

/** What is not in a new group and has to be; of what is in a missing group, nothing more. */
function incomplete(group: Frame, required: readonly (readonly string[])[]): Violation[] {
  return required.flatMap((names) => {
    const holders = names
      .slice(0, -1)
      .reduce<readonly Frame[]>((frames, name) => frames.flatMap((each) => childrenOf(each, name)), [group])
    const name = names.at(-1)!
    return holders
      .filter((holder) => childrenOf(holder, name).length === 0)
      .map((holder) => missing({ group: holder, name }))
  })
}

/** The same field in the groups of that name at the same place of the earlier message. */
function declaredBeside(before: Frame, frame: Frame): readonly Frame[] {
  const group = frame.parent
  const holder = group?.parent && counterpart(before, group.parent)
  return holder ? childrenOf(holder, group.name).flatMap((each) => childrenOf(each, frame.name)) : []
}

/** The group of the earlier message that a group stands for: groups that repeat are known by their number. */
function counterpart(before: Frame, group: Frame): Frame | undefined {
  if (!group.parent) return before
  const parent = counterpart(before, group.parent)
  if (!parent) return undefined
  if (group.index === 0) return childrenOf(parent, group.name)[0]
  const key = fieldOf(group, 'goodsItemNumber') === undefined ? 'sequenceNumber' : 'goodsItemNumber'
  return childrenWith(parent, group.name, key, fieldOf(group, key) ?? '')[0]
}

/** The same field in every group of the same kind of the earlier message. */
function declaredAnywhere(before: Frame, frame: Frame): readonly Frame[] {
  const names: string[] = []
  for (let at: Frame = frame; at.parent; at = at.parent) names.unshift(at.name)
  return names.reduce<readonly Frame[]>((frames, name) => frames.flatMap((each) => childrenOf(each, name)), [before])
}
