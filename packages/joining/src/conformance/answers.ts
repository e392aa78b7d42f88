import { randomInt, randomUUID } from 'node:crypto'
import { makeMrn } from '@corridor/customs'
import type { Database } from '@corridor/database'
import { conversationMessages } from '@corridor/exchange'
import { withReference } from '@corridor/node'
import { until } from '../node-client.ts'
import { wordsOf } from './link.ts'
import { type Probe, sealProbe, sendProbe } from './probe.ts'
import type { Finding } from './report.ts'

/** Where our own node's messages are seen, and how long is waited for one. */
export interface Hearing {
  db: Database
  patienceMs: number
}

const passed = (evidence: Finding['evidence']): Finding => ({ outcome: 'passed', evidence })
const failed = (detail: string, evidence: Finding['evidence'] = {}): Finding => ({
  outcome: 'failed',
  detail,
  evidence,
})

/** Scenarios whose answer comes to our own node. */
export const answerScenarios: Record<string, (probe: Probe, hearing: Hearing) => Promise<Finding>> = {
  malformed: (probe, hearing) =>
    answered(probe, hearing, { type: 'CD001C', xml: '<no-such-document/>', answer: 'CD917C' }),
  'unknown-movement': (probe, hearing) => {
    const mrn = unknownMrn(probe)
    return answered(probe, hearing, {
      type: 'CD006C',
      xml: arrivalAdvice(probe, mrn),
      answer: 'CD906C',
      conversation: mrn,
    })
  },
  lists: async ({ own, partner, settings }, { patienceMs }) => {
    const [ours, theirs] = [`CL141/${own.own.party}`, `CL141/${partner.party}`]
    const held = () =>
      withReference(settings, async (desk) => {
        const subscriber = (await desk.subscribers(own.own.party)).find(
          ({ list, party }) => list === ours && party === partner.party,
        )
        const list = (await desk.lists()).find(({ id }) => id === theirs)
        return {
          ourList: `${ours} version ${subscriber?.published ?? 'none'} here`,
          there: subscriber === undefined ? 'not subscribed' : `version ${subscriber.version}`,
          theirList: `${theirs} version ${list?.published ?? 'none'}, ${list?.entries ?? 0} entries`,
          isRight: subscriber !== undefined && subscriber.version === subscriber.published && (list?.entries ?? 0) > 0,
        }
      })
    await until(patienceMs, async () => ((await held()).isRight ? true : undefined))
    const { isRight, ...evidence } = await held()
    return isRight
      ? passed(evidence)
      : failed('a list is not at the other side in the version that is in use', evidence)
  },
}

async function answered(
  probe: Probe,
  { db, patienceMs }: Hearing,
  {
    type,
    xml,
    answer,
    conversation = `conformance-${randomUUID().slice(0, 20)}`,
  }: { type: string; xml: string; answer: string; conversation?: string },
): Promise<Finding> {
  const sealed = sealProbe(probe, { type, conversation, bytes: Buffer.from(xml) })
  const outcome = await sendProbe(probe, sealed)
  if (outcome.kind !== 'receipt') return failed(`the question: ${wordsOf(outcome)}`, { messageId: sealed.messageId })
  const came = await until(patienceMs, async () =>
    (await conversationMessages(db, [conversation])).find(
      ({ direction, sender, documentType }) =>
        direction === 'in' && sender === probe.partner.party && documentType === answer,
    ),
  )
  const evidence = { messageId: sealed.messageId, conversation, receipt: outcome.receipt.messageId }
  if (came === undefined) return failed(`no ${answer} came to our node within ${patienceMs / 1000} seconds`, evidence)
  return passed({ ...evidence, answer: `${came.documentType} ${came.messageId}` })
}

/** One that the partner never gave out, as far as chance goes. */
function unknownMrn({ partner, own, now }: Probe): string {
  const country = own.corridor.nodes.find(({ party }) => party === partner.party)!.country
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const body = Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join('')
  return makeMrn(String(now().getUTCFullYear()).slice(2), country, body, 'J')
}

function arrivalAdvice({ own, partner, now }: Probe, mrn: string): string {
  const moment = now().toISOString().slice(0, 19)
  const office = (party: string, role: string): string => {
    const country = own.corridor.nodes.find((node) => node.party === party)?.country
    return (
      own.corridor.offices.find((each) => each.country === country && each.roles.some((one) => one === role))
        ?.reference ?? ''
    )
  }
  return `<?xml version="1.0" encoding="UTF-8"?>
<ncts:CD006C xmlns:ncts="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1">
  <messageSender>${own.own.party}</messageSender>
  <messageRecipient>${partner.party}</messageRecipient>
  <preparationDateAndTime>${moment}</preparationDateAndTime>
  <messageIdentification>${randomUUID().replaceAll('-', '')}</messageIdentification>
  <messageType>CD006C</messageType>
  <TransitOperation>
    <MRN>${mrn}</MRN>
    <arrivalDateAndTimeActual>${moment}</arrivalDateAndTimeActual>
  </TransitOperation>
  <CustomsOfficeOfDeparture>
    <referenceNumber>${office(partner.party, 'departure')}</referenceNumber>
  </CustomsOfficeOfDeparture>
  <CustomsOfficeOfDestinationActual>
    <referenceNumber>${office(own.own.party, 'destination')}</referenceNumber>
  </CustomsOfficeOfDestinationActual>
</ncts:CD006C>
`
}
