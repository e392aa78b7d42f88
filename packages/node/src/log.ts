/** A line of the node's log: what happened, with ids and codes; never a document, a token or a key. */
export type LogLine = (level: 'info' | 'warn' | 'error', event: string, facts?: Record<string, unknown>) => void

/** Writes one JSON object a line. Errors are given as name, code and message; stacks only for what is not a coded fault. */
export function jsonLog(write: (line: string) => void, clock: () => Date, node: string): LogLine {
  return (level, event, facts = {}) => {
    const plain = Object.entries(facts).map(([name, value]) => [name, value instanceof Error ? describe(value) : value])
    write(`${JSON.stringify({ at: clock().toISOString(), level, node, event, ...Object.fromEntries(plain) })}\n`)
  }
}

function describe(error: Error): Record<string, unknown> {
  const code = (error as { code?: unknown }).code
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : { stack: error.stack }),
    ...(error.cause instanceof Error ? { cause: describe(error.cause) } : {}),
  }
}
