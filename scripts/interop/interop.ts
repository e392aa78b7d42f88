// `node scripts/interop/interop.ts [--full] [--json FILE]`: exchanges with phase4, the Java implementation of AS4. Prints a
// line for each exchange, a table, and writes all as JSON where told. Exit code 1 when anything is wrong, 2 when it
// could not run here.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { build } from './peer.ts'
import { type Result, runInterop, tableOf } from './run.ts'

const { values } = parseArgs({ options: { full: { type: 'boolean' }, json: { type: 'string' } } })
const built = build()
if (!built.ok) {
  process.stderr.write(`Interoperability was not tried: ${built.reason}.\n`)
  process.exit(2)
}
const started = Date.now()
const { results, log } = await runInterop(built.classPath, values.full === true, ({ name, wrong, ms }) => {
  process.stdout.write(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${ms} ms)\n`)
  for (const each of wrong) process.stdout.write(`       ${each}\n`)
})
const seconds = Math.round((Date.now() - started) / 1000)
const count = (kind: Result['kind']): string => {
  const there = results.filter((each) => each.kind === kind)
  return `${there.filter(({ wrong }) => wrong.length === 0).length} of ${there.length}`
}
const failed = results.filter(({ wrong }) => wrong.length > 0)
process.stdout.write(`
${tableOf(results)}

exchanges ${count('exchange')}, pulls ${count('pull')}, errors ${count('error')}: ${failed.length} wrong (${seconds} s)
`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seconds, results }, null, 1)}\n`)
if (failed.length > 0) process.stderr.write(`phase4 wrote:\n${log.slice(-40).join('\n')}\n`)
process.exit(failed.length === 0 ? 0 : 1)
