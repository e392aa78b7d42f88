import { breakingWithin, type CertificateView, lookAtCertificates, usualDays } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { safe } from '../documents/for-people.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

/**
 * `corridor certificates --node NODE`: every certificate of the files of a node, what is wrong with them, and what breaks in 60 days; exit code
 * 1 when anything does. Nothing has to run.
 */
export async function certificates(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: ['node', 'corridor', 'days', 'party'],
    flags: ['json'],
    words: 0,
  })
  const days = options.get('days') ?? String(usualDays)
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new UsageError('--days takes a number of days, 1 to 9999.')
  const { readSettings } = namedNode(options, 'certificates')
  const { certificates: all, unfit } = lookAtCertificates(readSettings())
  const party = options.get('party')
  const shown = all.filter((each) => party === undefined || each.party === party)
  if (shown.length === 0)
    throw new UsageError(`No party ${party}: ${[...new Set(all.map((each) => each.party))].join(', ')}.`)
  const breaking = breakingWithin(shown, Number(days))
  if (flags.has('json')) await print(`${JSON.stringify({ certificates: shown, breaking, unfit }, null, 2)}\n`)
  else await print(forPeople(shown, breaking, { unfit, days }))
  return breaking.length > 0 || unfit.length > 0 ? 1 : 0
}

function forPeople(
  shown: readonly CertificateView[],
  breaking: readonly CertificateView[],
  { unfit, days }: { unfit: readonly string[]; days: string },
): string {
  const rows = shown.map(({ party, own, use, standing, key, validTo, daysLeft, state, fingerprint }) => [
    safe(party),
    own ? 'own' : 'partner',
    use,
    standing,
    key,
    validTo.slice(0, 10),
    daysLeft,
    `${state}  ${fingerprint.slice(0, 23)}…`,
  ])
  const head = ['party', 'of', 'use', 'standing', 'key', 'until', 'days', 'state  SHA-256']
  return [
    columns([head, ...rows]),
    unfit.length === 0
      ? ''
      : `\nA node does not take these:\n${unfit.map((each) => `  ${safe(each, 600)}\n`).join('')}`,
    breaking.length === 0 ? `\nNothing breaks in ${days} days.\n` : `\nWhat breaks in ${days} days:\n`,
    ...breaking.map(tellBreaking),
  ].join('')
}

function tellBreaking({ party, use, place, validTo, daysLeft, isPrepared, breaks }: CertificateView): string {
  const when = daysLeft < 0 ? 'has ended' : daysLeft === 0 ? 'ends within a day' : `ends in ${daysLeft} days`
  return [
    `  ${validTo.slice(0, 10)}  ${safe(party)} ${use} ${when}  (${safe(place)})\n`,
    `    ${breaks?.words ?? ''}\n`,
    isPrepared
      ? '    The next one is known here: change over before that day (docs/live-changes.md).\n'
      : `    ${breaks?.remedy ?? ''}\n`,
  ].join('')
}
