import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Part, SealedMessage } from '@corridor/as4'
import type { ReceiverOptions, SendOptions, SendOutcome, SpooledMessage, Taken } from '@corridor/as4/http'
import { listening } from './http-support.ts'
import { atAlbania, messageOf, sealed } from './support.ts'

const scratch = mkdtempSync(join(tmpdir(), 'as4-http-spool-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

/** A directory that goes when the tests are over. */
export const newDirectory = (): string => mkdtempSync(join(scratch, 'spool-'))

export const send: SendOptions = { pmode: atAlbania, now: () => new Date() }
/** More than a receiver with a spool holds in memory. */
export const LARGE = randomBytes(1_500_000)
export const partOf = (bytes: Buffer): Part => ({
  contentId: 'scan@nta.al',
  mimeType: 'application/pdf',
  properties: [],
  bytes,
})
export const largeMessage = () => messageOf({ messageId: 'large@nta.al', parts: [partOf(LARGE)] })
export const large = (bytes = LARGE): SealedMessage => sealed({ messageId: 'large@nta.al', parts: [partOf(bytes)] })

/** Hooks over a spool; what came through it is read in the hook and kept. */
export function spooling(
  changes: Partial<ReceiverOptions> = {},
  hook?: (received: SpooledMessage) => Promise<Taken> | Taken,
) {
  const directory = newDirectory()
  const kept: { received: SpooledMessage; bytes: Buffer }[] = []
  const onMessage = async (received: SpooledMessage): Promise<Taken> => {
    const pieces: Uint8Array[] = []
    for await (const piece of received.message.parts[0]!.content()) pieces.push(piece)
    kept.push({ received, bytes: Buffer.concat(pieces) })
    return hook?.(received)
  }
  const options = { ...listening(changes), spool: { directory, onMessage } }
  return { ...options, directory, kept, spooled: () => readdirSync(directory) }
}

/** `receipt`, `missing-receipt`, or the code of an error. */
export function codeOf(outcome: SendOutcome): string {
  if (outcome.kind !== 'error') return outcome.kind
  return `${outcome.errors[0]?.code}${outcome.signed ? '' : ' unsigned'}`
}
