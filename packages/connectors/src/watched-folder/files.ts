/** Files that a kill leaves whole: written aside, synchronised, then moved to where others look. */
import { type FileHandle, mkdir, open, readdir, rename } from 'node:fs/promises'
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
  const aside = join(dirname(path), `.${path.slice(dirname(path).length + 1)}.part`)
  const file = await open(aside, 'w')
  await closing(file, async () => {
    await file.writeFile(bytes)
    await file.sync()
  })
  await move(aside, path)
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

async function closing(file: FileHandle, work: () => Promise<void>): Promise<void> {
  try {
    await work()
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
