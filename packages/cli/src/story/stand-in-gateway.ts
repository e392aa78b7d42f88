import { randomUUID } from 'node:crypto'
import { answersIn, type Corridor, type NodeSettings, sendInPlaceOf } from '@corridor/node'
import { until } from './expectations.ts'
import { errorsIn } from './mailbox.ts'
import type { SendStep } from './story.ts'

/**
 * A stand-in for a node's gateway sends the partner a document. Where the story says that it is refused, this waits until the partner has
 * refused it, and the node that it came from has taken the refusal.
 * @returns the message, and what the refusal says
 */
export async function sendAsStandIn(
  stage: { corridor: Corridor; settings: NodeSettings; partner: NodeSettings; patienceMs: number },
  step: SendStep,
  { xml, domain, conversation }: { xml: string; domain: string; conversation: string },
): Promise<{ messageId: string; answer: string }> {
  const messageId = `${randomUUID()}@${domain}`
  await sendInPlaceOf(stage.corridor, stage.settings, step.to, { messageId, type: step.document, conversation, xml })
  const { refused } = step.expect
  if (refused === null) return { messageId, answer: '' }
  const answer = await until(stage.patienceMs, step, `${refused.by} did not come`, async () => {
    const found = (await answersIn(stage.partner, messageId)).find(({ type }) => type === refused.by)
    return found?.state === 'receipted' ? errorsIn(refused.by, Buffer.from(found.document).toString('utf8')) : undefined
  })
  if (!answer.includes(refused.naming)) throw new Error(`step ${step.step}: refused for another reason: ${answer}`)
  return { messageId, answer }
}
