// The process of one node. Its supervisor hands it the settings file and the file of its log; it says when it is ready, and ends when
// the supervisor is gone.
import { boundedFile } from './bounded-file.ts'
import { nodeClock } from './clock.ts'
import { keepNode } from './keep-node.ts'
import { tellLastWords } from './last-words.ts'
import { jsonLog } from './log.ts'
import { readSettings } from './settings.ts'
import type { NodeWord, SupervisorWord } from './supervisor/child.ts'

/** With the file before it: twice as much. */
const mostLogBytes = 10_000_000

const say = (word: NodeWord): void => {
  process.send?.(word)
}
const [settingsFile = '', logFile = ''] = process.argv.slice(2)
const settings = readSettings(settingsFile)
const clock = nodeClock(settings)
const log = jsonLog(boundedFile(logFile, mostLogBytes), clock, settings.node)

tellLastWords(log)
try {
  const node = await keepNode(() => readSettings(settingsFile), log, clock)
  process.on('message', (word: SupervisorWord) => {
    if ('clockAheadMs' in word) {
      clock.moveAhead(word.clockAheadMs)
      log('info', 'clock.moved')
      say({ clockAheadMs: word.clockAheadMs })
    } else {
      void node.reload().then((reloaded) => say({ reloaded }))
    }
  })
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
