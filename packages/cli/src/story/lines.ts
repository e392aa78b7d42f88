/** One line of a played story. `receiptMs`: milliseconds until the partner's signed receipt, for what goes between administrations. */
export interface ActLine {
  at: string
  node: string
  act: string
  document: string
  mrn: string
  to: string
  messageId: string
  receiptMs: number | null
  state: string
  /** For people: who did it, and the document's name. */
  who: string
  title: string
}

/** One movement of a story: our number for it, and once it is accepted its MRN. */
export interface Played {
  lrn: string
  mrn: string
}

/** What is said of a step; the rest of the line is known. `from`: who did it, when that is not the step's account. */
export type SaidOf = Partial<Omit<ActLine, 'at' | 'node' | 'act' | 'mrn' | 'who'>> & { played?: Played; from?: string }

/** One line of the story for a terminal: time, who, which document, to whom, receipt. */
export function lineForPeople(line: ActLine): string {
  const time = new Date(line.at).toLocaleTimeString('en-GB')
  const receipt =
    line.receiptMs === null
      ? ''
      : line.document.startsWith('CD')
        ? `receipt ${durationForPeople(line.receiptMs)}`
        : `taken in ${durationForPeople(line.receiptMs)}`
  return [
    time,
    column(line.who, 22),
    column(`${line.document} ${line.title}`.trim(), 48),
    column(line.to === '' ? '' : `→ ${line.to}`, 26),
    receipt,
  ]
    .join('  ')
    .trimEnd()
}

/** What took long, because somebody was away, is no number of milliseconds to a reader: `9 h 1 min`. */
export function durationForPeople(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return `${ms} ms`
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const column = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
