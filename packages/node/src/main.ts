// The process of one node. Its supervisor hands it the settings file; it says when it is ready, and ends when the supervisor is gone.
import { jsonLog } from './log.ts'
import { runNode } from './run-node.ts'
import { readSettings } from './settings.ts'
import type { NodeWord } from './supervisor/child.ts'

const say = (word: NodeWord): void => {
  process.send?.(word)
}
const settings = readSettings(process.argv[2] ?? '')
const log = jsonLog(
  (line) => process.stdout.write(line),
  () => new Date(),
  settings.node,
)

process.on('unhandledRejection', (error) => {
  log('error', 'node.fault', { error })
  process.exit(1)
})

try {
  const node = await runNode(settings, log)
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    node.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log('error', 'node.stop', { error })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  say({ ready: true })
} catch (error) {
  log('error', 'node.failed', { error })
  say({ failed: (error as Error).message })
  process.exit(1)
}
