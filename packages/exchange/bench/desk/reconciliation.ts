// Part `reconciliation` of `npm run bench:desk`: 10,000 messages between two nodes over AS4, of which 137 are lost in four ways; how long it
// takes until a comparison shows no difference. Prints one JSON object; progress goes to standard error.
// Options: --messages N (default 10000), --lost N (default 137), --runs N (default 5; each loses others).
import { quantile, rounded } from '../../../as4/bench/plan.ts'
import { exchanged, lose, reconcileUntilSame } from '../../test/losing.ts'

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number(process.argv[at + 1])
}
const messages = option('messages', 10_000)
const lost = option('lost', 137)
const runs = option('runs', 5)

const quarter = Math.floor(lost / 4)
const losses = {
  'missing-there': lost - 3 * quarter,
  'missing-here': quarter,
  'unknown-here': quarter,
  'no-receipt': quarter,
}
const sent = Math.ceil(messages * 0.6)
const pair = await exchanged({ sent, received: messages - sent })
process.stderr.write(`${messages} messages are exchanged\n`)
try {
  const seconds: number[] = []
  const parts: number[] = []
  for (let run = 0; run < runs; run++) {
    await lose(pair, losses)
    const began = performance.now()
    const { found } = await reconcileUntilSame(pair)
    seconds.push((performance.now() - began) / 1000)
    parts.push(found.parts)
    process.stderr.write(`zero difference after ${rounded(seconds.at(-1)!)} s\n`)
  }
  const began = performance.now()
  await reconcileUntilSame(pair)
  const nothingLost = rounded((performance.now() - began) / 1000)
  seconds.sort((a, b) => a - b)
  const most = rounded(seconds.at(-1)!)
  const measured = {
    messages,
    lost,
    runs,
    p50S: rounded(quantile(seconds, 0.5)),
    mostS: most,
    nothingLostS: nothingLost,
  }
  process.stdout.write(`${JSON.stringify({ ...measured, partsThatDiffered: parts, limitS: 10, within: most < 10 })}\n`)
} finally {
  await pair.end()
}
process.exit(0)
