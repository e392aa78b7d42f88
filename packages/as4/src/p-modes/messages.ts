import type { PMode, Property, UserMessage, UserMessageHeader } from '../model.ts'
import { EBMS } from '../names.ts'

/** The message properties of a four-corner exchange that must be there (eDelivery AS4 1.15, 1.5.1.2). */
export const FOUR_CORNER: NonNullable<PMode['requiredProperties']> = [
  { name: 'originalSender' },
  { name: 'finalRecipient' },
]

/** Who is behind the two access points, and the id under which the message is followed through them. */
export interface FourCorner {
  originalSender: Property | undefined
  finalRecipient: Property | undefined
  trackingIdentifier: Property | undefined
}

/** The four-corner properties of a message (eDelivery AS4 1.15, 1.5.1.2). */
export function fourCornerOf({ properties }: Pick<UserMessageHeader, 'properties'>): FourCorner {
  const find = (name: string): Property | undefined => properties.find((each) => each.name === name)
  return {
    originalSender: find('originalSender'),
    finalRecipient: find('finalRecipient'),
    trackingIdentifier: find('trackingIdentifier'),
  }
}

/** What keeps a message from having the properties that its P-Mode asks for; undefined when nothing does. */
export function missingProperty(pmode: PMode, header: UserMessageHeader): string | undefined {
  if (isTestMessage(pmode, header)) return undefined
  for (const { name, value, type } of pmode.requiredProperties ?? []) {
    const found = header.properties.find((each) => each.name === name)
    if (!found) return `the message property ${name} is missing`
    const sound = (value === undefined || found.value === value) && (type === undefined || found.type === type)
    if (!sound) return `the message property ${name} is not what was agreed`
  }
  return undefined
}

/** Whether a message is for the test service, and so for no business application (eDelivery AS4 1.15, 1.4.2.4). */
export function isTestMessage(
  pmode: PMode,
  { service, action }: Pick<UserMessageHeader, 'service' | 'action'>,
): boolean {
  if (pmode.test === true) return true
  return service.value === EBMS.testService && action === EBMS.testAction
}

/**
 * The P-Mode of the test service for the parties and the agreement of another (eDelivery AS4 1.15, 1.4.4.3): the same
 * security, the test service and action of ebMS 3.0 or those that were agreed. Undefined where there is to be none.
 */
export function testPModeOf(pmode: PMode): PMode | undefined {
  if (pmode.testService === false || pmode.test === true) return undefined
  const { service, action } = pmode.testService ?? { service: { value: EBMS.testService }, action: EBMS.testAction }
  return {
    ...pmode,
    id: `${pmode.id}#test`,
    service,
    actions: [action],
    requiredProperties: undefined,
    replyTo: undefined,
    test: true,
  }
}

/**
 * A message that answers another under the P-Mode of the second leg: RefToMessageId and ConversationId are those that
 * a two-way exchange demands (eDelivery AS4 1.15, 1.4.4.2).
 */
export function replyMessage(
  request: Pick<UserMessageHeader, 'messageId' | 'conversationId'>,
  pmode: PMode,
  reply: Pick<UserMessage, 'messageId' | 'timestamp' | 'action' | 'properties' | 'parts'>,
): UserMessage {
  return {
    ...reply,
    refToMessageId: request.messageId,
    conversationId: request.conversationId,
    from: pmode.initiator,
    to: pmode.responder,
    service: pmode.service,
    ...(pmode.agreement ? { agreement: pmode.agreement } : {}),
    ...(pmode.mpc === undefined ? {} : { mpc: pmode.mpc }),
  }
}
