import { readTable } from '@corridor/customs'

/** How far a movement is, as the copies tell. `mentioned`: nothing of it is known but that somebody spoke of it. */
export const states = [
  'mentioned',
  'accepted',
  'released',
  'crossed',
  'arrived',
  'enquiry',
  'written-off',
  'invalidated',
  'not-released',
  'recovered',
] as const
export type MovementState = (typeof states)[number]

export type Means = Exclude<MovementState, 'mentioned'> | 'locks' | 'frees'
export type Side = 'departure' | 'transit' | 'destination'

/** What a type of copy means, and which side of the movement may say it. */
export interface Meaning {
  means: Means
  by: Side
}
export type Meanings = ReadonlyMap<string, Meaning>

const meant: ReadonlySet<string> = new Set([...states.slice(1), 'locks', 'frees'])
const sides: ReadonlySet<string> = new Set(['departure', 'transit', 'destination'])

/** Compiles `meanings.tsv`. @throws Error naming the line that is wrong */
export function readMeanings(text: string): Meanings {
  const meanings = new Map<string, Meaning>()
  for (const row of readTable(text, ['type', 'means', 'by', 'why'], 'meanings.tsv').rows) {
    const [type, means, by] = [row.cell('type'), row.cell('means'), row.cell('by')]
    if (!meant.has(means) || !sides.has(by) || meanings.has(type))
      throw new Error(`meanings.tsv, line ${row.line}: ${type} ${means} ${by} cannot be`)
    meanings.set(type, { means: means as Means, by: by as Side })
  }
  return meanings
}
