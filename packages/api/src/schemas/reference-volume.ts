import { count, list, nullable, object, oneOf, ref, text, type Schema } from './common.ts'

const month: Schema = { ...text, pattern: '^\\d{4}-(0[1-9]|1[0-2])$', description: '`yyyy-mm`' }

const own = {
  owner: { ...nullable(text), description: 'Party that produces it' },
  basisMonths: { ...count, description: 'Complete months that the forecast rests on' },
  months: list(ref('ReferenceVolumeMonth')),
}

/** Named schemas of this file. */
export const referenceVolumeSchemas: Record<string, Schema> = {
  ReferenceVolumeMonth: object({
    month,
    kind: { ...oneOf('observed', 'running', 'forecast'), description: '`running`: the month that runs, so far' },
    entries: { ...count, description: 'At the end of the month' },
    changes: { ...count, description: 'Codes that changed; of a month to come, that are expected to' },
    low: { ...count, description: 'The changes are expected between `low` and `high`: one standard deviation' },
    high: count,
    announced: { ...count, description: 'Of a month to come: changes that are known already' },
    versions: count,
    loaded: { ...count, description: 'Entries that came with first versions; they are no changes' },
    bytes: { ...count, description: 'Of the entries sent, before compression' },
  }),
  ReferenceVolumeSide: object(own),
  ReferenceVolumeList: object({ list: text, ...own }),
  ReferenceVolume: object({
    from: month,
    to: month,
    current: month,
    sides: list(ref('ReferenceVolumeSide')),
    lists: list(ref('ReferenceVolumeList')),
  }),
}

/** Query of `GET /reference/volume`. */
export const volumeQuery = object(
  {
    from: { ...month, description: '`yyyy-mm`; eleven months back unless told' },
    to: { ...month, description: '`yyyy-mm`; six months ahead unless told' },
  },
  ['from', 'to'],
)
