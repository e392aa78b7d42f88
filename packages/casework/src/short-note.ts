/** The journal says what was wrong, not all of it ten thousand times. */
const longest = 2_000

/** A note as the journal keeps it: cut where it is too long, and never within a character, which the database would refuse for ever. */
export const shortNote = (note: string): string => note.slice(0, longest).toWellFormed()
