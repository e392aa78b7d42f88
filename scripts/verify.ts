// `npm run verify`: format, lint, types, room rules. Everything is run, then everything that failed is named.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { roomViolations } from './rooms.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const checks: [string, string[]][] = [
  ['format', ['oxfmt', '--check', '.']],
  [
    'format of the console',
    ['prettier', '--config', 'packages/console/.prettierrc.json', '--check', 'packages/console/src/**/*.svelte'],
  ],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings', '.']],
  ['types', ['tsc', '--noEmit', '-p', '.']],
  ['types of the console', ['npm', 'run', '--silent', 'check', '-w', '@corridor/console']],
]

const failed: string[] = []
for (const [name, [command = '', ...args]] of checks) {
  const started = Date.now()
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FORCE_COLOR: '0' },
  })
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
  if (status !== 0) failed.push(name)
}

const violations = roomViolations(root)
for (const violation of violations) process.stdout.write(`${violation}\n`)
process.stdout.write(`${violations.length === 0 ? 'ok  ' : 'FAIL'} rooms\n`)
if (violations.length > 0) failed.push('rooms')

if (failed.length > 0) {
  process.stderr.write(`verify failed: ${failed.join(', ')}\n`)
  process.exit(1)
}
