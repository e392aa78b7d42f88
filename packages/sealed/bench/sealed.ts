// `npm run bench:sealed`: sealed objects made and opened a second, one after the other in one process. Prints one JSON object.
// Options: --seconds N (per figure, default 5).
import { cpus, loadavg } from 'node:os'
import { makeAuthority } from '@corridor/as4/testing'
import { type MessageObject, openObject, sealObject } from '../src/index.ts'

const at = process.argv.indexOf('--seconds')
const seconds = at < 0 ? 5 : Number(process.argv[at + 1])
const authority = await makeAuthority('Bench authority')
const sender = await authority.issue({ commonName: 'Sender' })
const addressee = await authority.issue({ commonName: 'Addressee' })
const now = new Date()

function messageOf(bytes: number): MessageObject {
  return {
    kind: 'message',
    id: 'object-1@sender.example',
    sender: 'SENDER',
    addressee: 'ADDRESSEE',
    purpose: 'Bench',
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 86_400_000),
    messageId: 'message-1@sender.example',
    conversation: '26SYABCDEFGHIJKLM0',
    documentType: 'CD001C',
    mediaType: 'application/xml',
    document: Buffer.alloc(bytes, 'document '),
  }
}

/** Runs again and again for the time of a figure, after a tenth of it to warm up; what one run took of the clock and of the processor. */
async function measure(run: () => Promise<unknown>): Promise<{ perSecond: number; cpuMs: number }> {
  const until = async (ms: number): Promise<number> => {
    const started = performance.now()
    let runs = 0
    for (; performance.now() - started < ms || runs === 0; runs += 1) await run()
    return runs
  }
  await until(seconds * 100)
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  const runs = await until(seconds * 1000)
  const took = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: rounded((runs / took) * 1000), cpuMs: rounded((user + system) / 1000 / runs) }
}

const rows = []
for (const documentBytes of [1_000, 10_000, 1_000_000, 20_000_000]) {
  const content = messageOf(documentBytes)
  const object = await sealObject(content, sender, addressee.certificate)
  const sealed = await measure(() => sealObject(content, sender, addressee.certificate))
  const opened = await measure(async () => {
    const senderCertificates = () => [sender.certificate]
    const outcome = await openObject(object, {
      own: [addressee],
      party: 'ADDRESSEE',
      purpose: 'Bench',
      senderCertificates,
      now,
    })
    if (outcome.kind !== 'opened') throw new Error(outcome.detail)
  })
  const row = { documentBytes, objectBytes: object.length, sealed, opened }
  rows.push(row)
  process.stderr.write(`${JSON.stringify(row)}\n`)
}
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  node: process.versions.node,
  load: loadavg().map(rounded),
}
process.stdout.write(`${JSON.stringify({ bench: 'Sealed objects, RSA 2048, AES-256-GCM', rows, machine }, null, 2)}\n`)

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
