export { type Duplicates, type KeptReceipt, memoryDuplicates, type MessageKey } from './duplicates.ts'
export { nodeHandler, type NodeHandler } from './node.ts'
export { type PostOptions, type PostOutcome, postWire, type StreamedWire, type TlsOptions } from './post.ts'
export type {
  Arrival,
  ErrorEvent,
  Peer,
  ReceiptEvent,
  ReceivedMessage,
  ReceiverOptions,
  SpooledMessage,
  SpoolOptions,
  Taken,
  Verdict,
} from './hooks.ts'
export { readBody } from './read-body.ts'
export { type Answer, createReceiver, type Receiver } from './receiver.ts'
export { digestOf } from './take.ts'
export { sendMessage, type SendOptions, type SendOutcome } from './send.ts'
export { type Endpoint, type ListenOptions, serve } from './serve.ts'
export { pullMessage, type PullMessageOptions, type PullOutcome } from '../pull/pull.ts'
export {
  type MemoryPullQueue,
  memoryPullQueue,
  type MemoryPullQueueOptions,
  type OfferedMessage,
  type PullQueue,
  type PullResult,
} from '../pull/queue.ts'
