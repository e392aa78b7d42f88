/** A national system that leaves files in a folder and finds results in another. */
import { createHash } from 'node:crypto'
import { lstat, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Given, Handed, NationalSystem, Result, Wrong } from '../national-system.ts'
import { makeParts, move, namesIn, onDisk, readOwn, writeWhole } from './files.ts'
import { byDeclaration, isTooLong, keptName, ownName, readFileName, safeName, takenName } from './names.ts'

/** How a folder is watched. */
export interface FolderOptions {
  readonly folder: string
  readonly now: () => Date
  /** something that no other file has, letters and digits only */
  readonly unique: () => string
  /**
   * How a file is known to be whole: `rename`, the system writes it under another name (a dot before it, `.part`, `.tmp` behind it) and renames
   * it; `quiet`, it has not changed for `quietMs`, for systems that cannot. `rename` unless told.
   */
  readonly whole?: 'rename' | 'quiet'
  readonly quietMs?: number
  /** how long what was taken is not handed again by this process; 60,000 unless told */
  readonly leaseMs?: number
  /** most bytes of a file; 5,000,000 unless told */
  readonly limitBytes?: number
}

/**
 * Watches a folder. A file is taken by renaming it, so two that watch the same folder do not both have it. Its id is made of its
 * number, version, event and content: all these again are the same thing, and are told as such. After a kill what was taken is handed again.
 * Faults: `connectors.folder`.
 */
export async function folderSystem(options: FolderOptions): Promise<NationalSystem> {
  await makeParts(options.folder)
  const watched = new WatchedFolder(options)
  return {
    take: (limit) => onDisk(options.folder, () => watched.take(limit)),
    done: (ids) => onDisk(options.folder, () => watched.done(ids)),
    setAside: (id, wrong) => onDisk(options.folder, () => watched.setAside(id, wrong)),
    give: (result) => onDisk(options.folder, () => watched.give(result)),
    close: async () => {},
  }
}

/** A file that is being dealt with. */
interface Lease {
  readonly taken: string
  until: number
}

class WatchedFolder {
  readonly #options: Required<FolderOptions>
  /** by id */
  readonly #leases = new Map<string, Lease>()
  /** ids by the names of files that were taken: what they hold is read once */
  readonly #ids = new Map<string, string>()
  readonly #handedBefore = new Set<string>()
  /** what was seen of a file, for `quiet` */
  #seen = new Map<string, { size: number; mtimeMs: number; since: number }>()
  #isFirst = true

  constructor(options: FolderOptions) {
    this.#options = { whole: 'rename', quietMs: 5_000, leaseMs: 60_000, limitBytes: 5_000_000, ...options }
  }

  #path(part: Parameters<typeof namesIn>[1], name: string): string {
    return join(this.#options.folder, part, name)
  }

  async take(limit: number): Promise<Handed[]> {
    if (this.#isFirst) for (const name of await namesIn(this.#options.folder, 'taking')) this.#handedBefore.add(name)
    this.#isFirst = false
    const fault = await this.#pickUp()
    const handed: Handed[] = []
    for (const files of byDeclaration(await namesIn(this.#options.folder, 'taking'))) {
      if (handed.length >= limit) break
      const first = await this.#firstOf(files)
      if (first !== undefined) handed.push(first)
    }
    // Told only when it holds up nothing else.
    if (fault !== undefined && handed.length === 0) throw fault
    return handed
  }

  /** The first file of a declaration that is not settled; undefined when there is none, or when somebody has it. */
  async #firstOf(files: readonly string[]): Promise<Handed | undefined> {
    for (const taken of files) {
      const bytes = await this.#contentOf(taken)
      if (bytes === undefined) continue
      const id = this.#ids.get(taken)!
      const lease = this.#leases.get(id)
      const now = this.#options.now().getTime()
      // The same content twice at once has one id: the second waits until the first is settled, and is a repetition then.
      if (lease !== undefined && (lease.until > now || lease.taken !== taken)) return undefined
      this.#leases.set(id, { taken, until: now + this.#options.leaseMs })
      const before = this.#handedBefore.has(taken) ? 1 : 0
      this.#handedBefore.add(taken)
      const { declaration, event } = readFileName(ownName(taken))
      return { id, declaration, event, bytes, before }
    }
    return undefined
  }

  /** Moves what is whole out of the hands of the national system. What could not be moved is left there, and the first such error given back. */
  async #pickUp(): Promise<Error | undefined> {
    let fault: Error | undefined
    const seen = new Map<string, { size: number; mtimeMs: number; since: number }>()
    const waiting = byDeclaration(await namesIn(this.#options.folder, 'out'), (name) => name)
    // So many at once that a round stays short, and of a declaration either all or none: its order is by version.
    const some = waiting.slice(0, mostAtOnce).flat()
    for (const name of some) {
      const found = await ifThere(() => lstat(this.#path('out', name)))
      if (found === undefined) continue
      const { size, mtimeMs } = found
      const last = this.#seen.get(name)
      const isSame = last?.size === size && last.mtimeMs === mtimeMs
      const since = isSame ? last.since : this.#options.now().getTime()
      const isWhole = this.#options.whole === 'rename' || this.#options.now().getTime() - since >= this.#options.quietMs
      if (!isWhole || (this.#options.whole === 'quiet' && !isSame)) seen.set(name, { size, mtimeMs, since })
      else {
        const held = await ofOneFile(() => this.#pickOne(name, mtimeMs))
        fault ??= held
      }
    }
    this.#seen = seen
    return fault
  }

  async #pickOne(name: string, mtimeMs: number): Promise<void> {
    const taken = takenName(name, mtimeMs, this.#options.unique())
    if (isTooLong(taken)) await this.#settle(taken, 'refused', { wrong: [nameTooLong(name)] }, this.#path('out', name))
    else await ifThere(() => move(this.#path('out', name), this.#path('taking', taken)))
  }

  /** The content of a file that was taken; undefined when it was settled on the way: too large, unreadable, done already, or gone. */
  async #contentOf(taken: string): Promise<Uint8Array | undefined> {
    const path = this.#path('taking', taken)
    let found: Awaited<ReturnType<typeof readOwn>> | undefined
    const unreadable = await ofOneFile(async () => {
      found = await ifThere(() => readOwn(path, this.#options.limitBytes))
    })
    if (unreadable !== undefined) {
      await this.#settle(taken, 'refused', { wrong: [notReadable(unreadable)] })
      return undefined
    }
    if (found === undefined) return undefined
    const { size, bytes } = found
    if (bytes === undefined) {
      await this.#settle(taken, 'refused', { wrong: [tooLarge(size, this.#options.limitBytes)] })
      return undefined
    }
    const id = idOf(taken, bytes)
    this.#ids.set(taken, id)
    if (!(await exists(this.#path('.gateway', `done-${id}`)))) return bytes
    await this.#settle(taken, 'done', { id, again: true })
    return undefined
  }

  async done(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const lease = this.#leases.get(id)
      if (lease === undefined) continue
      // First that it is known: a kill from here on leaves a file that is settled when it is seen next.
      await writeWhole(this.#path('.gateway', `done-${id}`), ownName(lease.taken))
      await this.#settle(lease.taken, 'done', { id })
      this.#leases.delete(id)
    }
  }

  async setAside(id: string, wrong: readonly Wrong[]): Promise<void> {
    const lease = this.#leases.get(id)
    if (lease === undefined) return
    await this.#settle(lease.taken, 'refused', { id, wrong })
    this.#leases.delete(id)
  }

  /** Writes the report, then moves the file beside it. */
  async #settle(
    taken: string,
    part: 'done' | 'refused',
    said: object,
    from = this.#path('taking', taken),
  ): Promise<void> {
    const report = { file: ownName(taken), at: this.#options.now().toISOString(), ...said }
    await writeWhole(this.#path(part, `${keptName(taken)}.report.json`), `${JSON.stringify(report, undefined, 2)}\n`)
    await ifThere(() => move(from, this.#path(part, keptName(taken))))
    this.#ids.delete(taken)
  }

  async give({ id, declaration, kind, mediaType, bytes }: Result): Promise<Given> {
    const [own, digest] = [id, bytes].map((each) => createHash('sha256').update(each).digest('hex'))
    const marker = this.#path('.gateway', `given-${own}`)
    const there = await ifThere(() => readFile(marker, 'utf8'))
    if (there !== undefined) return there === digest ? 'there' : 'conflict'
    const name = `${safeName(declaration, kind)}--${own!.slice(0, 16)}${endingOf(mediaType)}`
    await writeWhole(this.#path('in', name), bytes)
    // A kill between the two writes the same file under the same name once more.
    await writeWhole(marker, digest!)
    return 'given'
  }
}

/** Of the name too: a cancellation may have the very bytes of the release, and a version may come back to those of one before it. */
function idOf(taken: string, bytes: Uint8Array): string {
  const { declaration, version, event } = readFileName(ownName(taken))
  const said = JSON.stringify([declaration, version, event])
  return createHash('sha256').update(`${said}\n`).update(bytes).digest('hex')
}

/** Declarations whose files are picked up in one round. */
const mostAtOnce = 500

const endings: Record<string, string> = { 'application/xml': '.xml', 'application/json': '.json', 'text/plain': '.txt' }
const endingOf = (mediaType: string): string => endings[mediaType.split(';')[0]!.trim()] ?? '.bin'

const tooLarge = (size: number, limit: number): Wrong => ({
  rule: 'too-large',
  place: '/',
  value: String(size),
  text: `The file has ${size} bytes, ${limit} are taken.`,
  remedy: 'Leave one declaration a file, without attachments.',
})

const nameTooLong = (name: string): Wrong => ({
  rule: 'name-too-long',
  place: '/',
  value: name.slice(0, 200),
  text: `The name of the file has ${Buffer.byteLength(name)} bytes.`,
  remedy: 'Leave it again under a name of at most 150 bytes.',
})

const notReadable = ({ message }: Error): Wrong => ({
  rule: 'unreadable',
  place: '/',
  text: `The file cannot be read: ${message}`,
  remedy: 'Leave it again as a file, not a link, with the right to read for the user of the gateway.',
})

/** What the disk refuses of one file and not of all, given back so that the others go on; anything else comes through. */
async function ofOneFile(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (
      ['EACCES', 'EPERM', 'ELOOP', 'ENXIO', 'EISDIR', 'ENAMETOOLONG'].includes(
        (error as NodeJS.ErrnoException).code ?? '',
      )
    )
      return error as Error
    throw error
  }
}

/** What others have taken away meanwhile is not there. */
async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const exists = async (path: string): Promise<boolean> => (await ifThere(() => stat(path))) !== undefined
