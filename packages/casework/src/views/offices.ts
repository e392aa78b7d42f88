import type { Directory } from '../directory.ts'
import type { OfficeView } from '../view.ts'

/** An office as screens show it: by the name that the corridor or published reference data has for it, else by its reference. */
export function officeView(directory: Directory, reference: string): OfficeView {
  const office = directory.office(reference)
  return { ref: reference, name: directory.nameOf(reference), country: office?.country ?? reference.slice(0, 2) }
}
