/** `corridor reference draft|versions|difference|review|publish|discard|restore`: change control of reference data. */
import { readFileSync } from 'node:fs'
import { isDate, namesOf, type ReferenceEntry, textIn } from '@corridor/customs'
import type { ReferenceActs, ReferenceDesk, ReferenceOutcome } from '@corridor/node'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { safe } from '../documents/for-people.ts'
import { bytesOf, requireFile, wrongLinesShown } from '../documents/import-file.ts'
import { print } from '../print.ts'
import { atDesk, effectiveDay, formOf, requireList } from './reference-data.ts'

const whose = ['node', 'corridor']
/** A file may be as long as the store takes: nobody waits at the other end of a connection. */
const mostRows = 2_000_000
/** Codes of a difference that are shown for people; `--json` has all. */
const mostShown = 200

type Manager = NonNullable<Awaited<ReturnType<ReferenceDesk['account']>>>

/** `corridor reference draft LIST FILE|--changes FILE`: a new version to be reviewed; exit code 1 when something in it is wrong. */
export async function referenceDraft(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: [...whose, 'as', 'note', 'version', 'form', 'changes'],
    flags: ['addition', 'ending', 'json'],
    words: 2,
  })
  const [list, file] = words
  const changesFile = options.get('changes')
  if (list === undefined || (file === undefined) === (changesFile === undefined))
    throw new UsageError('Say of which list, and from what: a FILE, or --changes FILE.')
  const terms = { ...termsOf(options), ending: flags.has('ending') }
  const source = file ?? changesFile!
  requireFile(source)
  const changes = changesFile === undefined ? [] : changesIn(changesFile)
  const form = file === undefined ? undefined : formOf(options.get('form'), file)
  return asManager(options, list, async (acts, by) => {
    const covers = flags.has('addition') ? 'addition' : 'whole'
    const outcome =
      form === undefined
        ? await acts.draft(by, list, terms, changes)
        : await acts.draftFile(by, list, terms, { form, chunks: bytesOf(source), covers, mostRows })
    return tell(
      outcome,
      flags.has('json'),
      (number) => `is a draft. A second person reviews it: corridor reference review ${list} ${number} --as …`,
    )
  })
}

/** `corridor reference versions LIST`: the versions of a list, newest first. */
export async function referenceVersions(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: [...whose, 'as'], flags: ['json'], words: 1 })
  const [list] = words
  if (list === undefined) throw new UsageError('Say of which list.')
  const found = await atDesk(options, async (desk) => {
    await requireList(desk, list)
    return (await desk.versions.versions(await looker(desk, options), list))?.versions ?? []
  })
  if (flags.has('json')) for (const version of found) await print(`${JSON.stringify(version)}\n`)
  else {
    const rows = found.map((version) => [
      version.number,
      version.state,
      version.effective,
      version.added,
      version.changed,
      version.ended,
      version.author.name,
      version.reviewer?.name ?? '',
      safe(version.note),
    ])
    const head = ['version', 'state', 'meant from', 'added', 'changed', 'ended', 'made by', 'reviewed by', 'note']
    await print(rows.length === 0 ? `${list} has no version yet.\n` : columns([head, ...rows]))
  }
  return 0
}

/** `corridor reference difference LIST NUMBER`: what a version changes, and whom that concerns. */
export async function referenceDifference(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: [...whose, 'as'], flags: ['json'], words: 2 })
  const [list, number] = listAndNumber(words)
  await atDesk(options, async (desk) => {
    await requireList(desk, list)
    const by = await looker(desk, options)
    const { versions } = desk
    let after: string | undefined
    let shown = 0
    do {
      const page = await versions.version(by, list, number, after)
      if (page === undefined)
        throw new UsageError(`${list} has no version ${number}. corridor reference versions ${list} lists them.`)
      if (after === undefined && !flags.has('json')) await print(headOf(list, page))
      for (const one of page.differences) await print(flags.has('json') ? `${JSON.stringify(one)}\n` : forPeople(one))
      shown += page.differences.length
      after = page.next
    } while (after !== undefined && (flags.has('json') || shown < mostShown))
    if (after !== undefined) await print(`… and more: --json shows all\n`)
  })
  return 0
}

/** `corridor reference review|publish|discard LIST NUMBER --as ACCOUNT`. */
export function referenceMove(act: 'review' | 'publish' | 'discard'): (typed: string[]) => Promise<number> {
  const done = { review: 'is reviewed.', publish: 'is in use.', discard: 'is discarded.' }[act]
  return async (typed) => {
    const known = [...whose, 'as', ...(act === 'publish' ? ['reason'] : [])]
    const { words, options, flags } = readArguments(typed, { options: known, flags: ['json'], words: 2 })
    const [list, number] = listAndNumber(words)
    return asManager(options, list, async (acts, by) => {
      const outcome =
        act === 'publish'
          ? await acts.publish(by, list, number, options.get('reason') ?? '')
          : await acts[act](by, list, number)
      return tell(outcome, flags.has('json'), () => done)
    })
  }
}

/** `corridor reference restore LIST NUMBER --as ACCOUNT`: a draft that has what an earlier version had. */
export async function referenceRestore(typed: string[]): Promise<number> {
  const known = { options: [...whose, 'as', 'note', 'version'], flags: ['json'], words: 2 }
  const { words, options, flags } = readArguments(typed, known)
  const [list, number] = listAndNumber(words)
  const terms = termsOf(options)
  return asManager(options, list, async (acts, by) =>
    tell(
      await acts.restore(by, list, number, terms),
      flags.has('json'),
      () => 'is a draft. A second person reviews it.',
    ),
  )
}

function listAndNumber([list, number]: string[]): [string, number] {
  if (list === undefined || !/^[1-9]\d{0,8}$/.test(number ?? ''))
    throw new UsageError(
      `Say of which list, and which version by its number${number === undefined ? '' : `, not “${number}”`}.`,
    )
  return [list, Number(number)]
}

function termsOf(options: Arguments['options']): { effective: string; note: string } {
  const note = options.get('note') ?? ''
  if (note.trim() === '') throw new UsageError('Say why with --note: who reviews it reads this.')
  return { effective: effectiveDay(options), note }
}

function changesIn(file: string): Parameters<ReferenceActs['draft']>[3] {
  const wrong = (what: string): never => {
    throw new UsageError(
      `${file}: ${what}. It holds a JSON array of changes: {"code", "texts", …} or {"end", "validTo"}.`,
    )
  }
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return wrong((error as Error).message)
  }
  if (!Array.isArray(content) || !content.every((each) => typeof each === 'object' && each !== null))
    return wrong('no array of objects')
  const odd = content.findIndex(
    ({ end, validTo = '' }) => end !== undefined && !(typeof end === 'string' && isDate(String(validTo))),
  )
  if (odd >= 0) return wrong(`change ${odd + 1} is no end of a code on a day yyyy-mm-dd`)
  return content as Parameters<ReferenceActs['draft']>[3]
}

async function asManager(
  options: Arguments['options'],
  list: string,
  work: (acts: ReferenceActs, by: Manager) => Promise<number>,
): Promise<number> {
  return atDesk(options, async (desk) => {
    await requireList(desk, list)
    const id = options.get('as')
    if (id === undefined) throw new UsageError('Say who does it: --as ACCOUNT, of a reference-data manager.')
    const account = await desk.account(id)
    if (account === undefined) throw new UsageError(`The node has no account “${id}”. Accounts are in corridor.yaml.`)
    if (account.role !== 'reference' || account.disabledAt !== null)
      throw new UsageError(`${account.name} (${id}) is no reference-data manager, or the account is closed.`)
    return work(desk.acts, account)
  })
}

/** Who looks: what may be done now is told for that account, else for nobody in particular. */
async function looker(desk: ReferenceDesk, options: Arguments['options']): Promise<Manager> {
  const found = await desk.account(options.get('as') ?? '')
  const nobody = {
    id: '',
    name: '',
    role: 'reference',
    office: null,
    trader: null,
    system: null,
    locale: 'en',
    disabledAt: null,
  } as const
  return found ?? { ...nobody, createdAt: new Date(0) }
}

async function tell(outcome: ReferenceOutcome, json: boolean, done: (number: number) => string): Promise<number> {
  if (json) await print(`${JSON.stringify(outcome)}\n`)
  else if (outcome.kind === 'done') {
    const { list, number, added, changed, ended } = outcome
    const counts = added === undefined ? '' : ` (${added} added, ${changed ?? 0} changed, ${ended ?? 0} ended)`
    await print(`Version ${number} of ${list}${counts} ${done(number)}\n`)
  } else if (outcome.kind === 'wrong-file') {
    const { wrong, wrongLines } = outcome
    await print(`Nothing was imported, wrong lines: ${wrongLines}\n${wrongLinesShown(wrong, wrongLines)}`)
  } else if (outcome.kind === 'invalid')
    for (const { field, value, remedy } of outcome.errors)
      await print(`${field}${value === undefined ? '' : ` ${safe(value)}`}: ${safe(remedy, Infinity)}\n`)
  else if (outcome.kind === 'codes-in-use') {
    const uses = outcome.uses.map(({ code, mrn, office, state }) => [`  ${code}`, mrn, office, state])
    await print(
      `Movements under way use codes that end. Say why with --reason to publish it all the same:\n${columns(uses)}`,
    )
  }
  return outcome.kind === 'done' ? 0 : 1
}

type Page = NonNullable<Awaited<ReturnType<ReferenceDesk['versions']['version']>>>

function headOf(list: string, { version, effects }: Page): string {
  const { number, state, effective, author, reviewer, note, added, changed, ended } = version
  const who = `made by ${author.name}${reviewer === undefined ? '' : `, reviewed by ${reviewer.name}`}`
  const uses = effects?.uses.map((use) => [
    `  ${use.code}`,
    use.ended ? 'ends' : 'changes',
    use.mrn,
    use.office,
    use.state,
  ])
  return [
    `${list} version ${number}, ${state}, from ${effective}, ${who}\n  ${safe(note, Infinity)}\n`,
    `  ${added} added, ${changed} changed, ${ended} ended\n`,
    uses === undefined || uses.length === 0
      ? ''
      : `Movements under way that use what ends or changes:\n${columns(uses)}`,
  ].join('')
}

function forPeople({ code, what, before, after }: Page['differences'][number]): string {
  const line = (sign: string) => (entry: ReferenceEntry) =>
    `  ${sign} ${entry.validFrom || '…'} to ${entry.validTo || '…'}  ${safe(textIn(namesOf(entry), 'en'), Infinity)}\n`
  return [`${safe(code)}  ${what}\n`, ...before.map(line('-')), ...after.map(line('+'))].join('')
}
