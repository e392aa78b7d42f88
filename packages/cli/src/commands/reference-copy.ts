/** `corridor reference copy`: lists as files for where there is no network. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OfflineList, offlineText, offlineTypescript, readOfflineList, typeNameOf } from '@corridor/customs'
import { localDay, type ReferenceDesk, withReference } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'
import { columns } from '../documents/columns.ts'
import { dayOf } from '../documents/day.ts'
import { namedNode } from '../node-settings.ts'
import { print } from '../print.ts'

/** What `index.json` says of a file. `etag`: for whoever serves it. */
interface CopiedFile {
  list: string
  file: string
  version: number
  day: string
  entries: number
  digest: string
  etag: string
}

const indexFile = 'index.json'

/**
 * `corridor reference copy --node NODE --out FOLDER [--lists LIST,…] [--at DAY] [--typescript] [--language LANGUAGE]`: lists as of a day. A
 * folder that has a copy gets what changed since; each file is whole at every moment.
 */
export async function referenceCopy(typed: string[]): Promise<number> {
  const { options, flags } = readArguments(typed, {
    options: ['node', 'corridor', 'out', 'lists', 'at', 'language'],
    flags: ['typescript', 'json'],
    words: 0,
  })
  const { node, readSettings } = namedNode(options, 'reference data')
  const out = options.get('out')
  if (out === undefined) throw new UsageError('Say where the copy goes: --out FOLDER.')
  const today = localDay({ clock: () => new Date(), timeZone: node.timeZone })
  const day = options.has('at') ? dayOf(options, 'at') : today
  mkdirSync(out, { recursive: true })
  const files: CopiedFile[] = []
  const rows: (string | number)[][] = []
  await withReference(readSettings(), async (desk) => {
    for (const list of await listsOf(desk, options.get('lists'))) {
      const { copy, how } = await desk.copy(list, day, keptIn(out, list))
      const text = offlineText(copy)
      const digest = createHash('sha256').update(text).digest('hex')
      const file = nameOf(list)
      write(out, file, text)
      if (flags.has('typescript')) write(out, moduleOf(list), offlineTypescript(copy, options.get('language') ?? 'en'))
      files.push({ list, file, version: copy.version, day, entries: copy.entries.length, digest, etag: `"${digest}"` })
      rows.push([list, copy.version, copy.entries.length, text.length, how])
    }
  })
  removeOthers(out, files)
  if (flags.has('typescript'))
    write(out, 'index.ts', files.map(({ list }) => `export * from './${moduleOf(list)}'\n`).join(''))
  write(out, indexFile, `${JSON.stringify({ form: 1, party: node.party, day, lists: files }, null, 1)}\n`)
  if (flags.has('json')) for (const file of files) await print(`${JSON.stringify(file)}\n`)
  else await print(columns([['list', 'version', 'entries', 'characters', ''], ...rows]))
  return 0
}

/** The lists that were named, else every list that has a version. */
async function listsOf(desk: ReferenceDesk, named: string | undefined): Promise<string[]> {
  const lists = (await desk.lists()).filter(({ published }) => published > 0).map(({ id }) => id)
  if (named === undefined) return lists
  const wanted = [...new Set(named.split(',').filter(Boolean))]
  const unknown = wanted.find((list) => !lists.includes(list))
  if (unknown !== undefined)
    throw new UsageError(`There is no list “${unknown}” with a version. corridor reference lists lists them.`)
  return wanted
}

const nameOf = (list: string): string => `${encodeURIComponent(list)}.json`
const moduleOf = (list: string): string => `${typeNameOf(list)}.ts`

function keptIn(out: string, list: string): OfflineList | undefined {
  const file = join(out, nameOf(list))
  return existsSync(file) ? readOfflineList(readFileSync(file, 'utf8')) : undefined
}

/** A reader has the old file or the new one, never half. */
function write(out: string, file: string, text: string): void {
  const next = join(out, `${file}.new`)
  writeFileSync(next, text)
  renameSync(next, join(out, file))
}

/** A list that is not copied any more must not be taken for one that is. */
function removeOthers(out: string, files: readonly CopiedFile[]): void {
  const index = join(out, indexFile)
  if (!existsSync(index)) return
  const before = JSON.parse(readFileSync(index, 'utf8')) as { lists: CopiedFile[] }
  const here = new Set(readdirSync(out))
  for (const { list, file } of before.lists)
    if (!files.some((each) => each.file === file))
      for (const old of [file, moduleOf(list)]) if (here.has(old)) rmSync(join(out, old))
}
