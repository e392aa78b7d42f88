#!/usr/bin/env node
// Starts the command line on the project's own Node, whatever Node called it: sources are TypeScript, run as they are.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const [major] = process.versions.node.split('.').map(Number)
const own = join(here, '../../node_modules/node/bin/node')

if (major >= 24 || !existsSync(own)) {
  if (major < 24) {
    process.stderr.write('Corridor is not installed yet: run npm ci (or npm start) in its folder first.\n')
    process.exit(1)
  }
  await import('./src/main.ts')
} else {
  const child = spawn(own, [join(here, 'src/main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches both processes; this one waits for the other to end in order.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
}
