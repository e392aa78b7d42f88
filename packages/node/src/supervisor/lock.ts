import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { NodeFault } from '../faults.ts'

/**
 * Takes the home of a corridor for this process, so that two supervisors never run the same nodes and stop each other's database.
 * @returns how to give it back
 * @throws NodeFault ALREADY_RUNS while another process has it; one that was killed no longer has it
 */
export function takeHome(home: string): () => void {
  const file = join(home, 'supervisor.pid')
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const handle = openSync(file, 'wx', 0o600)
      writeSync(handle, String(process.pid))
      closeSync(handle)
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const other = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
      if (other > 0 && runsCorridor(other))
        throw new NodeFault('ALREADY_RUNS', `This corridor runs already, as process ${other}.`)
      rmSync(file, { force: true })
    }
  }
  throw new NodeFault('ALREADY_RUNS', 'Another process is starting this corridor at this moment.')
}

/** Whether a process is alive and is one of ours: after a restart of the machine its number may be anybody's. */
function runsCorridor(pid: number): boolean {
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
