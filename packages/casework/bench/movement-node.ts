// One node of the bench in a process of its own: real exchange over HTTPS, real casework, and people who do what is theirs as soon as it is.
import { createHash, createSecretKey, randomInt, randomUUID } from 'node:crypto'
import { connect, type Database, migrate } from '@corridor/database'
import { createExchange, httpsTransport, type InboxMessage, migrations as exchangeMigrations } from '@corridor/exchange'
import {
  accessCodeDigest,
  type Account,
  migrations as registryMigrations,
  registerGuarantee,
  saveAccount,
} from '@corridor/registry'
import { optionsOf, type Papers, partnerOf, serverOf } from '../../exchange/test/nodes.ts'
import { type ActFields, type ActName, type Casework, createCasework, type MovementView } from '../src/index.ts'
import {
  accessCode,
  accountsOf,
  clock,
  consignee,
  corridorXml,
  declarant,
  declaration,
  directoryOf,
  grn,
  law,
  type NodeId,
  rules,
} from '../test/corridor.ts'

/** A movement that has ended, and milliseconds from its declaration to the credit of its guarantee. */
export interface Ended {
  mrn: string
  tookMs: number
}

/** What the bench asks of a process. */
export type Order =
  | { open: { id: NodeId; databaseUrl: string; papers: Papers; partner: Papers; port: number; partnerUrl: string } }
  | { start: true }
  | { declare: number }
  | { usage: true }

interface Node {
  id: NodeId
  db: Database
  casework: Casework
  account(id: string): Account
}

/** When each movement was declared, by LRN until its page says its MRN. */
const declaredAt = new Map<string, number>()

const dataKey = createSecretKey(Buffer.alloc(32, 7))
let begun: ReturnType<typeof open> | undefined

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
})
process.once('disconnect', () => process.exit(0))

async function obey(order: Order): Promise<void> {
  if ('open' in order) begun = open(order.open)
  if ('start' in order) {
    await (await begun)?.start()
    process.send?.({ started: true })
  }
  if ('declare' in order) {
    const { node } = (await begun) ?? fail()
    for (let n = 0; n < order.declare; n += 1) await declare(node)
  }
  if ('usage' in order) {
    const { user, system } = process.cpuUsage()
    process.send?.({ usage: (user + system) / 1000 })
  }
}

async function open({ id, databaseUrl, papers, partner, port, partnerUrl }: Extract<Order, { open: unknown }>['open']) {
  const db = connect(databaseUrl, { max: 20 })
  await migrate(db, [exchangeMigrations, { room: 'registry', directory: registryMigrations }])
  const accounts = new Map<string, Account>()
  for (const account of accountsOf[id])
    accounts.set(account.id, await saveAccount(db, { ...account, locale: 'en' }, clock()))
  if (id === 'al')
    await registerGuarantee(db, {
      grn,
      holder: declarant,
      type: '1',
      currency: 'EUR',
      referenceAmount: '9000000000.00',
      validFrom: '2026-01-01',
      validTo: null,
      notValidIn: [],
      accessCodeDigest: accessCodeDigest(dataKey, grn, accessCode),
      at: clock(),
    })
  const exchange = createExchange({
    ...optionsOf(papers, db, [partnerOf(papers.party, partner, partnerUrl)]),
    transport: httpsTransport({ certificate: papers.certificatePem, key: papers.privateKeyPem }).send,
    patience: { waitPausesMs: Array.from({ length: 40 }, () => 50) },
    // Certificates are made now; the documents are of the day on which the story is set.
    clock: () => new Date(),
    deciding: 4,
  })
  const casework = createCasework({
    db,
    exchange,
    law,
    rules,
    directory: directoryOf(id),
    clock,
    newId: randomUUID,
    randomBody: (length) => Array.from({ length }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ'[randomInt(24)]).join(''),
    dataKey,
    domain: `${id}.bench`,
    timeZone: 'Europe/Tirane',
  })
  const node: Node = { id, db, casework, account: (name) => accounts.get(name) ?? fail() }
  await serverOf(exchange, papers, port)
  process.send?.({ opened: true })
  const start = () =>
    exchange.start(async (tx, message) => {
      const handled = await casework.handle(tx, message)
      if ('done' in handled) setImmediate(() => void react(node, message).catch(die))
      return handled
    })
  return { node, start }
}

/** What the document of a movement makes people do: the moment it is decided it is on their screens. */
async function react(node: Node, { documentType: type, conversation: mrn }: InboxMessage): Promise<void> {
  if (node.id === 'al') {
    if (type === 'CD201C') await act(node, 'durres', mrn, 'release', { controlResult: 'A2' })
    if (type === 'CD209C') end(mrn)
    return
  }
  if (type === 'CD050C') await act(node, 'vermice', mrn, 'cross', { passageDate: clock().toISOString().slice(0, 10) })
  if (type === 'CD050C') await write(node, 'arrival', mrn)
  if (type === 'CC007C') await act(node, 'prizren', mrn, 'permit-unloading', {})
  if (type === 'CC007C') await write(node, 'unloading-remarks', mrn)
  if (type === 'CC044C') await act(node, 'prizren', mrn, 'record-results', { controlResult: 'A1', stateOfSeals: '1' })
}

/** Opens the page of the movement, and does the act as soon as the page offers it. */
async function act(node: Node, name: string, mrn: string, wanted: ActName, fields: ActFields): Promise<void> {
  const account = node.account(name)
  for (let tries = 0; tries < 400; tries += 1) {
    const view = await node.casework.movement(account, mrn)
    if (view?.acts.some(({ act: each }) => each === wanted) === true) {
      const { version } = view
      if (wanted === 'release') named(view)
      const requestDigest = createHash('sha256').update(`${mrn} ${wanted} ${version}`).digest()
      const idempotency = { accountId: name, key: randomUUID(), requestDigest }
      const outcome = await node.casework.act(account, mrn, { act: wanted, version, fields, idempotency })
      if (outcome.kind === 'done') return
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${wanted} of ${mrn} was never possible`)
}

async function write(node: Node, document: 'arrival' | 'unloading-remarks', mrn: string): Promise<void> {
  await node.casework.submitTraderMessage(
    node.account('sharr'),
    Buffer.from(corridorXml(document, { sender: consignee, mrn })),
  )
}

async function declare(node: Node): Promise<void> {
  const lrn = `B${randomUUID().slice(0, 18).replaceAll('-', '')}`
  const xml = declaration({ lrn })
  declaredAt.set(lrn, performance.now())
  await node.casework.submitTraderMessage(node.account('adria'), Buffer.from(xml))
}

/** The movement has its MRN: its end says no LRN. An act that is tried again has named it before. */
function named({ mrn, lrn }: Pick<MovementView, 'mrn' | 'lrn'>): void {
  const at = declaredAt.get(lrn)
  if (at === undefined) return
  declaredAt.delete(lrn)
  declaredAt.set(mrn, at)
}

function end(mrn: string): void {
  const tookMs = performance.now() - (declaredAt.get(mrn) ?? fail())
  declaredAt.delete(mrn)
  process.send?.({ ended: { mrn, tookMs } satisfies Ended })
}

function die(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

function fail(): never {
  throw new Error('the node was not opened, or has no such account or movement')
}
