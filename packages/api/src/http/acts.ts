import type { ActRefusal, Done } from '@corridor/casework'
import { ApiFault } from '../faults.ts'
import { object, ref, refusals, type Schema, signedIn, text } from '../schemas/common.ts'

/** Headers of a request that is done once for its key. */
export const keyHeaders: Schema = {
  type: 'object',
  properties: { 'idempotency-key': { ...text, description: 'Needed; a UUID is good' } },
}

/** Answers of an act: what it was done to, under its name, and the refusals. */
export function actAnswers(name: string, schema: string): Record<number, Schema> {
  return {
    200: { description: 'Done', ...object({ [name]: ref(schema) }) },
    ...refusals(...signedIn, 404, 409, 413, 415, 422),
  }
}

/** What an act answers when it was done. @throws {ApiFault} for each way in which it was not */
export function doneOf<Answer extends object>(outcome: Done<Answer> | ActRefusal): Done<Answer> {
  switch (outcome.kind) {
    case 'done':
      return outcome
    case 'forbidden':
      throw new ApiFault('act-refused', outcome.detail === undefined ? {} : { detail: outcome.detail })
    case 'not-found':
      throw new ApiFault('not-found')
    case 'conflict': {
      const { detail, version } = outcome
      throw new ApiFault('conflict', { detail, ...(version !== undefined && { version }) })
    }
    case 'invalid':
      throw new ApiFault('invalid', { errors: outcome.errors })
    case 'key-reused':
      throw new ApiFault('idempotency-key-reused')
  }
}
