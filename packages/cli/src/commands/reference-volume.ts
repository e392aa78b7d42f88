/** `corridor reference volume`: how much reference data each side produces, observed and expected. */
import { addMonths, type MonthVolume, monthsBetween, type VolumeSeries, volumeCsv } from '@corridor/customs'
import { localDay, withReference } from '@corridor/node'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

/** Months that are shown unless told: so many back, so many ahead. */
const back = 11
const ahead = 6

/** `corridor reference volume --node NODE [--from MONTH] [--to MONTH] [--csv|--json]`: each side by month; with `--csv` each list. */
export async function referenceVolume(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: ['node', 'corridor', 'from', 'to'],
    flags: ['csv', 'json'],
    words: 0,
  })
  const { node, readSettings } = namedNode(options, 'reference data')
  const { timeZone } = node
  const today = localDay({ clock: () => new Date(), timeZone })
  const from = monthOf(options, 'from') ?? addMonths(today.slice(0, 7), -back)
  const to = monthOf(options, 'to') ?? addMonths(today.slice(0, 7), ahead)
  if (monthsBetween(from, to).length === 0) throw new UsageError(`--to ${to} is before --from ${from}.`)
  const volume = await withReference(readSettings(), (desk) => desk.volume({ from, to }, { today, timeZone }))
  if (flags.has('csv')) await print(volumeCsv(volume))
  else if (flags.has('json')) await print(`${JSON.stringify({ from, to, ...volume })}\n`)
  else
    await print(
      columns([
        ['side', 'month', '', 'entries', 'changes', 'from', 'to', 'announced', 'loaded', 'bytes'],
        ...volume.sides.flatMap(rowsOf),
      ]),
    )
  return 0
}

function rowsOf({ owner, months }: VolumeSeries): (string | number)[][] {
  return months.map((month: MonthVolume) => [
    owner ?? '(nobody’s)',
    month.month,
    month.kind,
    month.entries,
    month.changes,
    month.low,
    month.high,
    month.announced,
    month.loaded,
    month.bytes,
  ])
}

function monthOf(options: Arguments['options'], name: string): string | undefined {
  const month = options.get(name)
  if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
    throw new UsageError(`--${name} takes a month, as in 2026-12, not “${month}”.`)
  return month
}
