import type { Doc } from '@corridor/customs'
import type { Movement } from './types.ts'

/**
 * The documents that came before in a movement, for rules that compare with them (`facts.previous` of the check). An office has what its
 * record keeps: departure the declaration with all amendments in it, destination the anticipated arrival record.
 * @returns undefined when the movement is not known, so that there is nothing to compare with
 */
export function earlierIn(
  movement: Pick<Movement, 'role' | 'mrn' | 'data'> | undefined,
): ((type: string) => Doc | undefined) | undefined {
  if (movement?.data.record === undefined) return undefined
  const { role, mrn, data } = movement
  const { record } = data
  if (role === 'destination') return (type) => (type === 'CD001C' ? record : undefined)
  if (role !== 'departure') return undefined
  const accepted: Doc | undefined =
    mrn === '' ? undefined : { TransitOperation: { MRN: mrn, declarationAcceptanceDate: data.acceptanceDate ?? '' } }
  return (type) => ({ CC015C: record, CC028C: accepted })[type]
}
