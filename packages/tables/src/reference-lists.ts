import { type ReferenceList, readReferenceLists } from '@corridor/customs'
import { ownFolders, textOf } from './files.ts'

/** The heads of the lists of reference data that this product knows. @throws CustomsFault naming the line that is wrong */
export function loadReferenceLists(customs: URL = ownFolders.customs): ReferenceList[] {
  return readReferenceLists(textOf(customs, 'reference/lists.tsv'))
}
