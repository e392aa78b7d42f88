// Figures that need a process of their own. Run with one of the names below; prints one JSON value.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)

/** What the figure of this name is, measured in a new process (the median of five for times). */
export function inFreshProcess(name: 'load' | 'memory' | 'hostile'): unknown {
  return JSON.parse(execFileSync(process.execPath, [self, name], { encoding: 'utf8' }))
}

/** Milliseconds, by the clock and of CPU, from the first file read to 91 tables that can read and write. */
async function load(): Promise<unknown> {
  if (process.argv[3] === undefined) {
    const runs = Array.from(
      { length: 5 },
      () =>
        JSON.parse(execFileSync(process.execPath, [self, 'load', 'once'], { encoding: 'utf8' })) as {
          milliseconds: number
          cpuMs: number
        },
    )
    return { ...runs.sort((a, b) => a.milliseconds - b.milliseconds)[2], goal: 150 }
  }
  const { loadMessages } = await import('../test/tables.ts')
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  loadMessages()
  const { user, system } = process.cpuUsage(cpu)
  return { milliseconds: Number((performance.now() - started).toFixed(1)), cpuMs: Math.round((user + system) / 1000) }
}

/** Growth of the resident set while a declaration of 5 MB is read, by the quick reader and (with one thing wrong) by the strict one. */
async function memory(): Promise<unknown> {
  const { loadMessages } = await import('../test/tables.ts')
  const { declarationOf } = await import('./declaration.ts')
  const table = loadMessages().get('CC015C')!
  const right = declarationOf(table, 1_999, 13)
  const text = new TextDecoder().decode(right)
  const wrong = new TextEncoder().encode(text.replace('<limitDate>2026', '<limitDate>26'))
  const grown = (bytes: Uint8Array, findings: number): number => {
    const before = process.memoryUsage.rss()
    if (table.read(bytes).findings.length !== findings) throw new Error('not the findings that were made')
    return Math.round((process.memoryUsage.rss() - before) / 2 ** 20)
  }
  const figures = { right: grown(right, 0), wrong: grown(wrong, 1) }
  for (let times = 0; times < 20; times++) table.read(right)
  return {
    bytes: right.length,
    grownMB: figures,
    highestMB: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

/** CPU of the hostile documents against what is allowed for each: the dearest, and whether all are within. */
async function hostile(): Promise<unknown> {
  const { measured } = await import('../test/hostile-measure.ts')
  const { syntaxKinds } = await import('../test/hostile-syntax.ts')
  const { wrongKinds } = await import('../test/hostile-schema.ts')
  const { ruleKinds } = await import('../test/hostile-rules.ts')
  const kinds = measured([...syntaxKinds, ...wrongKinds, ...ruleKinds])
  return {
    kinds: kinds.length,
    allWithin: kinds.every(({ cpuMs, allowedMs }) => cpuMs <= allowedMs),
    dearest: kinds.slice(0, 8),
  }
}

if (process.argv[1] === self) {
  const figure = { load, memory, hostile }[process.argv[2] as 'load' | 'memory' | 'hostile']
  process.stdout.write(JSON.stringify(await figure()))
}
