import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/**
 * The command line of a living process, or undefined when there is none. A zombie counts as dead: where process 1 of a container
 * does not reap, an orphan stays one for ever, and `kill(pid, 0)` cannot tell.
 */
export function processState(pid: number): { command: string } | undefined {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // The name in parentheses may itself hold parentheses: the state follows the last one.
      if (/[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '')) return undefined
      return { command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }
    } catch {
      return undefined
    }
  }
  try {
    const [state = '', ...command] = execFileSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/)
    return state === '' || state.startsWith('Z') ? undefined : { command: command.join(' ') }
  } catch {
    return undefined
  }
}
