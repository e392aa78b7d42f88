/** What the store or a decision refuses about reference data, as problems with place, value and remedy. */
import type { CodeUse, ReferenceDone, ReferenceOutcome } from '@corridor/casework'
import { reference } from '@corridor/registry'
import { ApiFault, type ApiFaultCode } from '../faults.ts'

/** Wrong lines of a file that a problem names. */
const mostLines = 100

type Saying = (subject: string) => { field: string; value?: string; remedy: string }

/** A fault's subject is the id of a list, with the number of a version where one is meant. */
const refusals: Partial<Record<reference.RegistryReferenceFaultCode, [ApiFaultCode, Saying?]>> = {
  'reference.unknown-list': ['not-found'],
  'reference.unknown-version': ['not-found'],
  'reference.list-busy': [
    'list-busy',
    (value) => ({ field: 'list', value, remedy: 'Somebody else changes it at this moment: send the request again.' }),
  ],
  'reference.version-open': [
    'version-open',
    (value) => ({ field: 'list', value, remedy: 'Publish the version that is open, or discard it, first.' }),
  ],
  'reference.version-moved': [
    'version-moved',
    (value) => ({
      field: 'base',
      value,
      remedy: 'Look at what the newer version changed, and make the changes on it.',
    }),
  ],
  'reference.wrong-state': [
    'wrong-state',
    (value) => ({
      field: 'number',
      value,
      remedy: 'Look at the version again: it has moved on, or has to be reviewed.',
    }),
  ],
  'reference.not-owner': [
    'not-owner',
    (value) => ({ field: 'list', value, remedy: 'Ask the administration that owns the list to change it.' }),
  ],
  'reference.same-person': [
    'same-person',
    (value) => ({ field: 'number', value, remedy: 'Ask another reference-data manager to review it.' }),
  ],
  'reference.most-ended': [
    'most-ended',
    (value) => ({
      field: 'ending',
      value,
      remedy: 'It may be half a file: look whether all of it is there. If all of it is meant, send ending as true.',
    }),
  ],
}

/** Throws what a fault of the store means to the caller. @throws {ApiFault} */
export function refuse(error: unknown): never {
  if (!(error instanceof reference.RegistryReferenceFault)) throw error
  const [code, saying] = refusals[error.code] ?? []
  if (code === undefined) throw error
  const place = saying?.(error.subject)
  throw new ApiFault(code, {
    ...(place ? { detail: place.remedy, errors: [place] } : { detail: 'There is no such list or version.' }),
    ...(code === 'list-busy' && { headers: { 'retry-after': '1' } }),
  })
}

/** What was done. @throws {ApiFault} for any other outcome */
export function doneOf(outcome: ReferenceOutcome): ReferenceDone {
  switch (outcome.kind) {
    case 'done':
      return outcome
    case 'invalid':
      throw new ApiFault('invalid', { errors: outcome.errors })
    case 'wrong-file': {
      const { wrong, wrongLines } = outcome
      const errors = wrong
        .slice(0, mostLines)
        .map(({ line, reason }) => ({ field: line > 0 ? `line ${line}` : 'file', remedy: `Correct this: ${reason}.` }))
      throw new ApiFault('wrong-file', { detail: `Nothing was imported. Wrong lines: ${wrongLines}.`, errors })
    }
    case 'codes-in-use':
      throw new ApiFault('codes-in-use', {
        detail: 'Give a reason to publish it all the same; it goes to the note.',
        errors: inUse(outcome.uses),
      })
    case 'key-reused':
      throw new ApiFault('idempotency-key-reused')
  }
}

function inUse(uses: readonly CodeUse[]) {
  return [...Map.groupBy(uses, ({ code }) => code)].slice(0, mostLines).map(([code, found]) => {
    const mrns = [...new Set(found.map(({ mrn }) => mrn))]
    const shown = mrns.slice(0, 3).join(', ') + (mrns.length > 3 ? ' …' : '')
    return { field: 'reason', value: code, remedy: `Movements under way use ${code}: ${shown}. Say why it ends.` }
  })
}
