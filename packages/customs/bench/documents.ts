// `npm run bench:documents`: reading documents, side by side in one run. Prints one JSON object.
// ours: read + structure check, typed document out · libxml2: libxml2-wasm parse + XSD validation, schema compiled once · fast-xml-parser and saxes: parsing alone.
// Needs ../shared for the samples and the schemas. Option: --seconds N a contender and input (default 1).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { SaxesParser } from 'saxes'
import { schemaValidator, skipWithoutSchemas } from '../test/schema.ts'
import { loadMessages } from '../test/tables.ts'
import { declarationOf } from './declaration.ts'
import { inFreshProcess } from './fresh.ts'

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}
const seconds = option('seconds', 1)
const rounds = 5

if (skipWithoutSchemas) {
  process.stdout.write(`${JSON.stringify({ bench: 'documents', skipped: skipWithoutSchemas })}\n`)
  process.exit(0)
}

const messages = loadMessages()
const schema = schemaValidator(messages.types)

interface Input {
  readonly type: string
  readonly bytes: Uint8Array
}

/** Each is given every document of an input in turn. */
const contenders: Record<string, (input: Input) => unknown> = {
  ours: ({ type, bytes }) => messages.get(type)!.read(bytes),
  oursStrictReaderOnly: ({ type, bytes }) => messages.get(type)!.readers.strict(bytes),
  libxml2: ({ bytes }) => schema.isValid(bytes),
  saxes: ({ bytes }) => saxesEvents(bytes),
}
const fastXmlParser = await import('fast-xml-parser').then(
  ({ XMLParser }) => new XMLParser({ ignoreAttributes: false, parseTagValue: false }),
  () => undefined,
)
if (fastXmlParser) contenders['fastXmlParser'] = ({ bytes }) => fastXmlParser.parse(new TextDecoder().decode(bytes))

function saxesEvents(bytes: Uint8Array): number {
  const parser = new SaxesParser({ xmlns: true })
  let events = 0
  parser.on('opentag', () => (events += 1))
  parser.on('text', () => (events += 1))
  parser.write(new TextDecoder().decode(bytes)).close()
  return events
}

/**
 * Microseconds of CPU a document, garbage collection included: the median of some rounds, in which the contenders take turns, so that a
 * busy moment meets them all.
 */
function compare(inputs: readonly Input[]): Record<string, unknown> {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round++) {
    for (const [name, read] of Object.entries(contenders)) {
      const until = performance.now() + (seconds * 1000) / rounds
      const started = process.cpuUsage()
      let documents = 0
      do {
        for (const input of inputs) read(input)
        documents += inputs.length
      } while (performance.now() < until)
      // The first round warms up.
      const { user, system } = process.cpuUsage(started)
      if (round > 0) times[name]!.push((user + system) / documents)
    }
  }
  const microseconds = Object.fromEntries(
    Object.entries(times).map(([name, of]) => [name, Number(of.sort((a, b) => a - b)[rounds >> 1]!.toFixed(1))]),
  )
  const [ours, theirs] = [microseconds['ours']!, microseconds['libxml2']!]
  return {
    documents: inputs.length,
    bytes: inputs.reduce((sum, { bytes }) => sum + bytes.length, 0),
    microseconds,
    timesLibxml2: Number((theirs / ours).toFixed(2)),
  }
}

const folder = new URL('../../../../shared/ncts/samples/', import.meta.url)
const samples = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.xml'))
      .map((name) => ({ type: name.slice(0, 6), bytes: new Uint8Array(readFileSync(new URL(name, folder))) }))
  : []
const valid = samples.filter(({ type, bytes }) => messages.get(type)!.read(bytes).findings.length === 0)
const small = ({ bytes }: Input): boolean => bytes.length < 1e6
const table = messages.get('CC015C')!
const declaration = (items: number, documents = 0): Input[] => [
  { type: 'CC015C', bytes: declarationOf(table, items, documents) },
]

process.stdout.write(
  `${JSON.stringify(
    {
      bench: 'documents',
      ours: 'read + structure check, typed document out',
      libxml2: 'libxml2-wasm parse + XSD validation, schema compiled once',
      others: fastXmlParser ? 'parsing alone' : 'parsing alone; fast-xml-parser is not installed',
      samples: compare(samples.filter(small)),
      'valid samples': compare(valid.filter(small)),
      'invalid samples': compare(samples.filter((sample) => small(sample) && !valid.includes(sample))),
      'largest sample': compare(samples.filter((sample) => !small(sample))),
      '10 kB declaration': compare(declaration(7)),
      '1,999-item declaration': compare(declaration(1_999)),
      loadTables: inFreshProcess('load'),
      memory5MB: inFreshProcess('memory'),
      hostile: inFreshProcess('hostile'),

      node: process.version,
      cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    },
    undefined,
    2,
  )}\n`,
)
schema.dispose()
