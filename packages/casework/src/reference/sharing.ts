/** Reference data that goes over the links, as the corridor agreed on it. */
import type { ReferenceList } from '@corridor/customs'

/** A list that one administration owns and others take from it. */
export interface SharedList extends Pick<ReferenceList, 'id' | 'kind' | 'illustrative'> {
  /** for people */
  readonly name: string
  /** party that alone changes it */
  readonly owner: string
  /** country of the owner, ISO 3166 alpha-2 */
  readonly country: string
  /** parties that take it */
  readonly subscribers: readonly string[]
}

/** The head of a list that nobody declared here yet: nothing of it is a partner's word. */
export function headOf({ id, name, owner, country, kind, illustrative }: SharedList): ReferenceList {
  return {
    id,
    names: [name],
    source: owner,
    version: '',
    owner,
    ...(kind === 'national' && { country }),
    kind,
    illustrative,
    completeness: 'filled-by-administration',
    note: '',
  }
}
