// `node packages/as4/bench/steps.ts [bytes] [times]`: time of the four steps of one exchange, without network. For profiles:
// `node --cpu-prof packages/as4/bench/steps.ts`.
import { randomUUID } from 'node:crypto'
import { EBMS, open, type OpenedMessage, type PMode, readResponse, sealReceipt, sealUserMessage } from '@corridor/as4'
import { makeAuthority } from '@corridor/as4/testing'
import { payloadOf, quantile, rounded } from './plan.ts'

const bytes = Number(process.argv[2] ?? 10_000)
const times = Number(process.argv[3] ?? 2_000)
const authority = await makeAuthority('Bench')
const [a, b] = [await authority.issue({ commonName: 'sender' }), await authority.issue({ commonName: 'receiver' })]
const pmodeOf = (partner: typeof a): PMode => ({
  id: 'bench',
  initiator: { id: 'sender', role: EBMS.initiator },
  responder: { id: 'receiver', role: EBMS.responder },
  service: { value: 'urn:bench:service' },
  profile: 'edelivery-1.15',
  partnerCertificate: partner.certificate,
})
const [atSender, atReceiver] = [pmodeOf(b), pmodeOf(a)]
const part = { contentId: 'one@sender.test', mimeType: 'application/xml', properties: [], bytes: payloadOf(bytes) }
const spent = { seal: [] as number[], open: [] as number[], receipt: [] as number[], verify: [] as number[] }

function step<T>(name: keyof typeof spent, work: () => T): T {
  const started = process.hrtime.bigint()
  const result = work()
  spent[name].push(Number(process.hrtime.bigint() - started) / 1e6)
  return result
}

for (let n = 0; n < times; n++) {
  const now = new Date()
  const { initiator: from, responder: to, service } = atSender
  const parts = { conversationId: 'bench', from, to, service, action: 'CD001C', properties: [], parts: [part] }
  const message = { messageId: `${randomUUID()}@sender.test`, timestamp: now, ...parts }
  const sent = step('seal', () => sealUserMessage(message, atSender, a))
  const opened = step('open', () => open(sent, { identity: b, findPMode: () => atReceiver, now })) as OpenedMessage
  const signal = { messageId: `${randomUUID()}@receiver.test`, timestamp: now, identity: b }
  const receipt = step('receipt', () => sealReceipt(opened, signal))
  const answer = step('verify', () => readResponse(receipt, { sent, pmode: atSender, now }))
  if (answer.kind !== 'receipt') throw new Error(answer.kind)
}
// The first quarter is warm-up; the lower quartile of the rest, since what else the machine does only adds time.
const each = Object.entries(spent).map(([name, list]) => {
  const sorted = list.slice(times / 4).sort((a, b) => a - b)
  return [name, rounded(quantile(sorted, 0.25), 3)] as const
})
const ms = {
  ...Object.fromEntries(each),
  all: rounded(
    each.reduce((sum, [, one]) => sum + one, 0),
    3,
  ),
}
process.stdout.write(`${JSON.stringify({ bytes, times, lowerQuartileMs: ms })}\n`)
