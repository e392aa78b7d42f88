import { createHash } from 'node:crypto'
import { connect, type Database } from '@corridor/database'
import type { CarriedObject, Carrier, Log } from '@corridor/exchange'
import { borderAddress } from './address.ts'
import { asBorderFault, BorderFault } from './faults.ts'
import { sql } from './statements.ts'

/** How a node reaches a border database. */
export interface BorderDatabaseOptions {
  /** URL of this member's own role. */
  url: string
  /** Party id of this node; the role must be that party's. */
  party: string
  /** What is larger is refused unread, whatever the border database lets through. */
  largestObjectBytes?: number
  /** How many bytes one `waiting` reads at most, though always one object. */
  mostBytesAtOnce?: number
  /** A call is given up, with its connection, when its answer is not there after so long; default 600,000, for a large object on a thin line. */
  answerTimeoutMs?: number
  /** Shown to the operator beside the connection. */
  applicationName?: string
  log?: Log
}

/** A row of waiting.sql: what somebody else has written there. */
interface Row {
  sender: string | null
  id: string | null
  addressee: string | null
  kind: string | null
  expiresAt: unknown
  shownAt: unknown
  size: number
  bytes: Uint8Array | null
}

const longestPauseMs = 30_000
/** Bytes of a row beside those of its object; each column is looked at. */
const mostBesideBytes = 4_096
/** More than `waiting` is ever asked for. */
const mostRows = 2_000
/** So often is looked for what waits at most before it is answered: what is refused may be shown again and again. */
const mostRounds = 20
const isParty = /^[!-~]{1,100}$/
const isId = /^[!-~]{1,255}$/

/**
 * A border database as a carrier. No connection is made before the first call; a call rejects with a BorderFault (or DatabaseFault) when
 * the database does not answer or does not take the object, and may be repeated.
 * @throws BorderFault `border.bad-url`, `border.no-tls`
 */
export function openBorderDatabase(options: BorderDatabaseOptions): Carrier {
  const { party, largestObjectBytes = 16_000_000, mostBytesAtOnce = 32_000_000, log = () => undefined } = options
  const url = borderAddress(options.url).href
  const db = connect(url, {
    // Few: the role has a limit, and two processes of a node may share it while it is upgraded.
    max: 2,
    applicationName: options.applicationName ?? `corridor ${party}`,
    // It is another's: neither its rows nor its silence may cost this node more than this. Bytes travel as hexadecimal digits.
    answer: { bytes: 2 * (mostBytesAtOnce + largestObjectBytes) + mostRows * mostBesideBytes, rows: mostRows },
    answerTimeoutMs: options.answerTimeoutMs ?? 600_000,
  })
  const asMember = onceProven(db, party)
  const closing = new AbortController()

  const mark: Carrier['mark'] = async ({ sender, id }, as) => {
    await asMember(() => db.run(sql.mark, [sender, id, as]))
  }
  return {
    async put(object) {
      // The border database would take it as this party's own.
      if (object.sender !== party)
        throw new BorderFault('border.other-party', `an object of ${object.sender} is not ours to put`)
      // Its addressee would refuse it unread, and nobody would hear of it.
      const size = object.bytes.length
      if (size > largestObjectBytes)
        throw new BorderFault('border.too-large', `it has ${size} bytes; a node reads ${largestObjectBytes} at most`)
      return asMember(() => put(db, object))
    },
    async lies(object) {
      try {
        const [row] = await asMember(() => db.run<{ lies: boolean }>(sql.lies, [object.id, digestOf(object.bytes)]))
        return row?.lies === true
      } catch (error) {
        // Of a version that cannot tell: it is put again with all bytes, as before.
        if (error instanceof BorderFault && error.code === 'border.not-prepared') return false
        throw error
      }
    },
    async waiting(limit) {
      for (let rounds = 0; rounds < mostRounds; rounds++) {
        const rows = await asMember(() => db.run<Row>(sql.waiting, [limit, mostBytesAtOnce, largestObjectBytes]))
        if (rows.length > limit)
          throw new BorderFault('border.broken-answer', `${rows.length} objects came, and ${limit} were asked for`)
        const sound: CarriedObject[] = []
        for (const row of rows) {
          const object = objectOf(row, { party, largestObjectBytes })
          if (object !== undefined) {
            sound.push(object)
            continue
          }
          const [sender, id] = [row.sender, row.id].map((text) => (text ?? '').slice(0, 255)) as [string, string]
          log('warn', 'border.refused-unread', { sender, id, size: row.size })
          await mark({ sender, id }, 'refused')
        }
        // Nothing but rubbish is not the end of what waits.
        if (sound.length > 0 || rows.length === 0) return sound
      }
      return []
    },
    mark,
    onNew: (hear) => hearOf({ db, asMember, hear, closed: closing.signal }),
    async close() {
      closing.abort()
      await db.close()
    },
  }
}

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** Runs work as soon as it is proven, once, that the role is the party's: another's URL would show what is for the other. */
function onceProven(db: Database, party: string): <T>(work: () => Promise<T>) => Promise<T> {
  let proven: Promise<void> | undefined
  const prove = async (): Promise<void> => {
    const [row] = await db.run<{ party: string | null }>(sql.whoseRole)
    if (row?.party == null) throw new BorderFault('border.not-a-member', 'the role of the URL is of no member')
    if (row.party !== party) throw new BorderFault('border.other-party', `the role of the URL is that of ${row.party}`)
  }
  return async (work) => {
    try {
      await (proven ??= prove())
      return await work()
    } catch (error) {
      // Asked again with the next call: who was no member may have become one.
      proven = undefined
      throw asBorderFault(error)
    }
  }
}

async function put(db: Database, object: CarriedObject): ReturnType<Carrier['put']> {
  const { id, addressee, kind, expiresAt, bytes } = object
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [row] = await db.run<{ outcome: 'put' | 'there' | 'conflict' }>(sql.put, [
    id,
    addressee,
    kind,
    expiresAt,
    content,
  ])
  return row!.outcome
}

/** A row as an object for this party; undefined when it can be none, whatever put it there. */
function objectOf(
  { sender, id, addressee, kind, expiresAt, shownAt, bytes }: Row,
  { party, largestObjectBytes }: { party: string; largestObjectBytes: number },
): CarriedObject | undefined {
  if (!(bytes instanceof Uint8Array) || bytes.length === 0 || bytes.length > largestObjectBytes) return undefined
  if (sender === null || id === null || !isParty.test(sender) || !isId.test(id) || addressee !== party) return undefined
  if (kind !== 'message' && kind !== 'receipt') return undefined
  if (!(expiresAt instanceof Date) || Number.isNaN(expiresAt.getTime())) return undefined
  const isTold = shownAt instanceof Date && !Number.isNaN(shownAt.getTime())
  return { sender, id, addressee, kind, expiresAt, bytes, ...(isTold && { shownAt }) }
}

/** Listens from the moment on in which the database can be reached; after that the connection is re-made by itself. */
async function hearOf(parts: {
  db: Database
  asMember: <T>(work: () => Promise<T>) => Promise<T>
  hear: () => void
  closed: AbortSignal
}): Promise<() => Promise<void>> {
  const { db, asMember, hear, closed } = parts
  let stopped = false
  let unlisten: (() => Promise<void>) | undefined
  let again: NodeJS.Timeout | undefined
  const listen = async (): Promise<void> => {
    const [row] = await asMember(() => db.run<{ channel: string | null }>(sql.channel))
    if (row?.channel == null) throw new BorderFault('border.not-a-member', 'the role of the URL is of no member')
    const ends = await db.listen(row.channel, () => hear())
    if (stopped) await ends()
    else unlisten = ends
    // Something may have come before this connection listened.
    hear()
  }
  const tryLater = (pauseMs: number): void => {
    if (stopped) return
    again = setTimeout(() => {
      listen().catch(() => tryLater(Math.min(pauseMs * 2, longestPauseMs)))
    }, pauseMs)
    again.unref()
  }
  const stop = async (): Promise<void> => {
    stopped = true
    clearTimeout(again)
    await unlisten?.()
  }
  closed.addEventListener('abort', () => {
    stopped = true
    clearTimeout(again)
  })
  await listen().catch(() => tryLater(500))
  return stop
}
