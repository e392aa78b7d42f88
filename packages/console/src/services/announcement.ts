import type { Unavailability } from '../api/services-types.ts'

/** What the form has; moments as a field of a browser has them: local, without a zone. */
export interface Entries {
  type: string
  functionality: string
  explanation: string
  startsAt: string
  endsAt: string
  fallback: '' | '0' | '1'
  text: string
}

/** The form of a new announcement, or of one that is there. */
export function entriesOf(known: Unavailability | undefined): Entries {
  return {
    type: known?.type ?? 'S',
    functionality: known?.functionality ?? 'T',
    explanation: known?.explanation ?? '01',
    startsAt: known === undefined ? '' : localOf(known.startsAt),
    endsAt: known === undefined || known.endsAt === null ? '' : localOf(known.endsAt),
    fallback: known === undefined || known.fallback === null ? '' : known.fallback ? '1' : '0',
    text: known?.text ?? '',
  }
}

/** A moment of a document (UTC without a zone) as a field has it. */
export function localOf(moment: string): string {
  const at = new Date(`${moment}Z`)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** A moment of a field as documents have it; what is none stays as it is, for the node to refuse. */
export function utcOf(local: string): string {
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? local : at.toISOString().slice(0, 19)
}
