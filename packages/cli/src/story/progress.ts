import { randomUUID } from 'node:crypto'
import type { Played } from './lines.ts'

/** Where a story stands; enough to go on after a stop. */
export interface Progress extends Played {
  next: number
  /** Movements beside the first, by the names that the story gives them. */
  others?: Record<string, Played>
  /** What steps kept of an answer for later ones. */
  kept?: Record<string, string>
}

/** A movement that is not declared yet. */
export function newMovement(): Played {
  return { lrn: `STORY${randomUUID().replaceAll('-', '').slice(0, 13).toUpperCase()}`, mrn: '' }
}

/** The movement that a step is about: the story’s first, or the one that it names. */
export function movementOf({ movement }: { movement?: string }, progress: Progress): Played {
  if (movement === undefined) return progress
  return ((progress.others ??= {})[movement] ??= newMovement())
}
