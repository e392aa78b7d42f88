/** For tests: evidence of a movement of a corridor that runs, by the command line. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestCorridor } from './albania-kosovo/test/running.ts'

const program = fileURLToPath(new URL('../packages/cli/corridor.mjs', import.meta.url))

/** What a run of the command line gave. */
export interface Run {
  code: number | null
  out: string
  err: string
}

/** The command line as somebody on the machine of a corridor uses it, in a folder for what it writes. */
export function commandLineOf({ home }: Pick<TestCorridor, 'home'>, corridor: string) {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-evidence-'))
  symlinkSync(home, join(folder, corridor))
  const run = (...typed: string[]): Promise<Run> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...typed], {
        cwd: folder,
        stdio: 'pipe',
        env: { ...process.env, DATABASE_URL: '', CORRIDOR_HOME: folder },
      })
      const ran: Run = { code: null, out: '', err: '' }
      child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.out += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.err += text))
      child.on('error', reject)
      child.on('close', (code) => resolve({ ...ran, code }))
    })
  return { folder, run, end: () => rmSync(folder, { recursive: true }) }
}
