import type { MigrationRoom, Tx } from '@corridor/database'
import { type Handled, type InboxMessage, sealedObjectType } from '@corridor/exchange'
import { boardOf, type Board } from './board/board.ts'
import { regionalCopyType } from './copies/copy.ts'
import { takeCopy } from './copies/take.ts'
import { forward } from './forwarding/forward.ts'
import { settleForwarded } from './forwarding/settle.ts'
import type { HubPorts } from './ports.ts'

/** Give this to `migrate` of @corridor/database, after the exchange's. */
export const migrations: MigrationRoom = { room: 'hub', directory: new URL('../migrations/', import.meta.url) }

/** A node as a regional hub. */
export interface Hub {
  /** Takes what is for a hub; undefined for any other message. */
  handle(tx: Tx, message: InboxMessage): Promise<Handled | undefined>
  /** See `settleForwarded`. */
  settle(lookAgainMs: number): Promise<boolean>
  board: Board
}

export function createHub(ports: HubPorts): Hub {
  return {
    async handle(tx, message) {
      // What comes over the API or from an office of its own is no word of a member.
      if (message.link !== 'partner') return undefined
      if (message.documentType === sealedObjectType) return forward(ports, tx, message)
      if (message.documentType === regionalCopyType) return takeCopy(ports, tx, message)
      return undefined
    },
    settle: (lookAgainMs) => settleForwarded(ports, lookAgainMs),
    board: boardOf(ports),
  }
}
