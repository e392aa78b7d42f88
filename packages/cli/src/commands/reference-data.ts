/** `corridor reference lists|show|import|export|subscribers`: the reference data that a node keeps. */
import { namesOf, type ReferenceForm, referenceForms, textIn } from '@corridor/customs'
import { type ReferenceDesk, type ReferenceReport, withReference } from '@corridor/node'
import { type Arguments, readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { dayOf } from '../documents/day.ts'
import { safe } from '../documents/for-people.ts'
import { bytesOf, requireFile, wrongLinesShown } from '../documents/import-file.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

const whose = ['node', 'corridor']

/** `corridor reference lists --node NODE`: every list, how much of it is there, and whose it is. */
export async function referenceLists(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, { options: whose, flags: ['json'], words: 0 })
  const lists = await atDesk(options, (desk) => desk.lists())
  if (flags.has('json')) {
    for (const list of lists) await print(`${JSON.stringify(list)}\n`)
    return 0
  }
  const rows = lists.map(({ id, published, entries, completeness, owner, names, source }) => [
    id,
    published,
    entries,
    completeness,
    owner ?? '',
    names[0] ?? '',
    source,
  ])
  await print(columns([['list', 'version', 'entries', 'completeness', 'owner', 'name', 'source'], ...rows]))
  return 0
}

/** `corridor reference show LIST CODE --node NODE`: a code at every time; exit code 1 when the list has never had it. */
export async function referenceShow(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, { options: whose, flags: ['json'], words: 2 })
  const [list, code] = words
  if (list === undefined || code === undefined)
    throw new UsageError('Say which code of which list: corridor reference show CL141 AL000101 --node al.')
  const versions = await atDesk(options, async (desk) => {
    await requireList(desk, list)
    return desk.code(list, code)
  })
  if (flags.has('json')) for (const version of versions) await print(`${JSON.stringify(version)}\n`)
  else if (versions.length === 0) await print(`${list} has no code ${safe(code)}, and had none.\n`)
  else
    for (const { entry, addedIn, removedIn } of versions) {
      const until = removedIn === undefined ? '' : `, taken out by version ${removedIn}`
      const days = `${entry.validFrom || '…'} to ${entry.validTo || '…'}`
      await print(`${list} ${safe(code)}  ${days}  (version ${addedIn}${until})\n`)
      await print(`  ${safe(textIn(namesOf(entry), 'en'), Infinity)}\n`)
      for (const [name, value] of Object.entries(entry.items)) await print(`  ${name}  ${safe(value, Infinity)}\n`)
      if (entry.groups.length > 0)
        await print(`  with ${entry.groups.length} groups (addresses, timetables …): --json shows them\n`)
    }
  return versions.length === 0 ? 1 : 0
}

/** `corridor reference import FILE --node NODE`: a file into the lists, all of it or nothing; exit code 1 when lines are wrong. */
export async function referenceImport(typed: string[]): Promise<number> {
  const { words, options, flags } = readArguments(typed, {
    options: [...whose, 'list', 'version', 'form'],
    flags: ['addition', 'ending', 'draft', 'json'],
    words: 1,
  })
  const [file] = words
  if (file === undefined) throw new UsageError('Say which file: corridor reference import FILE --node al.')
  const effective = dayOf(options, 'version')
  const form = formOf(options.get('form'), file)
  requireFile(file)
  const report = await atDesk(options, (desk, party) =>
    desk.bring({
      open: () => bytesOf(file),
      form,
      options: {
        at: new Date(),
        effective,
        party,
        covers: flags.has('addition') ? 'addition' : 'whole',
        state: flags.has('draft') ? 'draft' : 'published',
        ending: flags.has('ending'),
        ...(options.has('list') && { list: options.get('list')! }),
      },
    }),
  )
  await print(flags.has('json') ? `${JSON.stringify(report)}\n` : forPeople(report, file))
  return report.ok ? 0 : 1
}

/** `corridor reference export LIST --node NODE --form FORM`: the version in use on standard output. */
export async function referenceExport(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, { options: [...whose, 'form'], words: 1 })
  const [list] = words
  if (list === undefined) throw new UsageError('Say which list: corridor reference export CL141 --node al --form json.')
  const form = formOf(options.get('form') ?? 'json', '')
  await atDesk(options, async (desk) => {
    await requireList(desk, list)
    for await (const chunk of desk.file(list, form)) await print(chunk)
  })
  return 0
}

/** `corridor reference subscribers --node NODE`: who has which version of this node's lists, and why not the one in use. */
export async function referenceSubscribers(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, { options: whose, flags: ['json'], words: 0 })
  const subscribers = await atDesk(options, (desk, party) => desk.subscribers(party))
  if (flags.has('json')) {
    for (const subscriber of subscribers) await print(`${JSON.stringify(subscriber)}\n`)
    return 0
  }
  const rows = subscribers.map((subscriber) => {
    const { list, party, version, published, acknowledgedAt } = subscriber
    return [list, party, version, published, acknowledgedAt?.toISOString() ?? '', whyOf(subscriber)]
  })
  await print(columns([['list', 'party', 'has', 'in use', 'said so', 'why'], ...rows]))
  return 0
}

/** Why a subscriber does not have the version in use; '' when it does. */
function whyOf({
  version,
  sent,
  published,
  refusal,
}: Awaited<ReturnType<ReferenceDesk['subscribers']>>[number]): string {
  if (refusal !== null) return `refused version ${sent}: ${safe(refusal, Infinity)}`
  if (version >= published) return ''
  return sent > version ? `version ${sent} was sent; no answer yet` : 'not sent yet'
}

/** Some work with the reference data of the node that the options name. */
export async function atDesk<Result>(
  options: Arguments['options'],
  work: (desk: ReferenceDesk, party: string) => Promise<Result>,
): Promise<Result> {
  const { node, readSettings } = namedNode(options, 'reference data')
  return withReference(readSettings(), (desk) => work(desk, node.party))
}

/** @throws UsageError when nobody declared the list */
export async function requireList(desk: ReferenceDesk, list: string): Promise<void> {
  if (!(await desk.knows(list)))
    throw new UsageError(`There is no list “${list}”. corridor reference lists lists them.`)
}

const byEnding: readonly [ending: string, form: ReferenceForm][] = [
  ['.xml', 'csrd2-xml'],
  ['.tsv', 'tsv'],
  ['.csv', 'csv'],
  ['.json', 'json'],
  ['.jsonl', 'json'],
]

/** The form of a file, as given or by the end of its name. @throws UsageError */
export function formOf(given: string | undefined, file: string): ReferenceForm {
  const form =
    given === undefined
      ? byEnding.find(([ending]) => file.replace(/\.gz$/, '').endsWith(ending))?.[1]
      : referenceForms.find((each) => each === given)
  if (form === undefined)
    throw new UsageError(
      given === undefined
        ? `The name ${file} does not say which form it has: add --form ${referenceForms.join('|')}.`
        : `--form takes ${referenceForms.join(', ')}, not “${given}”.`,
    )
  return form
}

function forPeople({ ok, rows, lists, wrong, wrongLines }: ReferenceReport, file: string): string {
  if (!ok) return `${file}: nothing was imported, wrong lines: ${wrongLines}\n${wrongLinesShown(wrong, wrongLines)}`
  const done = lists.map(({ list, added, changed, ended, unchanged, version }) => [
    list,
    added,
    changed,
    ended,
    unchanged,
    version === undefined ? 'none, nothing changed' : `${version}`,
  ])
  return `${file}: ${rows} rows\n${columns([['list', 'added', 'changed', 'ended', 'unchanged', 'new version'], ...done])}`
}
