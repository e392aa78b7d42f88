import type { Checked } from './checked.ts'

/** How a node reaches the national system of its administration. */
export const nationalKinds = ['database-triggers', 'watched-folder', 'rest'] as const

/** The national system of a node's administration. */
export interface CorridorNationalSystem {
  kind: (typeof nationalKinds)[number]
  /** Form of its declarations: a folder of `packages/declarations/forms`. */
  form: string
  /** National currency (ISO 4217): what its form leaves unsaid. */
  currency: string
  /** How a file of a watched folder is known to be whole. */
  whole: 'rename' | 'quiet'
}

/** `nationalSystem: { kind: database-triggers, form: asycuda-world-like, currency: AFN }` of a node; null without one. */
export function nationalFrom(told: Checked | null): CorridorNationalSystem | null {
  if (told === null) return null
  return {
    kind: told.text('kind', (kind) => nationalKinds.some((known) => known === kind)) as CorridorNationalSystem['kind'],
    form: told.text('form', /^[a-z][a-z0-9-]{0,39}$/),
    currency: told.text('currency', /^[A-Z]{3}$/),
    whole: told.has('whole') ? (told.text('whole', /^(rename|quiet)$/) as CorridorNationalSystem['whole']) : 'rename',
  }
}
