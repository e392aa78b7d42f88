/** Both sides of a link change all their certificates by changed files, while messages flow both ways: no message fails, nobody is restarted. */
import assert from 'node:assert/strict'
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeAuthority, type TestIdentity } from '@corridor/as4/testing'
import { connect, type Database } from '@corridor/database'
import { testDatabase } from '@corridor/database/testing'
import { type Carrier, createExchange, type Exchange } from '@corridor/exchange'
import { makeBorder } from '../../carriers/test/border.ts'
import { freePort, type KeptNode, keepNode, partnersOf, readCorridor, realSettings } from '../src/index.ts'

const home = mkdtempSync(join(tmpdir(), 'corridor-changeover-'))
const ending: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })]
after(async () => {
  for (const end of ending.toReversed()) await end()
})
const codelists = fileURLToPath(new URL('../../../corridors/syria-jordan/codelists', import.meta.url))
const taken = new Set<number>()

/** What a side signs and decrypts with, and its TLS certificate with the authority that it comes from. */
interface Papers {
  signing: TestIdentity
  tls: TestIdentity
  ca: string
}

async function papersOf(name: string): Promise<Papers> {
  const authority = await makeAuthority(`CA of ${name}`)
  const [signing, tls] = [await authority.issue({ commonName: name }), await authority.issue({ commonName: name })]
  return { signing, tls, ca: authority.certificatePem }
}

/** One side; what it works with is in its own file. */
class Side {
  readonly id: 'sy' | 'jo'
  readonly party: string
  readonly ports: { api: number; as4: number }
  readonly dataKey = randomBytes(32)
  readonly url: string
  readonly db: Database
  readonly papers: Record<'before' | 'next', Papers>
  /** Signs with it and shows it; decrypts with the others too. */
  own: 'before' | 'next' = 'before'
  also: ('before' | 'next')[] = []
  /** What it believes of the other: the first is what it encrypts for. */
  theirs: ('before' | 'next')[] = ['before']
  node!: KeptNode
  exchange!: Exchange
  readonly log: string[] = []

  constructor(parts: Pick<Side, 'id' | 'ports' | 'url' | 'papers'>) {
    this.id = parts.id
    this.party = `${parts.id.toUpperCase()}.CUSTOMS`
    this.ports = parts.ports
    this.url = parts.url
    this.papers = parts.papers
    this.db = connect(parts.url, { max: 3 })
  }

  #put(name: string, text: string): string {
    writeFileSync(join(home, `${this.id}-${name}`), text)
    return `${this.id}-${name}`
  }

  /** Writes its file as it is now. */
  write(other: Side, link: string, place: string | undefined): string {
    const pair = (name: string, { certificatePem, privateKeyPem }: TestIdentity) => [
      this.#put(`${name}.crt`, certificatePem),
      this.#put(`${name}.key`, privateKeyPem),
    ]
    const { signing, tls } = this.papers[this.own]
    const [signingCertificate, signingKey] = pair('signing', signing)
    const [tlsCertificate, tlsKey] = pair('tls', tls)
    const alsoDecrypts = this.also.map((which) => {
      const [certificate, key] = pair(`also-${which}`, this.papers[which].signing)
      return { certificate, key }
    })
    const dataKey = this.#put('data.key', this.dataKey.toString('base64'))
    const places = place === undefined ? {} : { places: { nasib: this.#put('place', place) } }
    const [present, next] = this.theirs.map((which) => other.papers[which])
    const published = {
      signingCertificate: this.#put('their-signing.crt', present!.signing.certificatePem),
      ...(next && { nextSigningCertificate: this.#put('their-next-signing.crt', next.signing.certificatePem) }),
      ...(place === undefined && {
        url: `https://127.0.0.1:${other.ports.as4}/as4`,
        tlsCertificate: this.#put('their-tls.crt', present!.tls.certificatePem),
        ca: this.#put('their-ca.crt', present!.ca),
        ...(next && {
          nextTlsCertificate: this.#put('their-next-tls.crt', next.tls.certificatePem),
          nextCa: this.#put('their-next-ca.crt', next.ca),
        }),
      }),
    }
    const node = (side: Side, more: object) => ({
      country: side.id.toUpperCase(),
      name: side.party,
      party: side.party,
      domain: `${side.id}.example`,
      ports: side.ports,
      locales: ['en'],
      accounts: [],
      ...more,
    })
    const keys = { signingCertificate, signingKey, alsoDecrypts, tlsCertificate, tlsKey, dataKey, ...places }
    const corridor = {
      corridor: 'changeover',
      title: 'Changeover',
      codelists,
      nodes: { [this.id]: node(this, { keys }), [other.id]: node(other, { published }) },
      ...(place !== undefined && { places: { nasib: { kind: 'border-database', name: 'Nasib', port: 8490 } } }),
      links: [{ between: ['sy', 'jo'], kind: link, agreement: 'sy-jo', ...(place !== undefined && { at: 'nasib' }) }],
      offices: [],
    }
    const file = join(home, `${this.id}.yaml`)
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(corridor))
    return file
  }

  /** Owes the other side a document that it notes and answers nothing to. */
  async owe(other: Side): Promise<void> {
    const id = randomUUID().replaceAll('-', '').slice(0, 30)
    const payload = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<ncts:CD906C xmlns:ncts="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1">
  <messageSender>${this.party}</messageSender>
  <messageRecipient>${other.party}</messageRecipient>
  <preparationDateAndTime>${new Date().toISOString().slice(0, 19)}</preparationDateAndTime>
  <messageIdentification>${id}</messageIdentification>
  <messageType>CD906C</messageType>
  <FunctionalError><errorPointer>/test</errorPointer><errorCode>92</errorCode><errorReason>TEST</errorReason></FunctionalError>
</ncts:CD906C>`)
    const message = {
      messageId: `${id}@${this.id}.example`,
      link: 'partner' as const,
      sender: this.party,
      recipient: other.party,
      conversation: `conversation-${id}`,
      documentType: 'CD906C',
      payload,
    }
    await this.db.transaction((tx) => this.exchange.enqueue(tx, [message]))
  }

  /** Starts its node, and what owes documents beside it, as another process of the node would. */
  async start(file: () => string): Promise<void> {
    const settings = realSettings(file(), this.id, this.url)
    const corridor = readCorridor(settings.corridor)
    const own = corridor.nodes.find(({ id }) => id === this.id)!
    const { direct, carried } = partnersOf(corridor, own, settings, [])
    this.node = await keepNode(
      () => realSettings(file(), this.id, this.url),
      (level, text, fields) => {
        if (level !== 'info')
          this.log.push(
            `${text} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? value.message : value) as unknown)}`,
          )
      },
    )
    this.exchange = createExchange({
      db: this.db,
      party: this.party,
      identity: this.papers.before.signing,
      partners: direct,
      carried,
      // Nothing is sent from here.
      places: { nasib: { carrier: {} as Carrier } },
      dataKey: createSecretKey(this.dataKey),
      transport: () => Promise.reject(new Error('nothing is sent from here')),
      clock: () => new Date(),
      newId: () => `${randomUUID()}@${this.id}.example`,
      random: Math.random,
    })
  }
}

interface Link {
  kind: 'as4' | 'border-database'
  /** What each side signs in with at the place. */
  places: Record<'sy' | 'jo', string | undefined>
}

async function linkOf(kind: Link['kind']): Promise<Link> {
  if (kind === 'as4') return { kind, places: { sy: undefined, jo: undefined } }
  const border = await makeBorder()
  ending.push(() => border.drop())
  return { kind, places: { sy: border.urlOf('SY.CUSTOMS'), jo: border.urlOf('JO.CUSTOMS') } }
}

async function sideOf(id: 'sy' | 'jo'): Promise<Side> {
  const { url, drop } = await testDatabase()
  ending.push(drop)
  const [before, next] = [await papersOf(`${id} before`), await papersOf(`${id} next`)]
  const ports = { api: await freePort(0, taken), as4: await freePort(0, taken) }
  const side = new Side({ id, ports, url, papers: { before, next } })
  ending.push(() => side.db.close())
  return side
}

/** What each side does in turn; the other goes on as it is. */
const steps: [who: 'sy' | 'jo', what: string, change: (side: Side) => void][] = [
  ['jo', 'believes the next of the other too', (side) => (side.theirs = ['before', 'next'])],
  [
    'sy',
    'signs with the next, and still opens what is for the one before',
    (side) => Object.assign(side, { own: 'next', also: ['before'] }),
  ],
  ['jo', 'has the next of the other only', (side) => (side.theirs = ['next'])],
  ['sy', 'forgets the one before', (side) => (side.also = [])],
  ['sy', 'believes the next of the other too', (side) => (side.theirs = ['before', 'next'])],
  [
    'jo',
    'signs with the next, and still opens what is for the one before',
    (side) => Object.assign(side, { own: 'next', also: ['before'] }),
  ],
  ['sy', 'has the next of the other only', (side) => (side.theirs = ['next'])],
  ['jo', 'forgets the one before', (side) => (side.also = [])],
]

for (const kind of ['as4', 'border-database'] as const)
  test(`over a link of kind ${kind} both sides change all their certificates while messages flow: none fails, none is sent twice`, async () => {
    const { places } = await linkOf(kind)
    const sides = { sy: await sideOf('sy'), jo: await sideOf('jo') }
    const otherOf = ({ id }: Side): Side => (id === 'sy' ? sides.jo : sides.sy)
    for (const side of Object.values(sides)) {
      await side.start(() => side.write(otherOf(side), kind, places[side.id]))
      ending.push(() => side.node.stop())
    }
    const over = new AbortController()
    let owed = 0
    const owing = Object.values(sides).map(async (side) => {
      while (!over.signal.aborted) {
        await side.owe(otherOf(side))
        owed++
        await pause(50)
      }
    })
    const left = async (): Promise<number> => {
      const query = "select 1 from outbox where state <> 'receipted'"
      return (await sides.sy.db.query(query)).length + (await sides.jo.db.query(query)).length
    }
    for (const [who, what, change] of steps) {
      const side = sides[who]
      change(side)
      assert.deepEqual(await side.node.reload(), { kind: 'taken-up' }, `${who} ${what}`)
      await side.node.retired()
      const enough = owed + 20
      for (;;) {
        if (owed >= enough) break
        await pause(50)
      }
    }
    over.abort()
    await Promise.all(owing)
    for (;;) {
      if ((await left()) === 0) break
      await pause(100)
    }
    assert.ok(owed >= 200, `${owed} messages`)
    for (const side of Object.values(sides)) {
      const bad = `select kind, detail from journal where kind in
        ('message.refused', 'message.unanswered', 'message.parked', 'connection.refused', 'signal.unexpected', 'message.conflicting')`
      assert.deepEqual(await side.db.query(bad), [], side.id)
      assert.deepEqual(await side.db.query('select message_id from outbox where tries > 1'), [], side.id)
      const [{ twice }] = (await side.db.query<{ twice: number }>(
        'select count(*)::int - count(distinct message_id)::int as twice from inbox',
      )) as [{ twice: number }]
      assert.equal(twice, 0)
      assert.deepEqual(side.log, [], side.id)
      // The last of them was made with the next of both.
      const [last] = await side.db.query<{ sealed_by: string }>('select sealed_by from outbox order by id desc limit 1')
      for (const { signing } of [side.papers.next, otherOf(side).papers.next])
        assert.ok(last!.sealed_by.includes(signing.certificate.fingerprint256))
    }
  })
