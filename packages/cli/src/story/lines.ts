import type { ActLine } from './driver.ts'

/** One line of the story for a terminal: time, who, which document, to whom, receipt. */
export function lineForPeople(line: ActLine): string {
  const time = new Date(line.at).toLocaleTimeString('en-GB')
  const receipt =
    line.receiptMs === null
      ? ''
      : line.document.startsWith('CD')
        ? `receipt ${line.receiptMs} ms`
        : `taken in ${line.receiptMs} ms`
  return [time, column(line.who, 22), column(`${line.document} ${line.title}`, 48), column(`→ ${line.to}`, 26), receipt]
    .join('  ')
    .trimEnd()
}

const column = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
