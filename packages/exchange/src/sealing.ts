import { open, readResponse, sealError, sealReceipt, sealUserMessage } from '@corridor/as4'
import type { Opened, OpenedPullRequest, OpenOptions, PullOptions, Wire } from '@corridor/as4'

/**
 * How messages become bytes and bytes become messages. A node has AS4's own functions; a simulator may put a fast stand-in here, since
 * signing and encrypting take nine tenths of its time and decide nothing about what is kept.
 */
export interface Sealing {
  sealUserMessage: typeof sealUserMessage
  sealReceipt: typeof sealReceipt
  sealError: typeof sealError
  open: (wire: Wire, options: OpenOptions & PullOptions) => Opened | OpenedPullRequest
  readResponse: typeof readResponse
}

/** AS4 as it goes over the border. */
export const as4Sealing: Sealing = { sealUserMessage, sealReceipt, sealError, open, readResponse }
