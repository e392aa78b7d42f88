/** Lists that several share: `CL141/NTA.AL` is the part of `CL141` that Albania's administration publishes. */
import type { CodeListPart, CodeListSource, DatedCode } from '../codelists/code-lists.ts'
import type { OfficeLists } from '../codelists/office-lists.ts'
import { customsOfficeOf, rolesOf } from './customs-office.ts'
import { namesOf, type ReferenceEntry, type ReferenceList, textIn } from './entry.ts'

/** The list that a list is a part of: `CL141` of `CL141/NTA.AL`; itself when it is whole. */
export function baseOf(list: string): string {
  return list.split('/')[0]!
}

/** Where the codes of a list come from. */
export function sourceOfList({ names, source, version, owner, illustrative }: ReferenceList): CodeListSource {
  return { name: names[0] ?? '', source, version, illustrative, ...(owner !== undefined && { owner }) }
}

/** A list, or a part of one, for checks. */
export function partOf(head: ReferenceList, codes: readonly DatedCode[]): CodeListPart {
  return { source: sourceOfList(head), covers: baseOf(head.id) === head.id ? 'whole' : 'part', codes }
}

/** An entry for checks: its days, and what it is called in English or, without that, in any language. */
export function codeOf(entry: ReferenceEntry): DatedCode {
  const { code, validFrom, validTo } = entry
  return { code, text: textIn(namesOf(entry), 'en'), validFrom, validTo }
}

/** An office for checks, with its roles (CL056). */
export interface OfficeCode extends DatedCode {
  readonly roles: readonly string[]
}

/** The office of an entry of CL141 or of a part of it. */
export function officeCodeOf(entry: ReferenceEntry): OfficeCode {
  return { ...codeOf(entry), roles: rolesOf(customsOfficeOf(entry)) }
}

/** The parts of each list of offices that follow from the roles of the offices in a part of CL141. */
export function officeParts(
  lists: OfficeLists,
  { source, covers }: Omit<CodeListPart, 'codes'>,
  offices: readonly OfficeCode[],
): ReadonlyMap<string, CodeListPart> {
  return new Map(
    lists.map(({ list, roles }) => {
      const codes = offices.filter((office) => office.roles.some((role) => roles.includes(role)))
      return [list, { source, covers, codes }]
    }),
  )
}
