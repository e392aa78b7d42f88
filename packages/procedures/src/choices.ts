import { text, texts } from './read.ts'
import type { ActField, Law, Movement } from './types.ts'

/** Codes that only some movements allow: an officer is offered, and may give, no other. By list and code. */
const onlyFor: Record<string, (movement: Pick<Movement, 'data'>) => boolean> = {
  // R0910, R0912: the simplified procedure is for an authorised consignor's goods, and not for TIR.
  'departure-result A3': ({ data: { record } }) =>
    texts(record, 'Authorisation.type').includes('C521') && text(record, 'TransitOperation.declarationType') !== 'TIR',
}

/** What may be chosen in a field of an act on a movement. */
export function choicesOf(
  law: Pick<Law, 'choices'>,
  { list }: Pick<ActField, 'list'>,
  movement?: Pick<Movement, 'data'>,
): { code: string; text: string }[] {
  return (law.choices.get(list) ?? []).filter(({ code }) => {
    const allows = onlyFor[`${list} ${code}`]
    return allows === undefined || (movement !== undefined && allows(movement))
  })
}
