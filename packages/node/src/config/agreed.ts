import { type Rules, withoutRules } from '@corridor/customs'
import type { Law } from '@corridor/procedures'
import { NodeFault } from '../faults.ts'
import type { Corridor, CorridorNode } from './corridor.ts'

/** The published rules without those that the corridor's administrations have agreed do not bind them. @throws NodeFault CORRIDOR_FILE */
export function rulesOf({ withoutRules: left }: Pick<Corridor, 'withoutRules'>, rules: Rules): Rules {
  try {
    return withoutRules(
      rules,
      left.map(({ rule }) => rule),
    )
  } catch (error) {
    throw new NodeFault('CORRIDOR_FILE', `corridor.yaml › withoutRules: ${(error as Error).message}`)
  }
}

/** @throws NodeFault CORRIDOR_FILE when a timer is none of the law's */
export function knownTimers({ id, timers }: CorridorNode, law: Law): Record<string, string> {
  const unknown = Object.keys(timers).find((name) => !law.timers.has(name))
  if (unknown === undefined) return timers
  const names = [...law.timers.keys()].join(', ')
  throw new NodeFault('CORRIDOR_FILE', `node ${id}, timers: there is no timer “${unknown}”. There are: ${names}.`)
}

/** A guarantor may promise what the type of guarantee allows. @throws NodeFault CORRIDOR_FILE */
export function checkGuarantees({ id, guarantees }: Pick<CorridorNode, 'id' | 'guarantees'>, law: Law): void {
  for (const { grn, type, terms } of guarantees) {
    const allowed = law.guaranteeTypes.get(type)?.percent ?? []
    if (terms.percentage !== undefined && !allowed.includes(terms.percentage))
      throw new NodeFault(
        'CORRIDOR_FILE',
        `corridor.yaml › nodes › ${id} › guarantees › ${grn}: percentage ${terms.percentage} is none that type ${type} may have (${allowed.join(', ')})`,
      )
  }
}
