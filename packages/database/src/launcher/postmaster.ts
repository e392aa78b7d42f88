import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { processState } from './process-state.ts'

/** What `postmaster.pid` says (PostgreSQL source, utils/pidfile.h: pid, data folder, start, port, socket folder, address, shm, status). */
export interface Postmaster {
  pid: number
  port: number
  status: string
  /** `ours`: a living server on this data folder · `gone`: no such process · `other`: the number belongs to another program now. */
  process: 'ours' | 'gone' | 'other'
}

/** Reads the lock file of a data folder; undefined when no server has it. A file just being written has no port or status yet. */
export function readPostmaster(data: string): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const pid = Math.abs(Number(lines[0]))
  return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim(), process: whose(pid, data) }
}

/** Whether a process is a server on a data folder, or one that belongs to somebody else, or none. */
export function whose(pid: number, data: string): Postmaster['process'] {
  if (!Number.isInteger(pid) || pid === 0) return 'gone'
  const state = processState(pid)
  if (state === undefined) return 'gone'
  // The launcher always names the data folder on the command line.
  return state.command.includes('postgres') && state.command.includes(data) ? 'ours' : 'other'
}
