import type { Place } from '../document.ts'
import { functionalErrorCode } from '../finding.ts'
import type { Frame } from './path.ts'
import type { Env } from './terms.ts'

/** A consequence that does not hold, at a place. */
export interface Violation {
  readonly kind: 'condition' | 'rule'
  readonly code: string
  readonly place: Place
  readonly value?: string
  readonly allowed?: string
  readonly remedy: string
}

export type Consequence = (at: Frame, env: Env) => Violation[]

/** A value that is not as the rule wants it. */
export function wrong(frame: Frame, allowed: string): Violation {
  return {
    kind: 'rule',
    code: functionalErrorCode.rule,
    place: frame.place,
    ...valueOf(frame),
    allowed,
    remedy: `Change ${frame.place.name}: ${allowed}.`,
  }
}

/** The value of a field; groups have none. */
export function valueOf({ value }: Frame): { value?: string } {
  return typeof value === 'string' ? { value } : {}
}
