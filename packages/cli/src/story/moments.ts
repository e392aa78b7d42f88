import { localDay } from '@corridor/node'

const hourMs = 3_600_000

/** How many hours back a story may name. */
const hours = [1, 2, 3, 4, 5, 6]
/** How many days ahead. */
const daysAhead = [2, 30, 365]

/**
 * Moments before now as an officer writes them where a node is: {{day3hAgo}} (yyyy-mm-dd) and {{time3hAgo}} (hh:mm), for one to six hours; and
 * days ahead, {{in2days}}, {{in30days}} and {{in365days}}; and the months of {@link monthsOf}.
 */
export function momentsBefore(now: Date, timeZone: string): Record<string, string> {
  const ago = Object.fromEntries(
    hours.flatMap((count) => {
      const at = new Date(now.getTime() - count * hourMs)
      const time = at.toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
      return [
        [`day${count}hAgo`, localDay({ clock: () => at, timeZone })],
        [`time${count}hAgo`, time],
      ]
    }),
  )
  const ahead = Object.fromEntries(
    daysAhead.map((days) => [
      `in${days}days`,
      localDay({ clock: () => new Date(now.getTime() + days * 24 * hourMs), timeZone }),
    ]),
  )
  return { ...ago, ...ahead, ...monthsOf(localDay({ clock: () => now, timeZone })) }
}

/** The month of a day and the one before it (yyyy-mm), that one also in its parts, as documents have them. */
function monthsOf(today: string): Record<'thisMonth' | 'lastMonth' | 'lastMonthYear' | 'lastMonthNumber', string> {
  const first = new Date(`${today.slice(0, 7)}-01T00:00:00Z`)
  first.setUTCDate(0)
  const [lastMonthYear = '', lastMonthNumber = ''] = first.toISOString().split('-')
  return {
    thisMonth: today.slice(0, 7),
    lastMonth: `${lastMonthYear}-${lastMonthNumber}`,
    lastMonthYear,
    lastMonthNumber,
  }
}
