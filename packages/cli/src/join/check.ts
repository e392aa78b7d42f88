import { existsSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  checkPartner,
  isConformant,
  ownSigningKey,
  isTestPartner,
  JoinFault,
  type Needs,
  readFileOf,
  readOwn,
  type Result,
  signReport,
  signersOf,
  textOfReport,
  verifyReport,
} from '@corridor/joining'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { print } from '../print.ts'

const ownOf = (options: Arguments['options']) =>
  readOwn(options.get('corridor') ?? 'corridor.yaml', options.get('node'))
const answerMs = 30_000
const testPartnerMs = 60_000

/** `corridor join check MEMBER`: runs the conformance scenarios and leaves a signed report; exit code 1 when one failed. */
export async function check(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['corridor', 'node', 'out', 'minutes'],
    flags: ['link-only', 'movement'],
    words: 1,
  })
  const [id] = words
  if (id === undefined) throw new UsageError('Say which member: corridor join check tj.')
  const databaseUrl = process.env['DATABASE_URL']
  if (databaseUrl === undefined || databaseUrl === '')
    throw new UsageError(
      'DATABASE_URL is not set: answers of the partner are looked for in the database of our own node.',
    )
  const own = ownOf(options)
  const minutes = Number(options.get('minutes') ?? 10)
  if (!(minutes > 0 && minutes <= 1440)) throw new UsageError('--minutes takes a number from 1 to 1440.')
  const file =
    options.get('out') ?? `conformance-${id}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.txt`
  if (existsSync(file))
    throw new JoinFault('join.bad-value', `${file} is there already: move it away, or name another with --out.`)
  const isTest = isTestPartner(own, id)
  const upTo: Needs = flags.has('link-only') ? 'link' : isTest || flags.has('movement') ? 'people' : 'answers'
  const report = await checkPartner(own, id, {
    databaseUrl,
    upTo,
    answerMs,
    peopleMs: isTest ? testPartnerMs : minutes * 60_000,
    tell: ({ id: scenario, outcome, detail }: Result) =>
      void process.stderr.write(`${outcome.padEnd(7)} ${scenario}${detail === undefined ? '' : `: ${detail}`}\n`),
  })
  const now = new Date()
  const { keys } = own.own
  const text = await signReport(
    report,
    { certificate: readBeside(own, keys.signing.certificate), key: ownSigningKey(own) },
    now,
  )
  writeFileSync(file, text, { flush: true })
  await print(`${textOfReport(report)}\nsigned report: ${file}\n`)
  return isConformant(report) ? 0 : 1
}

/** `corridor join verify-report FILE`: whether a report is what its maker signed; exit code 1 when a scenario failed in it. */
export async function verifyReportCommand(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, { options: ['corridor', 'node', 'signer'], words: 1 })
  const [file] = words
  if (file === undefined) throw new UsageError('Say which report: corridor join verify-report conformance-tj.txt.')
  const signer = options.get('signer')
  const signers = signer === undefined ? signersOf(ownOf(options)) : readFileOf(signer).toString('utf8')
  const report = await verifyReport(readFileOf(file), signers, { name: basename(file), now: new Date() })
  await print(
    `${textOfReport(report)}\nThe signature of ${report.by.party} holds, and the data says what the text says.\n`,
  )
  return isConformant(report) ? 0 : 1
}

function readBeside({ folder }: ReturnType<typeof readOwn>, path: string): string {
  return readFileOf(`${folder}/${path}`).toString('utf8')
}
