import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { type Identity, type PMode, sealUserMessage } from '@corridor/as4'
import { type Endpoint, memoryDuplicates, sendMessage, serve } from '@corridor/as4/http'
import { makeAuthority } from '@corridor/as4/testing'
import { type CarriedObject, readFramed, sealedObjectType, writeFramed } from '@corridor/exchange'
import { makePapers, type Papers, partnerOf } from '../../exchange/test/nodes.ts'
import type { BenchHub } from './hub.ts'

/**
 * Members of a hub that store nothing: each has keys and an AS4 endpoint of its own, gives the hub objects, and answers each message
 * that is forwarded to it with a receipt object by the same way. The hub cannot tell them from others.
 */
export interface SimulatedMembers {
  papers: Papers[]
  members: { papers: Papers; url: string }[]
  /** Member number `from` gives the hub a message for the next one; answers milliseconds until its receipt is back. */
  send(from: number): Promise<number>
  close(): Promise<void>
}

const lifeMs = 3_600_000

export async function makeMembers(count: number, hub: BenchHub, bytes: number): Promise<SimulatedMembers> {
  const authority = await makeAuthority('Members')
  const papers: Papers[] = []
  for (let n = 0; n < count; n += 1) papers.push(await makePapers(`M${n}`, authority))
  /** What to do when the receipt for an object is there. */
  const awaited = new Map<string, () => void>()
  const members = await Promise.all(papers.map((own) => makeMember(own, hub, arrived)))
  const byParty = new Map(members.map((member) => [member.papers.party, member]))
  // Sealed bytes mean nothing to the hub; these have the length of a real object.
  const body = Buffer.alloc(bytes + 2_128, 1)

  async function arrived({ id, sender, addressee, kind }: CarriedObject): Promise<void> {
    if (kind === 'receipt') {
      awaited.get(id)?.()
      return
    }
    // The receipt has the message's id, so that it is known here without opening it; an id is one of its sender.
    const receipt = { id, sender: addressee, addressee: sender, kind: 'receipt' as const, expiresAt: later() }
    await byParty.get(addressee)!.give({ ...receipt, bytes: body.subarray(0, 2_300) })
  }

  return {
    papers,
    members: members.map(({ papers: own, url }) => ({ papers: own, url })),
    async send(from) {
      const [sender, addressee] = [members[from % count]!, members[(from + 1) % count]!]
      const id = `${randomUUID()}@bench.test`
      const began = performance.now()
      const receipted = new Promise<void>((resolve) => awaited.set(id, resolve))
      const object = { id, sender: sender.papers.party, addressee: addressee.papers.party, kind: 'message' as const }
      await sender.give({ ...object, expiresAt: later(), bytes: body })
      await receipted
      awaited.delete(id)
      return performance.now() - began
    },
    async close() {
      await Promise.all(members.map(({ endpoint }) => endpoint.close()))
    },
  }
}

function later(): Date {
  return new Date(Date.now() + lifeMs)
}

interface Member {
  papers: Papers
  url: string
  endpoint: Endpoint
  give(object: CarriedObject): Promise<void>
}

async function makeMember(
  papers: Papers,
  hub: BenchHub,
  arrived: (object: CarriedObject) => Promise<void>,
): Promise<Member> {
  const { sending, receiving } = partnerOf(papers.party, hub.papers, hub.url)
  const own = identityOf(papers)
  const now = () => new Date()
  const fault = (error: unknown): void => {
    process.stderr.write(`${papers.party}: ${String(error)}\n`)
    process.exit(1)
  }
  const endpoint = await serve({
    identity: own,
    findPMode: () => receiving,
    now,
    newMessageId: () => `${randomUUID()}@member.test`,
    duplicates: memoryDuplicates(),
    onMessage({ message }) {
      const object = readFramed(message.parts[0]!.bytes)
      if ('refused' in object) return fault(object.refused)
      // The AS4 receipt does not wait for what becomes of the object.
      arrived(object).catch(fault)
    },
    onError: (event) => fault(JSON.stringify(event)),
    host: '127.0.0.1',
    port: 0,
    tls: { certificate: papers.certificatePem, key: papers.privateKeyPem, clientCa: hub.papers.caPem },
  })
  const tls = {
    certificate: papers.certificatePem,
    key: papers.privateKeyPem,
    ca: hub.papers.caPem,
    pinned: [new X509Certificate(hub.papers.certificatePem)],
  }
  return {
    papers,
    url: endpoint.url.replace('localhost', '127.0.0.1'),
    endpoint,
    async give(object) {
      const outcome = await sendMessage(hub.url, sealed(object, sending, own), { pmode: sending, now, tls })
      if (outcome.kind !== 'receipt') throw new Error(`the hub gave no receipt: ${JSON.stringify(outcome)}`)
    },
  }
}

function identityOf({ certificatePem, privateKeyPem }: Papers): Identity {
  return { certificate: new X509Certificate(certificatePem), privateKey: createPrivateKey(privateKeyPem) }
}

function sealed(object: CarriedObject, pmode: PMode, own: Identity) {
  const message = {
    messageId: `${randomUUID()}@member.test`,
    timestamp: new Date(),
    conversationId: randomUUID(),
    from: pmode.initiator,
    to: pmode.responder,
    service: pmode.service,
    action: sealedObjectType,
    properties: [],
    parts: [{ contentId: 'object', mimeType: 'application/octet-stream', properties: [], bytes: writeFramed(object) }],
  }
  return sealUserMessage(message, pmode, own)
}
