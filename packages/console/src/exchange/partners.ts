import type { Partner } from '../api/types.ts'
import { country } from '../lib/format.ts'

/** An administration of one country is called by its country, in the person's language. */
export function partnerName({ party, name }: Pick<Partner, 'party' | 'name'>): string {
  const code = /^NTA\.([A-Z]{2})$/.exec(party)?.[1]
  return code ? country(code) : name
}
