import { sealPullRequest } from '@corridor/as4'
import type { Context } from '../context.ts'
import { Loop } from '../loop.ts'
import type { Partner } from '../model.ts'
import type { Reception } from '../receive.ts'
import { tellError } from '../telling.ts'

/** Takes on what came in the answer to a request, as if it had been pushed. */
export type TakePulled = (wire: { contentType: string; body: Uint8Array }) => Promise<Reception>

/** Nothing waits in the channel (ebMS 3.0 Core 6.7.1). */
const emptyChannel = 'EBMS:0006'

/** Fetches what partners have for this node, where it is this node that fetches: message by message, each with its receipt. */
export class Puller {
  readonly #loops: readonly Loop[]

  /** @param take see `receive` @param onTaken hears that there is something to decide */
  constructor(context: Context, take: TakePulled, onTaken: () => void) {
    const partners = [...context.partners.values()].filter(({ pulls }) => pulls === 'we')
    this.#loops = partners.map(
      (partner) =>
        new Loop({
          lanes: 1,
          step: () => pullOnce(context, partner, take, onTaken),
          pollMs: context.patience.pullMs,
          timers: context.timers,
          onFault: (error) =>
            context.log('warn', 'nothing could be fetched', { from: partner.party, reason: tellError(error) }),
        }),
    )
  }

  start(): void {
    for (const loop of this.#loops) loop.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()))
  }
}

/**
 * Fetches the next message of a partner. The receipt goes in a POST of its own, after the commit; when it is lost, the partner hands the
 * same bytes out again and gets the same receipt.
 * @returns whether there may be more
 */
export async function pullOnce(
  context: Context,
  partner: Partner,
  take: TakePulled,
  onTaken: () => void,
): Promise<boolean> {
  const { clock, identity, newId, sealing, transport } = context
  const pmode = partner.receiving
  const messageId = newId()
  const request = sealPullRequest(pmode.mpc ?? '', { messageId, timestamp: clock(), identity, pmode })
  const { status, wire } = await transport(partner.url, request, partner)
  if (status !== 200) throw new Error(`${partner.party} answers a pull request with status ${status}`)
  const response = sealing.readResponse(wire, { sent: { messageId, references: [] }, pmode, now: clock() })
  if (response.kind === 'error') {
    if (response.errors.length > 0 && response.errors.every(({ code }) => code === emptyChannel)) return false
    throw new Error(`${partner.party} refuses a pull request: ${response.errors.map(({ code }) => code).join(', ')}`)
  }
  const reception = await take(wire)
  // What could not be stored gets no receipt: it stays with the partner.
  if (reception.wire === undefined || reception.status !== 200 || reception.outcome === 'unavailable')
    throw new Error(`what came from ${partner.party} could not be taken on (${reception.outcome})`)
  if (reception.outcome === 'taken') onTaken()
  const told = await transport(partner.url, reception.wire, partner)
  if (told.status >= 300) throw new Error(`${partner.party} answers a receipt with status ${told.status}`)
  return reception.outcome !== 'refused'
}
