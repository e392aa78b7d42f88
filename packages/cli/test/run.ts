import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../corridor.mjs', import.meta.url))

/** What a run of the command line gave. */
export interface Run {
  code: number | null
  out: string
  err: string
}

/** Runs `corridor …` as a shell would, with what it should read on standard input. */
export function corridor(
  typed: readonly string[],
  input: string | Uint8Array = '',
  env: NodeJS.ProcessEnv = process.env,
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...typed], { env, stdio: 'pipe' })
    const run: Run = { code: null, out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (run.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (run.err += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...run, code }))
    child.stdin.end(input)
  })
}
