/** Files that a kill leaves whole: written aside, synchronised, then moved to where others look. */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConnectorsFault } from '../faults.ts'

/** Parts of a watched folder. `out` is where the national system leaves files, `in` where it finds results. */
export const parts = ['out', 'taking', 'done', 'refused', 'in', '.gateway'] as const
export type Part = (typeof parts)[number]

/** Makes the parts that are not there. Faults: `connectors.folder`. */
export async function makeParts(folder: string): Promise<void> {
  await onDisk(folder, async () => {
    for (const part of parts) await mkdir(join(folder, part), { recursive: true })
  })
}

/** What the disk refuses becomes a fault with words; anything else comes through. */
export async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error
    throw new ConnectorsFault('connectors.folder', `${folder}: ${message}`, error)
  }
}

/** Writes a file so that others see all of it or nothing, also after a loss of power. */
export async function writeWhole(path: string, bytes: Uint8Array | string): Promise<void> {
  // Others may write in these folders too: nothing that they put there beforehand is written through or over.
  const aside = join(dirname(path), `.${randomBytes(12).toString('hex')}.part`)
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const file = await open(aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o660)
  try {
    await closing(file, async () => {
      await file.writeFile(bytes)
      await file.sync()
    })
    await move(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

/** What a file holds; its size alone when that is above the limit. Links are not followed, and nothing but a file is waited for. */
export async function readOwn(path: string, limit: number): Promise<{ size: number; bytes?: Uint8Array }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  return closing(file, async () => {
    const { size } = await file.stat()
    return size > limit ? { size } : { size, bytes: await file.readFile() }
  })
}

/** Moves a file within a file system, at once for whoever looks. */
export async function move(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncFolder(dirname(to))
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await closing(folder, async () => {
    try {
      await folder.sync()
    } catch (error) {
      // Network file systems that cannot do this do it by themselves, or not at all.
      if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  })
}

async function closing<T>(file: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await file.close()
  }
}

/** The names of the files in a part, in their order; what is hidden or being written is left out. */
export async function namesIn(folder: string, part: Part): Promise<string[]> {
  const entries = await readdir(join(folder, part), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !isPartial(entry.name))
    .map(({ name }) => name)
    .toSorted()
}

/** Names under which files are written before they are whole. */
const isPartial = (name: string): boolean =>
  name.startsWith('.') || /\.(part|partial|tmp|temp|filepart|crdownload)$/i.test(name)
