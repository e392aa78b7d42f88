import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeFault } from '../faults.ts'

/**
 * Takes the home of a corridor for this process, so that two supervisors never run the same nodes and stop each other's database.
 * @returns how to give it back
 * @throws NodeFault ALREADY_RUNS while another process has it; one that was killed no longer has it
 */
export function takeHome(home: string): () => void {
  const file = join(home, 'supervisor.pid')
  const mine = `${file}.${process.pid}`
  // Written whole before it stands under its name: nobody reads a lock without an owner.
  writeFileSync(mine, String(process.pid), { mode: 0o600 })
  try {
    for (let tries = 0; tries < 10; tries += 1) {
      if (linked(mine, file)) return held(file)
      const other = ownerOf(file)
      if (homesOfThisProcess.has(file) || runsCorridor(other))
        throw new NodeFault('ALREADY_RUNS', `This corridor runs already, as process ${other}.`)
      clearAway(file, `${mine}.old`, other)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  throw new NodeFault('ALREADY_RUNS', 'Another process is starting this corridor at this moment.')
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

const homesOfThisProcess = new Set<string>()

function held(file: string): () => void {
  homesOfThisProcess.add(file)
  return () => {
    homesOfThisProcess.delete(file)
    rmSync(file, { force: true })
  }
}

/** Number of the process that has the lock, 0 when there is none or no number in it. */
function ownerOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0
  } catch {
    return 0
  }
}

/** Moves a dead process's lock out of the way. If a living one took the place in the meantime, it is put back. */
function clearAway(file: string, aside: string, dead: number): void {
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  if (ownerOf(aside) !== dead) linked(aside, file)
  rmSync(aside, { force: true })
}

/** Whether a process is alive and is one of ours: after a restart of the machine its number may be anybody's, also our own. */
function runsCorridor(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    return /corridor|node/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    return true
  }
}
