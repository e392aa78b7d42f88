/** Whether the system of an administration can be had (CD974C, CD975C). */
import type { Doc } from '@corridor/customs'
import { text } from '../read.ts'
import { unavailableAt, type Unavailability } from './unavailability.ts'

/** The question about a movement; a partner answers it by itself. */
export const availabilityRequest = (mrn: string): Doc => ({ Header: { MRN: mrn } })

/** The answer: unavailable where the own administration has announced it for this moment, though the node still answers. */
export function availabilityAnswer(
  request: Doc,
  { country, known, now }: { country: string; known: readonly Unavailability[]; now: string },
): Doc {
  const isUnavailable = unavailableAt(known, now).some(
    (each) => each.country === country && each.functionality === 'T' && each.type !== 'N',
  )
  return { Header: { MRN: text(request, 'Header.MRN') ?? '', status: isUnavailable ? 'UNA' : 'AVA' } }
}
