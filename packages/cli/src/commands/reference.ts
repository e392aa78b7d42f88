import { UsageError } from '../arguments.ts'
import {
  referenceExport,
  referenceImport,
  referenceLists,
  referenceShow,
  referenceSubscribers,
} from './reference-data.ts'
import { referenceCopy } from './reference-copy.ts'
import { referenceVolume } from './reference-volume.ts'
import {
  referenceDifference,
  referenceDraft,
  referenceMove,
  referenceRestore,
  referenceVersions,
} from './reference-changes.ts'
import { referenceTables } from './reference-tables.ts'

const commands: Record<string, (typed: string[]) => Promise<number>> = {
  tables: referenceTables,
  lists: referenceLists,
  show: referenceShow,
  import: referenceImport,
  export: referenceExport,
  subscribers: referenceSubscribers,
  volume: referenceVolume,
  copy: referenceCopy,
  draft: referenceDraft,
  versions: referenceVersions,
  difference: referenceDifference,
  review: referenceMove('review'),
  publish: referenceMove('publish'),
  discard: referenceMove('discard'),
  restore: referenceRestore,
}

/** `corridor reference …`: the reference data that both sides of a corridor share. */
export async function reference([what = '', ...typed]: string[]): Promise<number> {
  const command = Object.hasOwn(commands, what) ? commands[what] : undefined
  if (command === undefined)
    throw new UsageError(`Say what of the reference data: corridor reference ${Object.keys(commands).join('|')}.`)
  return command(typed)
}
