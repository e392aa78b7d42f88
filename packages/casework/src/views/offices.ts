import type { Directory } from '../directory.ts'
import type { OfficeView } from '../view.ts'

/** An office as screens show it; one that no list has is shown by its reference. */
export function officeView(directory: Directory, reference: string): OfficeView {
  const office = directory.office(reference)
  return { ref: reference, name: office?.name ?? reference, country: office?.country ?? reference.slice(0, 2) }
}
