import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { processState } from './process-state.ts'

/** Puts a finished folder in its place; when another process was faster, its folder stays and ours goes. */
export function renameUnlessThere(finished: string, place: string): void {
  try {
    renameSync(finished, place)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    rmSync(finished, { recursive: true, force: true })
  }
}

/** Removes `<prefix>-<pid>-<random>` folders of processes that no longer live: what a kill left half made. */
export function sweepLeftovers(folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    const pid = new RegExp(`^${prefix}-(\\d+)-[0-9A-Za-z]+$`).exec(name)?.[1]
    if (pid !== undefined && processState(Number(pid)) === undefined)
      rmSync(join(folder, name), { recursive: true, force: true })
  }
}
