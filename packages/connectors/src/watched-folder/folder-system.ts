/** A national system that leaves files in a folder and finds results in another. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Given, Handed, NationalSystem, Result, Wrong } from '../national-system.ts'
import { makeParts, move, namesIn, onDisk, writeWhole } from './files.ts'
import { byDeclaration, ownName, readFileName, safeName, takenName } from './names.ts'

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
 * Watches a folder. A file is taken by renaming it, so two that watch the same folder do not both have it. Its id is made of its content:
 * the same content again is the same declaration, and is told as such. After a kill what was taken is handed again.
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
    await this.#pickUp()
    const handed: Handed[] = []
    for (const files of byDeclaration(await namesIn(this.#options.folder, 'taking'))) {
      if (handed.length >= limit) break
      const first = await this.#firstOf(files)
      if (first !== undefined) handed.push(first)
    }
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

  /** Moves what is whole out of the hands of the national system. */
  async #pickUp(): Promise<void> {
    const seen = new Map<string, { size: number; mtimeMs: number; since: number }>()
    const waiting = byDeclaration(await namesIn(this.#options.folder, 'out'), (name) => name)
    // So many at once that a round stays short, and of a declaration either all or none: its order is by version.
    const some = waiting.slice(0, mostAtOnce).flat()
    for (const name of some) {
      const found = await ifThere(() => stat(this.#path('out', name)))
      if (found === undefined) continue
      const { size, mtimeMs } = found
      const last = this.#seen.get(name)
      const isSame = last?.size === size && last.mtimeMs === mtimeMs
      const since = isSame ? last.since : this.#options.now().getTime()
      const isWhole = this.#options.whole === 'rename' || this.#options.now().getTime() - since >= this.#options.quietMs
      if (!isWhole || (this.#options.whole === 'quiet' && !isSame)) seen.set(name, { size, mtimeMs, since })
      else {
        const taken = takenName(name, mtimeMs, this.#options.unique())
        await ifThere(() => move(this.#path('out', name), this.#path('taking', taken)))
      }
    }
    this.#seen = seen
  }

  /** The content of a file that was taken; undefined when it was settled on the way: too large, done already, or gone. */
  async #contentOf(taken: string): Promise<Uint8Array | undefined> {
    const path = this.#path('taking', taken)
    const found = await ifThere(() => stat(path))
    if (found === undefined) return undefined
    if (found.size > this.#options.limitBytes) {
      await this.#settle(taken, 'refused', { wrong: [tooLarge(found.size, this.#options.limitBytes)] })
      return undefined
    }
    const bytes = await ifThere(() => readFile(path))
    if (bytes === undefined) return undefined
    const id = createHash('sha256').update(bytes).digest('hex')
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
  async #settle(taken: string, part: 'done' | 'refused', said: object): Promise<void> {
    const report = { file: ownName(taken), at: this.#options.now().toISOString(), ...said }
    await writeWhole(this.#path(part, `${taken}.report.json`), `${JSON.stringify(report, undefined, 2)}\n`)
    await ifThere(() => move(this.#path('taking', taken), this.#path(part, taken)))
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
