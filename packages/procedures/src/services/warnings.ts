/** Warnings of the central services about what we sent (CD903D). */
import type { Doc } from '@corridor/customs'
import { groups, text } from '../read.ts'

/** What a warning is about, and what it says. */
export interface Warning {
  /** Type of the document that was evaluated. */
  document: string
  /** yyyy-mm, of statistics. */
  month: string | null
  /** messageIdentification of the document, where the warning answers it. */
  about: string | null
  points: { pointer: string; code: string; value: string | null }[]
}

export function warningIn(doc: Doc): Warning {
  const year = text(doc, 'EvaluatedMessage.year')
  const month = text(doc, 'EvaluatedMessage.month')
  return {
    document: text(doc, 'EvaluatedMessage.messageType') ?? '',
    month: year === undefined || month === undefined ? null : `${year}-${month}`,
    about: text(doc, 'correlationIdentifier') ?? null,
    points: groups(doc, 'ConsistencyCheckWarning').map((point) => ({
      pointer: text(point, 'warningPointer') ?? '',
      code: text(point, 'warningCode') ?? '',
      value: text(point, 'originalAttributeValue') ?? null,
    })),
  }
}
