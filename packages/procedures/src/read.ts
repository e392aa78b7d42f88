import type { Doc } from '@corridor/customs'

export { groups, text, texts } from '@corridor/customs'

/** A copy without the entries whose value is undefined: optional elements that are not there. */
export function present(entries: Record<string, Doc[string] | undefined>): Doc {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Doc[string]] => entry[1] !== undefined),
  )
}

/** Numbers the members of a repeated group from 1, as NCTS does. */
export function numbered(members: Doc[]): Doc[] {
  return members.map((member, index) => ({ sequenceNumber: String(index + 1), ...member }))
}
