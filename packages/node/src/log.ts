import { redacted, tellError } from '@corridor/exchange'
import type { NodeClock } from './clock.ts'

/** A line of the node's log: what happened, with ids and codes; never a document, a token or a key. */
export type LogLine = (level: 'info' | 'warn' | 'error', text: string, fields?: Record<string, unknown>) => void

/**
 * Writes one JSON object a line: `time` (ISO 8601, UTC), `level`, `node`, `text`, `fields`. Of errors only what `tellError` allows, and
 * where they were thrown when they are no coded faults. While the clock is ahead of the machine's, each line says by how much.
 */
export function jsonLog(
  write: (line: string) => void,
  clock: Pick<NodeClock, 'now' | 'aheadMs'>,
  node: string,
): LogLine {
  return (level, text, fields = {}) => {
    const plain = Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error || name === 'error' ? describe(value) : value,
    ])
    const line = {
      time: clock.now().toISOString(),
      ...(clock.aheadMs > 0 && { clockAheadMs: clock.aheadMs }),
      level,
      node,
      text,
      fields: Object.fromEntries(plain) as object,
    }
    write(`${JSON.stringify(line, (_, value: unknown) => (typeof value === 'string' ? redacted(value) : value))}\n`)
  }
}

/** What may be said of something thrown, which need not be an error. */
function describe(thrown: unknown): Record<string, unknown> {
  const message = tellError(thrown)
  if (!(thrown instanceof Error)) return { message }
  const { code, remedy } = thrown as { code?: unknown; remedy?: unknown }
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    name: thrown.name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof remedy === 'string' ? {} : { at: frames.map((line) => line.trim()) }),
  }
}
