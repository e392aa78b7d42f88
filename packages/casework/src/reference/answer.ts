/** The owner's side: what subscribers ask, and what they say they have. Nothing here answers an acknowledgement. */
import type { Tx } from '@corridor/database'
import type { InboxMessage } from '@corridor/exchange'
import { reference } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { answerOf } from './decide.ts'
import { ownListOf, sendDue, sendVersion } from './distribute.ts'
import {
  readAcknowledgement,
  readRequest,
  type ReferenceDataAcknowledgement,
  type ReferenceDataRequest,
} from './documents.ts'
import { note, nothing, refuse } from './notes.ts'

/** A partner subscribes to a list of ours, says what it holds and misses, or wants it no more. */
export async function takeRequest(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const request = readRequest(message.payload)
  if (request === undefined) {
    const reason = 'no {list, request, holds: {version, digest}} with request subscribe, unsubscribe or catch-up'
    await refuse(ports, tx, message, { list: '?', version: 0, reason })
    return
  }
  const { list, request: wish } = request
  const { sender } = message
  const own = await ownListOf(tx, list)
  const subscription = await reference.subscriptionOf(tx, list, sender)
  const answer = answerOf(request, ports.directory.party, own, subscription !== undefined)
  const reason = answer.send === 'refusal' ? answer.reason : uninvited(ports, request, sender)
  if (reason !== undefined || own === undefined) {
    await refuse(ports, tx, message, { list, version: 0, reason: reason ?? '' })
    return
  }
  await note(ports, tx, message, { kind: `reference.asked`, list, note: wish })
  if (wish === 'unsubscribe') {
    await reference.unsubscribe(tx, list, sender)
    return
  }
  await reference.subscribe(
    tx,
    list,
    sender,
    isOurs(own.published, request.holds) ? request.holds : nothing,
    ports.clock(),
  )
  if (answer.send === 'full' || answer.send === 'incremental')
    await sendVersion(ports, tx, { list, party: sender, ...answer })
}

function uninvited(ports: CaseworkPorts, { list, request }: ReferenceDataRequest, sender: string): string | undefined {
  const shared = ports.reference?.find(({ id }) => id === list)
  if (request === 'unsubscribe' || shared?.subscribers.includes(sender)) return undefined
  return `the corridor file of ${ports.directory.party} does not name ${sender} as one who takes ${list}`
}

const isOurs = (published: readonly reference.Holding[], holds: reference.Holding): boolean =>
  published.some(({ version, digest }) => version === holds.version && digest === holds.digest)

/** What became of what we sent, or why an owner refused what we asked. */
export async function takeAcknowledgement(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const said = readAcknowledgement(message.payload)
  if (said === undefined) {
    await note(ports, tx, message, { kind: 'reference.unreadable', list: '?', note: 'no acknowledgement' })
    return
  }
  const { list, version, outcome, reason = outcome } = said
  const subscription = await reference.subscriptionOf(tx, list, message.sender)
  if (subscription === undefined) {
    const isOwner = outcome === 'refused' && (await reference.noteOwnerRefusal(tx, list, message.sender, reason))
    const [kind, text] = isOwner
      ? (['refused-by-owner', reason] as const)
      : (['unexpected', 'no subscription'] as const)
    await note(ports, tx, message, { kind: `reference.${kind}`, list, version, note: text })
    return
  }
  await settle(ports, tx, message, said, subscription)
}

async function settle(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  { list, version, outcome, reason = '', holds }: ReferenceDataAcknowledgement,
  { party, sent }: reference.Subscription,
): Promise<void> {
  if (version > sent) {
    const text = `version ${version} was never sent to ${party}`
    await note(ports, tx, message, { kind: 'reference.unexpected', list, version, note: text })
    return
  }
  const isKnown = isOurs((await ownListOf(tx, list))?.published ?? [], holds)
  const refusal =
    outcome === 'refused' ? reason : isKnown ? undefined : `holds a version ${holds.version} that is not ours`
  if (refusal === undefined) {
    await reference.noteHeld(tx, list, party, holds, ports.clock())
    await note(ports, tx, message, { kind: 'reference.acknowledged', list, version, note: outcome })
  } else {
    // Of a version that is not the last one sent the answer to that is still to come.
    if (version === sent || version === 0) await reference.noteRefused(tx, list, party, refusal)
    await note(ports, tx, message, { kind: 'reference.refused-by-subscriber', list, version, note: refusal })
  }
  await sendDue(ports, tx, list, party)
}
