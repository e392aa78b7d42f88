import { Violation } from '../violation.ts'

/** Two or three nodes, their law and all that a run remembers. */
const mostBytes = 768 * 2 ** 20

/** I12: memory does not grow with what has passed through. @returns the resident size of this process, in bytes */
export function memoryIsBounded(): number {
  const bytes = process.memoryUsage.rss()
  if (bytes > mostBytes) throw new Violation('I12', `the process has ${Math.round(bytes / 2 ** 20)} MiB`)
  return bytes
}
