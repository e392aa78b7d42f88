import type { As4Error } from '../ebms-errors.ts'
import type { Identity, PMode, UserMessageHeader, Wire } from '../model.ts'
import { sealError } from '../signal-write.ts'
import type { Peer, ReceiverOptions } from './hooks.ts'

/** Why something is not taken on. */
export interface Reason {
  error: As4Error
  /** For the log only. */
  detail: string
  refToMessageId: string | undefined
  header: UserMessageHeader | undefined
  /** How the error is signed; as our key can when there is none. */
  pmode: PMode | undefined
  cause?: unknown
}

/** Tells the application of a refusal, and returns the signed error for the partner. */
export async function refuse(
  options: ReceiverOptions,
  wire: Wire | undefined,
  peer: Peer,
  reason: Reason,
): Promise<{ wire: Wire }> {
  const { error, detail, refToMessageId, header, cause } = reason
  const errorMessageId = options.newMessageId()
  const answer = errorWire(options, error, errorMessageId, reason)
  const told = { errorMessageId, error, detail, refToMessageId, header, wire, peer }
  await options.onError?.({ kind: 'refused', ...told, ...(cause === undefined ? {} : { cause }) })
  return { wire: answer }
}

/** An error, signed. */
export function errorWire(
  options: ReceiverOptions,
  error: As4Error,
  messageId: string,
  { refToMessageId, pmode }: Pick<Reason, 'refToMessageId' | 'pmode'>,
): Wire {
  const identity = identityFor(options, pmode)
  return sealError(error, { messageId, timestamp: options.now(), identity, refToMessageId, pmode })
}

/** Our keys for what is under a P-Mode, or under none. */
export function identityFor({ identity }: ReceiverOptions, pmode: PMode | undefined): Identity {
  return typeof identity === 'function' ? identity(pmode) : identity
}
