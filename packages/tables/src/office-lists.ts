import { type OfficeLists, readOfficeLists } from '@corridor/customs'
import { ownFolders, textOf } from './files.ts'

/** Which lists of customs offices follow from which roles. @throws CustomsFault */
export function loadOfficeLists(customs: URL = ownFolders.customs): OfficeLists {
  return readOfficeLists(textOf(customs, 'imports/office-lists.tsv'))
}
