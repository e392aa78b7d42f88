import { DatabaseFault, sqlState } from '@corridor/database'

const catalogue = {
  'border.unreachable':
    'Check address and network, and whether it runs. A node keeps what is for the other side and tries again by itself.',
  'border.wrong-password':
    'Check role and password in the URL. A member gets another password from the operator: `corridor border prepare --new-password PARTY`.',
  'border.no-tls':
    'Give a URL with sslmode=verify-full (and sslrootcert=FILE where its authority is not a public one). Without it, anybody on the way could play the border database.',
  'border.bad-url': 'A URL is needed as in postgres://role:password@host:5432/database?sslmode=verify-full.',
  'border.not-a-member':
    'Ask the operator of the border database to make this party a member: `corridor border prepare --member PARTY`.',
  'border.no-such-member': '`corridor border prepare` alone lists the members.',
  'border.other-party': 'Give this node the URL of its own role; each member has one.',
  'border.not-prepared': 'Its operator has to run `corridor border prepare` with the version of this program.',
  'border.too-large':
    'The operator of the border database says how large an object may be, up to what a node reads (`corridor border prepare --object-megabytes`).',
  'border.full':
    'This addressee takes nothing, or not fast enough; what is for others goes on. What waits is sent by itself when there is room; the operator can give more.',
  'border.expiry':
    'The clock of this node and that of the border database differ by days, or the object lives too long. Mend the clock.',
  'border.unknown-addressee': 'The addressee is no member of the border database. Ask its operator.',
  'border.refused': 'The border database did not take it; what PostgreSQL said is above.',
  'border.broken-answer':
    'The border database says more than it was asked for, or something else. What is for the other side waits here; ask its operator.',
  'border.superuser':
    'Run this as the role that owns the border database, and not as a superuser: `corridor border create` makes such a role, once.',
  'border.not-owner': 'Run this as the role that owns the border database; it must be allowed to create roles.',
  'border.server-too-old':
    'A border database needs PostgreSQL 16 or newer: in 15 a role that may create roles may give itself any right.',
  'border.bad-password': 'A password has 16 to 200 printable ASCII characters without spaces.',
  'border.bad-party':
    'A party id has up to 100 printable ASCII characters without spaces, as in corridor.yaml: NTA.AL.',
} as const

/** Codes of the faults of a border database. */
export type BorderFaultCode = keyof typeof catalogue

/** A coded fault of a border database; `message` says what to do and carries neither passwords nor content. */
export class BorderFault extends Error {
  readonly code: BorderFaultCode
  readonly remedy: string
  /** See `Carrier` of @corridor/exchange. */
  readonly isFinal: boolean

  constructor(code: BorderFaultCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}\n${catalogue[code]}`, { cause })
    this.name = 'BorderFault'
    this.code = code
    this.remedy = catalogue[code]
    this.isFinal = code === 'border.too-large'
  }
}

/** What the triggers of the schema raise, and what PostgreSQL says to a role that has no rights here. */
const known: Readonly<Record<string, BorderFaultCode>> = {
  CB001: 'border.too-large',
  CB002: 'border.full',
  CB003: 'border.expiry',
  CB004: 'border.unknown-addressee',
  '42501': 'border.not-a-member',
  '3F000': 'border.not-prepared',
  '42P01': 'border.not-prepared',
  '42883': 'border.not-prepared',
  '23502': 'border.refused',
  '23514': 'border.refused',
}

/** An error of a member's statement as a fault of the border database; what is none of its own comes back as it was. */
export function asBorderFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BorderFault) return error
  if (error instanceof DatabaseFault) {
    if (error.code === 'database.unreachable') return new BorderFault('border.unreachable', error.message, error)
    if (error.code === 'database.long-answer') return new BorderFault('border.broken-answer', error.message, error)
    if (error.code === 'database.wrong-password') return new BorderFault('border.wrong-password', error.message, error)
    return error
  }
  const code = known[sqlState(error) ?? '']
  return code === undefined ? error : new BorderFault(code, error.message, error)
}
