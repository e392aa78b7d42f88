import type { Doc } from '@corridor/customs'
import { groups, text } from './read.ts'

/** Access codes by the GRN that they belong to. */
export type AccessCodes = Readonly<Record<string, string>>

/** The access codes that a declaration gives. */
export function accessCodesOf(declaration: Doc): Record<string, string> {
  const codes: Record<string, string> = {}
  for (const reference of groups(declaration, 'Guarantee.GuaranteeReference')) {
    const grn = text(reference, 'GRN')
    const code = text(reference, 'accessCode')
    if (grn !== undefined && code !== undefined) codes[grn] = code
  }
  return codes
}

/** A declaration as it may be kept and shown: without the access codes of its guarantees. */
export function withoutAccessCodes(declaration: Doc): Doc {
  return withReferences(declaration, ({ accessCode: _, ...reference }) => reference)
}

/**
 * A declaration with its access codes again, for the document that tells its own declarant of the release: C0086 (CTC Traders TIS, NCTS
 * P5) asks for GRN and access code in CC029C as in CC015C. No other document has them from here.
 */
export function withAccessCodes(declaration: Doc, codes: AccessCodes): Doc {
  return withReferences(declaration, (reference) => {
    const accessCode = codes[text(reference, 'GRN') ?? '']
    return accessCode === undefined ? reference : { ...reference, accessCode }
  })
}

function withReferences(declaration: Doc, change: (reference: Doc) => Doc): Doc {
  const guarantees = groups(declaration, 'Guarantee').map((guarantee) =>
    guarantee['GuaranteeReference'] === undefined
      ? guarantee
      : { ...guarantee, GuaranteeReference: groups(guarantee, 'GuaranteeReference').map(change) },
  )
  return guarantees.length === 0 ? declaration : { ...declaration, Guarantee: guarantees }
}
