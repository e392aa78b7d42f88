/** How much reference data each side produces, from the versions in the store. */
import {
  addMonths,
  type AnnouncedVolume,
  type VersionVolume,
  type Volume,
  type VolumeMonths,
  volumeOf,
} from '@corridor/customs'
import { statements, type Tx } from '@corridor/database'

const sql = statements<'versions' | 'announced'>(new URL('../../sql/reference-volume/', import.meta.url))

/**
 * Observed and expected volume by side, list and month.
 * @param today `yyyy-mm-dd`; the current month is its month
 * @param timeZone whose months; `UTC` unless told
 */
export async function referenceVolume(
  db: Tx,
  months: Omit<VolumeMonths, 'current'>,
  { today, timeZone = 'UTC' }: { today: string; timeZone?: string },
): Promise<Volume> {
  const [versions, announced] = await Promise.all([
    db.run<VersionVolume>(sql.versions, [timeZone]),
    db.run<AnnouncedVolume>(sql.announced, [today, `${addMonths(months.to, 1)}-01`]),
  ])
  return volumeOf(versions, announced, { ...months, current: today.slice(0, 7) })
}
