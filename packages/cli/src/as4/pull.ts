import { pullMessage, type PullOutcome, type ReceivedMessage, type SpooledMessage } from '@corridor/as4/http'
import { AGREEMENT_OPTIONS, pullingPMode, receivingPModes } from './agreement.ts'
import { CONNECTION_OPTIONS, readConnection, readUrl } from './connection.ts'
import { readIdentity } from './keys.ts'
import { LARGE_LIMITS, LARGE_TIMEOUT_MS } from './large.ts'
import { newMessageId } from './message.ts'
import { readTyped } from './options.ts'
import { capturer, sayer } from './output.ts'
import { tellError, tellReceived } from './serve.ts'
import { messageFolder } from './store.ts'

const OPTIONS = [
  'key',
  'cert',
  'encryption-key',
  'encryption-cert',
  ...AGREEMENT_OPTIONS,
  ...CONNECTION_OPTIONS,
  'out',
  'max',
  'capture',
  'json',
]

/** `corridor as4 pull URL --mpc M --out DIR`: exit code 0 when the channel ran empty or `--max` is reached. */
export async function pull(args: string[]): Promise<number> {
  const typed = readTyped(args, 1, OPTIONS)
  const url = readUrl(typed)
  const out = typed.needed('out', 'the folder for the messages')
  const identity = readIdentity(typed)
  const pmode = pullingPMode(typed, identity.certificate)
  const findPMode = receivingPModes(typed)
  const connection = readConnection(typed)
  const folder = messageFolder(out)
  const say = sayer(typed)
  const capture = capturer(typed.text('capture'))
  const most = typed.number('max') ?? Infinity
  const onMessage = async (received: ReceivedMessage | SpooledMessage): Promise<void> => {
    if ('wire' in received) await capture('answer', 'HTTP/1.1 200 OK', received.wire)
    await tellReceived(say, received, await folder.write(received))
  }
  // What is captured must be in memory; what is not may be large.
  const large = typed.text('capture') === undefined && {
    limits: LARGE_LIMITS,
    spool: { directory: folder.spool, onMessage },
    timeoutMs: LARGE_TIMEOUT_MS,
  }

  try {
    for (let count = 0; count < most; count++) {
      const outcome = await pullMessage(url, pmode, {
        ...large,
        ...connection,
        identity,
        findPMode,
        newMessageId,
        duplicates: folder.duplicates,
        now: () => new Date(),
        onMessage,
        onError: async (event) => {
          if (event.wire) await capture('refused', 'HTTP/1.1 200 OK', event.wire)
          await tellError(say, event)
        },
      })
      const [line, code] = endOf(outcome)
      if (line !== undefined) await say({ event: 'pulled', ...outcome, received: undefined, refusal: undefined }, line)
      if (code !== undefined) return code
    }
    return 0
  } finally {
    folder.close()
  }
}

/** What is to be said, and the exit code when this was the last. */
function endOf(outcome: PullOutcome): [line: string | undefined, code?: number] {
  switch (outcome.kind) {
    case 'message': {
      const again = outcome.received ? '' : ', which was here already'
      if (outcome.receiptSent) return [`receipt  sent for ${outcome.messageId}${again}`]
      return [`receipt  for ${outcome.messageId} was not taken; the partner will offer the message again`, 1]
    }
    case 'empty':
      return ['empty    nothing waits (EBMS:0006)', 0]
    case 'refused':
      return [undefined, 1]
    case 'error': {
      const codes = outcome.errors.map(({ code, description }) => `${code} ${description ?? ''}`.trim()).join('; ')
      return [`error    ${codes}  ${outcome.signed ? 'signed' : 'NOT signed'}`, 1]
    }
    case 'failed':
      return [`failed   ${outcome.reason}`, 1]
  }
}
