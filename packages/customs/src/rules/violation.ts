import type { Place } from '../document.ts'
import { functionalErrorCode } from '../finding.ts'
import type { Run } from './facts.ts'
import type { Frame } from './frame.ts'

/** A consequence that does not hold, at a place. */
export interface Violation {
  readonly kind: 'condition' | 'rule'
  readonly code: string
  readonly place: Place
  readonly value?: string
  readonly allowed?: string
  readonly remedy: string
}

export type Consequence = (at: Frame, run: Run) => readonly Violation[]

/** Nothing is wrong. */
export const holds: readonly Violation[] = []

/** A value that is not as the rule wants it. */
export function wrong(frame: Frame, allowed: string): Violation {
  return {
    kind: 'rule',
    code: functionalErrorCode.rule,
    place: frame,
    ...valueOf(frame),
    allowed,
    remedy: `Change ${frame.name}: ${allowed}.`,
  }
}

/** An element that is not there and has to be. */
export function missing(gap: { readonly group: Frame; readonly name: string }, remedy?: string): Violation {
  return {
    kind: 'condition',
    code: functionalErrorCode.missing,
    place: { parent: gap.group, name: gap.name, index: 0 },
    remedy: remedy ?? `Add ${gap.name}.`,
  }
}

/** The value of a field; groups have none. */
export function valueOf({ value }: Frame): { value?: string } {
  return typeof value === 'string' ? { value } : {}
}

/** The violations of some frames, and the shared empty list when none is wrong. */
export function eachWrong(
  frames: readonly Frame[],
  isRight: (frame: Frame) => boolean,
  allowed: () => string,
): readonly Violation[] {
  let found: Violation[] | undefined
  for (const frame of frames) if (!isRight(frame)) (found ??= []).push(wrong(frame, allowed()))
  return found ?? holds
}
