import type { Database } from '@corridor/database'
import { warnOfCertificate } from '@corridor/exchange'
import type { LogLine } from '../log.ts'
import { certificatesAt } from './breaks.ts'
import type { KnownCertificate } from './known.ts'

/** Days before the end at which people are told; 0: it has ended. */
const steps = [0, 1, 7, 30, 60]
const lookEveryMs = 3_600_000

interface Warning {
  db: Database
  known: readonly KnownCertificate[]
  clock: () => Date
  log: LogLine
}

/** Tells in journal and log which certificates end soon: each once at 60, 30, 7 and one day before, and when it has ended. */
export async function warnOfEndings({ db, known, clock, log }: Warning): Promise<void> {
  const now = clock()
  for (const each of certificatesAt(known, now)) {
    const { party, use, fingerprint, daysLeft, validTo, breaks, isPrepared, place } = each
    const within = steps.find((step) => daysLeft < step || (step === 0 && each.state === 'ended'))
    if (within === undefined || breaks === null) continue
    if (!(await warnOfCertificate(db, now, { party, use, fingerprint, endsAt: new Date(validTo), within }))) continue
    const level = within <= 7 ? 'error' : 'warn'
    log(level, 'certificate.ends', { party, use, place, daysLeft, breaks: breaks.code, isPrepared })
  }
}

/** Looks at once and every hour. @returns how to stop */
export function keepWarning(parts: Warning): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve()
  const look = (): void => {
    looking = looking
      .then(() => warnOfEndings(parts))
      .catch((error: unknown) => parts.log('warn', 'certificates.warn', { error }))
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    return looking
  }
}
