import { checkJournal, type JournalVerification } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

const damages: Record<Extract<JournalVerification, { outcome: 'broken' }>['damage'], string> = {
  'seal-missing': 'is missing',
  'seal-changed': 'was changed: its hash does not fit its content',
  'chain-broken': 'does not continue the one before it',
  'line-missing': 'is broken: lines that it was made over are gone',
  'line-added': 'is broken: there are lines that it was not made over',
  'line-changed': 'is broken: lines that it was made over were changed',
  'head-missing': 'is missing: the chain ends before the one with the hash that was given',
}

/** `corridor journal verify --node NODE`: follows the chain of seals; exit code 1 when it, or a line under it, is not what it was. */
export async function journal(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: ['node', 'corridor', 'from', 'to', 'head'],
    flags: ['json'],
    words: 1,
  })
  if (words[0] !== 'verify') throw new UsageError('Say what to do with the journal: corridor journal verify --node al.')
  const { readSettings } = namedNode(options, 'journal')
  const range = { from: numberOf(options, 'from'), to: numberOf(options, 'to'), head: headOf(options) }
  const verified = await checkJournal(readSettings(), range)
  await print(flags.has('json') ? `${JSON.stringify(verified)}\n` : forPeople(verified))
  return verified.outcome === 'whole' ? 0 : 1
}

function forPeople(verified: JournalVerification): string {
  const { entries, seals, head } = verified
  const lines = [`${entries} entries under ${seals} seals hold.`]
  if (head !== undefined)
    lines.push(`Chain head: seal ${head.number} of ${head.sealedAt.toISOString()}, hash ${head.hash}`)
  if (verified.outcome === 'whole') {
    if (verified.unsealed !== undefined) lines.push(`${verified.unsealed} entries wait for their seal.`)
  } else {
    const { damage, number, transactions } = verified
    const where = transactions === undefined ? '' : ` (journal.tx from ${transactions[0]} to below ${transactions[1]})`
    lines.push(`BROKEN: seal ${number} ${damages[damage]}${where}.`)
  }
  return `${lines.join('\n')}\n`
}

function numberOf(options: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = options.get(name)
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`--${name} takes the number of a seal, from 1.`)
  return Number(text)
}

function headOf(options: ReadonlyMap<string, string>): string | undefined {
  const text = options.get('head')?.toLowerCase()
  if (text !== undefined && !/^[0-9a-f]{64}$/.test(text))
    throw new UsageError('--head takes the hash of a seal as this command prints it: 64 hexadecimal digits.')
  return text
}
