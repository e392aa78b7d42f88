/** What a hostile document costs: CPU and memory of reading it. */
import { table, type Hostile } from './hostile-syntax.ts'

/** CPU that reading may take: 50 ms and 20 ms for each megabyte of input. */
const allowedMs = (bytes: number): number => 50 + (20 * bytes) / 1e6

/** Milliseconds of CPU to read some bytes: the best of a few tries, because other work of the process counts too. */
function cpuOf(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown, tries: number): number {
  let best = Infinity
  for (let time = 0; time < tries; time++) {
    const started = process.cpuUsage()
    read(bytes)
    const { user, system } = process.cpuUsage(started)
    best = Math.min(best, (user + system) / 1000)
    if (best <= allowedMs(bytes.length)) break
  }
  return best
}

/** Each kind with its size, its CPU and what it may take, the dearest by its share first. */
export function measured(
  kinds: readonly Hostile[],
): { kind: string; megabytes: number; cpuMs: number; allowedMs: number }[] {
  return kinds
    .map(({ kind, bytes, read = table.read }) => {
      const document = bytes()
      const [cpuMs, allowed] = [cpuOf(document, read, 6), allowedMs(document.length)]
      return {
        kind,
        megabytes: Number((document.length / 1e6).toFixed(2)),
        cpuMs: Number(cpuMs.toFixed(1)),
        allowedMs: Math.round(allowed),
      }
    })
    .sort((a, b) => b.cpuMs / b.allowedMs - a.cpuMs / a.allowedMs)
}
