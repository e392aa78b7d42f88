import { jsonLog, keepNode, nodeClock, realSettings, tellLastWords } from '@corridor/node'
import { readArguments, UsageError } from '../arguments.ts'

/** `corridor node NODE --corridor FILE`: one real node, with DATABASE_URL and keys of its own; its log goes to standard output. SIGHUP: reads its file anew. */
export async function node(typed: string[]): Promise<number> {
  const { words, options } = readArguments(typed, { options: ['corridor'], words: 1 })
  const [id] = words
  const file = options.get('corridor')
  const databaseUrl = process.env['DATABASE_URL']
  if (id === undefined || file === undefined)
    throw new UsageError('Say which node of which corridor.yaml: corridor node al --corridor ./corridor.yaml.')
  if (databaseUrl === undefined || databaseUrl === '')
    throw new UsageError('DATABASE_URL is not set: a real node keeps its data in a PostgreSQL of yours (15 or newer).')
  const read = () => realSettings(file, id, databaseUrl)
  const clock = nodeClock(read())
  const log = jsonLog((line) => process.stdout.write(line), clock, id)
  tellLastWords(log)
  const starting = keepNode(read, log, clock)
  // One that comes during the start is not lost, and does not end the process.
  process.on('SIGHUP', () => void starting.then((kept) => kept.reload()).catch(() => undefined))
  const running = await starting
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await running.stop()
  return 0
}
