import type { Movement } from '@corridor/procedures'
import type { Directory } from '../directory.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { OfficeView } from '../view.ts'

/** An office as screens show it: by the name that the corridor or published reference data has for it, else by its reference. */
export function officeView(directory: Directory, reference: string): OfficeView {
  const office = directory.office(reference)
  return { ref: reference, name: directory.nameOf(reference), country: office?.country ?? reference.slice(0, 2) }
}

/** The office that keeps the movement's guarantee; that of the own country for a movement without one. */
export function guaranteeOfficeOf({ directory }: CaseworkPorts, movement: Movement): string | undefined {
  const country = movement.data.guarantees?.[0]?.grn.slice(2, 4) ?? directory.country
  return directory.guaranteeOffice(country) ?? directory.guaranteeOffice(directory.country)
}
