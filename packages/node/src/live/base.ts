import type { KeyObject } from 'node:crypto'
import type { NodeEvent } from '@corridor/api'
import type { Database } from '@corridor/database'
import type { NodeClock } from '../clock.ts'
import type { Watch } from '../health/watch.ts'
import type { LogLine } from '../log.ts'

/** What of a node stays while its configuration changes. */
export interface Base {
  db: Database
  dataKey: KeyObject
  time: NodeClock
  clock: () => Date
  log: LogLine
  watch: Watch
  /** Screens, and whoever else hears of what happens. */
  listeners: Set<(event: NodeEvent | undefined) => void>
}
