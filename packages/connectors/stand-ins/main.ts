/**
 * A stand-in for a national system as a process of its own, without a screen. What it does comes as lines of JSON on its standard input, and what
 * came of it goes out as lines:
 *
 *     node stand-ins/main.ts database URL | files FOLDER | rest FILE TOKEN [PORT] | push FILE TOKEN URL
 *     {"release":"N-1","document":"<base64>","event":"released"}   →   {"released":"N-1"}
 *     {"results":true}                                             →   {"results":[{"declaration":…,"kind":…,"content":"<base64>"}]}
 */
import { createInterface } from 'node:readline'
import { connect } from '@corridor/database'
import { standInOnDatabase } from './on-database.ts'
import { standInOnFiles } from './on-files.ts'
import { standInOnPush } from './on-push.ts'
import { standInOnRest } from './on-rest.ts'
import type { StandIn } from './system.ts'

const [kind = '', where = '', token = '', at = ''] = process.argv.slice(2)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

async function open(): Promise<StandIn> {
  if (kind === 'database') return standInOnDatabase(connect(where))
  if (kind === 'files') return standInOnFiles(where)
  if (kind === 'push') return standInOnPush(where, at, token)
  if (kind !== 'rest') throw new Error('say database URL, files FOLDER, rest FILE TOKEN [PORT] or push FILE TOKEN URL')
  const rest = await standInOnRest(where, token, Number(at))
  say({ url: rest.url })
  return rest
}

const standIn = await open()
say({ ready: kind, standIn: true })
const keeping = setInterval(() => {
  // One that cannot now does a second later; why stands in its log.
  standIn.keep?.().catch((error: unknown) => void process.stderr.write(`${String(error)}\n`))
}, 1_000)
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue
  try {
    const { release, document, event, results } = JSON.parse(line) as Record<string, string | boolean | undefined>
    if (typeof release === 'string') {
      await standIn.release(
        release,
        Buffer.from(String(document), 'base64'),
        event === undefined ? undefined : String(event),
      )
      say({ released: release })
    } else if (results === true) {
      const found = await standIn.results()
      say({ results: found.map(({ bytes, ...rest }) => ({ ...rest, content: Buffer.from(bytes).toString('base64') })) })
    } else say({ error: 'say release or results' })
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) })
  }
}
clearInterval(keeping)
await standIn.close()
