import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../corridor.mjs', import.meta.url))

/** `corridor start` in a process of its own, with a home of its own. */
export interface Started {
  home: string
  /** What other commands that are meant for it are run with. */
  environment: NodeJS.ProcessEnv
  /** All that the terminal has said. */
  said(): string
  /** Waits for what the terminal says; answers what was found. */
  heard(pattern: RegExp, timeoutMs?: number): Promise<string>
  /** Asks it to end, as Ctrl-C does; answers its exit code. */
  end(): Promise<number | null>
  /** Ends it where it still runs, and takes its home away. */
  clear(): Promise<void>
}

export function startProgram(corridor: string): Started {
  const home = mkdtempSync(join(tmpdir(), 'corridor-start-'))
  chmodSync(home, 0o711)
  const environment = { ...process.env, DATABASE_URL: '', CORRIDOR_HOME: home }
  const child = spawn(process.execPath, [program, 'start', corridor], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  const end = (): Promise<number | null> => {
    child.kill('SIGTERM')
    return ended
  }
  return {
    home,
    environment,
    said: () => said,
    async heard(pattern, timeoutMs = 120_000) {
      for (const deadline = performance.now() + timeoutMs; ; await pause(50)) {
        const found = pattern.exec(said)?.[0]
        if (found !== undefined) return found
        assert.ok(child.exitCode === null && performance.now() < deadline, said)
      }
    },
    end,
    async clear() {
      if (child.exitCode === null) await end()
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
