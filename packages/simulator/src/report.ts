import type { Run } from './run.ts'

/** The command that plays a seed again, step by step. */
export const replayCommand = (seed: number): string => `npx --no corridor simulate --seed ${seed}`

/** What somebody needs who is to find out why a seed failed; undefined when it did not. */
export function tellViolation({ seed, violation }: Run): string | undefined {
  if (violation === undefined) return undefined
  const { invariant, step, what, last } = violation
  return [
    `seed ${seed}, step ${step}: ${invariant} ${what}`,
    `the last ${last.length} lines before it:`,
    ...last,
    `play it again: ${replayCommand(seed)}`,
  ].join('\n')
}
