import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Listed } from '../listing.ts'
import { Refusal } from './answers.ts'

/** So many bytes of a file are its head, so that its length tells that of the object. */
const headBytes = 2_048
const mostKeyChars = 900
/** Any key is a path below the folder: no segment of it means anything to the disk. */
const pathOf = (key: string): string =>
  key
    .split('/')
    .map((segment) => (/^\.*$/.test(segment) ? segment.replaceAll('.', '%2E') : encodeURIComponent(segment)))
    .map((segment) => segment.replaceAll('*', '%2A'))
    .join('/')
const isNothing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

/** An object on disk, with its metadata. */
export interface Kept {
  bytes: Buffer
  metadata: Record<string, string>
  lastModified: Date
}

/** The objects of one bucket, one file each. What was answered is on the disk. */
export class Storage {
  readonly #folder: string
  readonly #temporary: string

  constructor(folder: string) {
    this.#folder = join(folder, 'objects')
    this.#temporary = join(folder, 'unfinished')
  }

  /** @throws Refusal PreconditionFailed when `onlyNew` and something lies there */
  async put(key: string, bytes: Uint8Array, metadata: Record<string, string>, onlyNew: boolean): Promise<void> {
    const head = Buffer.alloc(headBytes, ' ')
    const written = Buffer.from(JSON.stringify(metadata))
    if (written.length > headBytes) throw new Refusal('InvalidRequest')
    written.copy(head)
    const path = this.#path(key)
    const unfinished = join(this.#temporary, randomUUID())
    await mkdir(this.#temporary, { recursive: true })
    await writeSynced(unfinished, [head, bytes])
    try {
      await mkdir(dirname(path), { recursive: true })
      // The one that makes the name has it; a file that is renamed would take the place of another.
      if (onlyNew) await link(unfinished, path)
      else await rename(unfinished, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Refusal('PreconditionFailed')
      throw error
    } finally {
      await rm(unfinished, { force: true })
    }
    await syncFolder(dirname(path))
  }

  async get(key: string): Promise<Kept | undefined> {
    try {
      const path = this.#path(key)
      const [file, { mtime }] = await Promise.all([readFile(path), stat(path)])
      const metadata = JSON.parse(file.subarray(0, headBytes).toString()) as Record<string, string>
      return { bytes: file.subarray(headBytes), metadata, lastModified: mtime }
    } catch (error) {
      if (isNothing(error)) return undefined
      throw error
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true })
  }

  /** In the order of their keys. */
  async list(prefix: string, after: string, limit: number): Promise<{ objects: Listed[]; truncated: boolean }> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    const keys = (await filesBelow(join(this.#folder, pathOf(folder))))
      .map((below) => folder + decodeURIComponent(below))
      .filter((key) => key.startsWith(prefix) && key > after)
      .toSorted((a, b) => (a < b ? -1 : 1))
    const listed = await Promise.all(keys.slice(0, limit).map((key) => this.#listed(key)))
    return { objects: listed.flatMap((each) => each ?? []), truncated: keys.length > limit }
  }

  async #listed(key: string): Promise<Listed | undefined> {
    try {
      const { size, mtime } = await stat(this.#path(key))
      return { key, size: size - headBytes, lastModified: mtime }
    } catch (error) {
      if (isNothing(error)) return undefined
      throw error
    }
  }

  #path(key: string): string {
    // The disk knows no empty name.
    if (key.length > mostKeyChars || key.split('/').includes('')) throw new Refusal('InvalidRequest')
    return join(this.#folder, pathOf(key))
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''))
  } catch (error) {
    if (isNothing(error)) return []
    throw error
  }
}

async function writeSynced(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for (const part of parts) await file.writeFile(part)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  // Not every system opens folders; those that do keep a name only when its folder is synced.
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
