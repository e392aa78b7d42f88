import { type Machine, NO_RECORD } from './machine.ts'

/** Name of a state in a diagram: Mermaid has no hyphens in names. */
const named = (state: string): string => (state === NO_RECORD ? '[*]' : state.replaceAll('-', '_'))

/**
 * A machine as a Mermaid state diagram (mermaid.js.org, stateDiagram-v2): an arrow for each pair of states with what leads from one to
 * the other, guards in brackets. Rows that change no state are left out unless told: refusals and repeats would hide the way.
 * @param ends states that a movement does not leave
 */
export function mermaidOf(
  machine: Machine,
  { ends, all = false }: { ends: ReadonlySet<string>; all?: boolean },
): string {
  const arrows = new Map<string, Set<string>>()
  for (const { from, on, guard, to } of machine.rows) {
    const target = to === '=' ? from : to
    if (!all && target === from) continue
    const key = `${named(from)} --> ${named(target)}`
    const label = guard === 'always' ? on : `${on} [${guard}]`
    arrows.set(key, (arrows.get(key) ?? new Set()).add(label.replaceAll(':', ' ')))
  }
  const names = machine.states.map((state) => `  state "${state}" as ${named(state)}`)
  const ways = [...arrows].map(([way, labels]) => `  ${way} : ${[...labels].join('<br/>')}`)
  const last = machine.states.filter((state) => ends.has(state)).map((state) => `  ${named(state)} --> [*]`)
  return ['stateDiagram-v2', ...names, ...ways, ...last, ''].join('\n')
}
