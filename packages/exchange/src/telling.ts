/** Longest text that is told of one error. */
const longest = 2_000

/** Where a key, a document or a bearer token begins; what follows is not told. */
const secret = /-----BEGIN|<[A-Za-z?!/]|\bBearer\s/

/** A text without what nobody may read in a log or a journal: it ends where a key, a document or a bearer token begins. */
export function redacted(text: string): string {
  const at = text.search(secret)
  return (at < 0 ? text : `${text.slice(0, at)}[left out]`).slice(0, longest)
}

/** The parts of PostgreSQL's error that name things of the schema, never values. */
interface ServerError extends Error {
  severity: string
  code: string
  table?: string
  constraint?: string
  column?: string
}

/**
 * What may be told of an error in a log, in the journal, to an operator. PostgreSQL and the reader of JSON quote what they could not
 * digest, which may be anybody's document: of them only codes and names of the schema are told.
 */
export function tellError(error: unknown): string {
  if (!(error instanceof Error)) return `something was thrown that is no error (${typeof error})`
  if (isServerError(error)) {
    const names = (['table', 'constraint', 'column'] as const).flatMap((what) =>
      error[what] ? [`${what} ${error[what]}`] : [],
    )
    return [`PostgreSQL ${error.code}`, ...names].join(', ')
  }
  if (error instanceof SyntaxError) return error.name
  const cause = error.cause instanceof Error ? ` (${tellError(error.cause)})` : ''
  return redacted(`${error.message || error.name}${cause}`)
}

function isServerError(error: Error): error is ServerError {
  const { severity, code } = error as Partial<ServerError>
  return typeof severity === 'string' && typeof code === 'string'
}
