import type { MigrationRoom, Tx } from '@corridor/database'
import { type Handled, type InboxMessage, sealedObjectType } from '@corridor/exchange'
import { boardOf, type Board } from './board/board.ts'
import { regionalCopyType } from './copies/copy.ts'
import { forgetCopies } from './copies/forget.ts'
import { takeCopy } from './copies/take.ts'
import { forward } from './forwarding/forward.ts'
import { type Doorkeeper, doorkeeperOf } from './forwarding/room.ts'
import { settleForwarded } from './forwarding/settle.ts'
import { type HubLimits, usualLimits } from './limits.ts'
import type { HubPorts } from './ports.ts'

/** Give this to `migrate` of @corridor/database, after the exchange's. */
export const migrations: MigrationRoom = { room: 'hub', directory: new URL('../migrations/', import.meta.url) }

/** A node as a regional hub. */
export interface Hub {
  /** Takes what is for a hub; undefined for any other message. */
  handle(tx: Tx, message: InboxMessage): Promise<Handled | undefined>
  /** See `Doorkeeper`: for the exchange, before it takes on what a member sends. */
  admit: Doorkeeper['admit']
  /** See `settleForwarded`. */
  settle(lookAgainMs: number): Promise<boolean>
  /** See `forgetCopies`. */
  forget(): Promise<boolean>
  board: Board
}

/** @param given `limits`, where they are others than the usual ones */
export function createHub(given: Omit<HubPorts, 'limits'> & { limits?: Partial<HubLimits> }): Hub {
  const ports: HubPorts = { ...given, limits: { ...usualLimits, ...given.limits } }
  const doorkeeper = doorkeeperOf(ports)
  return {
    admit: doorkeeper.admit,
    async handle(tx, message) {
      // What comes over the API or from an office of its own is no word of a member.
      if (message.link !== 'partner') return undefined
      if (message.documentType === sealedObjectType) {
        const handled = await forward(ports, tx, message)
        doorkeeper.decided(message)
        return handled
      }
      if (message.documentType === regionalCopyType) return takeCopy(ports, tx, message)
      return undefined
    },
    settle: (lookAgainMs) => settleForwarded(ports, lookAgainMs),
    forget: () => forgetCopies(ports),
    board: boardOf(ports),
  }
}
