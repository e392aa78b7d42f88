/** Where a document goes: the records of one administration that it is for, as casework finds them. */
import type { Doc } from '@corridor/customs'
import { groups, type Law, type Role, text, texts } from '@corridor/procedures'
import { offices, partyOf } from './corridor.ts'

/** A document on its way from one administration to one (the same, when it goes from office to office at home). */
export interface Letter {
  type: string
  doc: Doc
  sender: string
  to: string
  /** It was delivered before, or answers what was: it may be refused as out of sequence, and must do no harm. */
  copy: boolean
}

/**
 * The places in {@link offices} of the records that a document is for, in the order of its route.
 * @param holds whether the record of a place is there, for documents that name no office
 */
export function placesFor(law: Law, { type, doc, to }: Letter, holds: (place: number) => boolean): number[] {
  const countries = new Set(texts(doc, 'Guarantee.GuaranteeReference.GRN').map((grn) => grn.slice(2, 4)))
  const found = (law.routes.get(type)?.targets ?? []).flatMap(({ role, office: group }) => {
    if (group === 'MRN') return held(role, to, holds)
    if (group === '')
      return placesOf(role, to, (reference) => countries.size === 1 && countries.has(reference.slice(0, 2)))
    const named = new Set(groups(doc, group).map((member) => text(member, 'referenceNumber') ?? ''))
    return placesOf(role, to, (reference) => named.has(reference))
  })
  return [...new Set(found)]
}

/** Of several offices that hold it, the one that casework finds: any; of none, the first, which then knows nothing. */
function held(role: Role, party: string, holds: (place: number) => boolean): number[] {
  const all = placesOf(role, party, () => true)
  const first = all.find(holds) ?? all[0]
  return first === undefined ? [] : [first]
}

function placesOf(role: Role, party: string, isMeant: (reference: string) => boolean): number[] {
  return offices.flatMap((office, place) =>
    office.role === role && partyOf(office.reference) === party && isMeant(office.reference) ? [place] : [],
  )
}
