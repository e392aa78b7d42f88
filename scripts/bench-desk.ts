// `npm run bench:desk`: what the operator's desk costs, part by part. Each part is a program of its own that prints one JSON object; this one
// runs them one after the other and prints all of it as one. What a part says on standard error goes there.
// Options: --only PART,PART; what follows `--` goes to each part.
import { spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Name of each part, and its program. */
const parts: Readonly<Record<string, string>> = {
  evidence: 'packages/evidence/bench/evidence.ts',
  search: 'packages/exchange/bench/desk/search.ts',
  reconciliation: 'packages/exchange/bench/desk/reconciliation.ts',
}

const [typed, given] = splitAt(process.argv.slice(2), '--')
const only = typed[0] === '--only' ? (typed[1] ?? '').split(',') : Object.keys(parts)
const unknown = only.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0 || (typed.length > 0 && typed.length !== 2))
  throw new Error(`no part: ${unknown.join(', ') || typed.join(' ')}; there are --only ${Object.keys(parts).join(',')}`)

const measured: Record<string, unknown> = {}
for (const name of only) measured[name] = await partOf(parts[name]!)
const machine = { cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.versions.node, load: loadavg() }
process.stdout.write(`${JSON.stringify({ bench: 'the desk of the operator', ...measured, machine }, null, 2)}\n`)

function partOf(program: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const path = fileURLToPath(new URL(`../${program}`, import.meta.url))
    const child = spawn(process.execPath, [path, ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`${program} ended with ${code}`)),
    )
  })
}

function splitAt(words: readonly string[], mark: string): [string[], string[]] {
  const at = words.indexOf(mark)
  return at < 0 ? [[...words], []] : [words.slice(0, at), words.slice(at + 1)]
}
