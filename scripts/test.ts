// `npm test`: every test of every room with one PostgreSQL for all of them. Arguments are passed on as file patterns.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { testServer } from '@corridor/database/testing'

const root = fileURLToPath(new URL('..', import.meta.url))
const asked = process.argv.slice(2)
const patterns = asked.length > 0 ? asked : ['packages/**/*.test.ts', 'scripts/**/*.test.ts', 'corridors/**/*.test.ts']

if (!existsSync(fileURLToPath(new URL('../../shared/ncts', import.meta.url)))) {
  process.stdout.write(
    'There is no ../shared beside this checkout: the suites that compare with published samples are skipped, and say so.\n',
  )
}
const postgres = await testServer()
const tests = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=600000', ...patterns], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CORRIDOR_TEST_POSTGRES: postgres },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal))
const code = await new Promise<number>((resolve) => {
  tests.on('exit', (status) => resolve(status ?? 1))
})
process.exit(code)
