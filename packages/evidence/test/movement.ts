/** Two nodes that exchanged the messages of a movement: over AS4 with real HTTPS, or by a third place. */
import { X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { type CarriedPartner, journalPiece, keptMessages, type Outgoing } from '@corridor/exchange'
import {
  createExchange,
  document,
  identityOf,
  makePapers,
  makeStore,
  optionsOf,
  type Papers,
  partnerOf,
  recordEffect,
  serverOf,
  until,
  vaultOf,
} from '../../exchange/test/nodes.ts'
import { StandInPlace } from '../../exchange/test/place.ts'
import { type EvidenceTaker, type KnownCertificate, makeEvidence } from '../src/index.ts'

export const mrn = '26AL0000000000EVI0'
export const secretCode = 'Q7x9'

/** One side that may be asked for evidence. */
export interface Witness {
  papers: Papers
  store: Awaited<ReturnType<typeof makeStore>>
  known: KnownCertificate[]
}

export interface Played {
  al: Witness
  xk: Witness
  end(): Promise<void>
}

/** `count` messages of one movement from each side, all receipted; the last of Albania's has an access code. */
export async function exchanged(count: number, way: 'as4' | 'carried'): Promise<Played> {
  const papers = { al: await makePapers('NTA.AL'), xk: await makePapers('NTA.XK') }
  const stores = { al: await makeStore(), xk: await makeStore() }
  const ports = { al: await freePort(), xk: await freePort() }
  const place = new StandInPlace()
  const side = (own: 'al' | 'xk', other: 'al' | 'xk') => {
    const carried: CarriedPartner = {
      party: papers[other].party,
      agreement: 'al-xk',
      certificates: [new X509Certificate(papers[other].certificatePem)],
      place: 'morine',
    }
    return createExchange({
      ...optionsOf(
        papers[own],
        stores[own].db,
        way === 'as4' ? [partnerOf(papers[own].party, papers[other], `https://127.0.0.1:${ports[other]}/as4`)] : [],
      ),
      ...(way === 'carried' && {
        carried: [carried],
        places: { morine: { carrier: place.carrierOf(papers[own].party) } },
      }),
    })
  }
  const exchanges = { al: side('al', 'xk'), xk: side('xk', 'al') }
  const running: { stop(): Promise<void> }[] = []
  const servers: { close(): Promise<void> }[] = []
  for (const own of ['al', 'xk'] as const) {
    if (way === 'as4') servers.push(await serverOf(exchanges[own], papers[own], ports[own]))
    running.push(await exchanges[own].start(recordEffect))
  }
  await exchanges.al.enqueue(stores.al.db, messages('NTA.AL', 'NTA.XK', count, true))
  await exchanges.xk.enqueue(stores.xk.db, messages('NTA.XK', 'NTA.AL', count, false))
  for (const { db } of Object.values(stores)) {
    await until(
      'everything is receipted',
      async () => (await left(db, `outbox where state <> 'receipted'`)) === 0,
      60_000,
    )
    await until('everything is decided', async () => (await left(db, `inbox where state <> 'done'`)) === 0)
    await until(
      'every line has its seal',
      async () => (await left(db, 'journal where tx >= (select coalesce(max(end_tx), 0) from journal_seal)')) === 0,
      60_000,
    )
  }
  for (const each of running) await each.stop()
  for (const each of servers) await each.close()
  const known = (['al', 'xk'] as const).map((id): KnownCertificate => ({
    party: papers[id].party,
    use: 'signing',
    certificate: new X509Certificate(papers[id].certificatePem),
  }))
  return {
    al: { papers: papers.al, store: stores.al, known },
    xk: { papers: papers.xk, store: stores.xk, known: known.toReversed() },
    end: async () => void (await Promise.all([stores.al.drop(), stores.xk.drop()])),
  }
}

/** Evidence as the node of a witness gives it. */
export async function evidenceOf(
  { papers, store, known }: Witness,
  more: Partial<EvidenceTaker> & { mostSeals?: number; only?: ReadonlySet<string> } = {},
): Promise<Buffer> {
  const { mostSeals, only, ...taker } = more
  return makeEvidence(
    {
      movement: mrn,
      isPart: only !== undefined,
      messages: await keptMessages(store.db, vaultOf(papers.party), {
        conversations: [mrn],
        party: papers.party,
        only,
      }),
      journal: await journalPiece(store.db, [mrn], mostSeals),
    },
    { party: papers.party, identity: identityOf(papers), known, now: new Date(), redact, ...taker },
  )
}

/** The stand-in for what customs knows of access codes. */
export function redact(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('utf8')
  return text.includes('<accessCode>') ? Buffer.from(text.replaceAll(secretCode, '****')) : undefined
}

function messages(sender: string, recipient: string, count: number, secret: boolean): Outgoing[] {
  return Array.from({ length: count }, (_, n) => {
    const isSecret = secret && n === count - 1
    const payload = isSecret
      ? Buffer.from(`<ncts:CD200C xmlns:ncts="urn:test"><accessCode>${secretCode}</accessCode></ncts:CD200C>`)
      : undefined
    return document(recipient, {
      sender,
      conversation: mrn,
      ...(payload !== undefined && { documentType: 'CD200C', payload }),
    })
  })
}

async function left(db: Witness['store']['db'], from: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select count(*)::int as n from ${from}`)
  return row?.n ?? -1
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
