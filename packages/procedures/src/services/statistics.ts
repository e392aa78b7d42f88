/** The statistics of a month for the central services (CD411D). */
import type { Doc } from '@corridor/customs'
import { numbered, present } from '../read.ts'
import type { StatisticsType } from './services.ts'

/** How often something happened with one country. */
export interface Count {
  type: string
  country: string
  count: number
}

/** Code of CL169 for NCTS, and of CL027 for a type that is counted here; the first is in no source that we have. */
const transitSystem = '1'

/**
 * The document. Every type is in it, also one of which nothing happened: its one series has no country and counts 0.
 * @param month yyyy-mm
 * @param isFirst whether this month was not sent before: what is sent again replaces it
 */
export function statisticsDocument(
  types: readonly StatisticsType[],
  { country, month, counts, isFirst }: { country: string; month: string; counts: readonly Count[]; isFirst: boolean },
): Doc {
  const characteristics = types.map(({ type }) => ({
    operation: isFirst ? 'C' : 'U',
    statisticsType: type,
    statisticsTypeSupport: '1',
    SeriesElements: numbered(seriesOf(counts.filter((each) => each.type === type))),
  }))
  return {
    SendingCountry: {
      country,
      year: month.slice(0, 4),
      month: month.slice(5, 7),
      SystemApplicability: numbered([
        { systemCode: transitSystem, StatisticalCharacteristics: numbered(characteristics) },
      ]),
    },
  }
}

function seriesOf(counts: readonly Count[]): Doc[] {
  if (counts.length === 0) return [{ counter: '0' }]
  return counts.map(({ country, count }) =>
    present({ otherCountry: country === '' ? undefined : country, counter: String(count) }),
  )
}
