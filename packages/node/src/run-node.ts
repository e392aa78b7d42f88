import {
  createPrivateKey,
  createSecretKey,
  type KeyObject,
  randomInt,
  randomUUID,
  type X509Certificate,
} from 'node:crypto'
import { createApi, type NodeEvent } from '@corridor/api'
import {
  availabilityTopic,
  type Casework,
  createCasework,
  type CurrentCodeLists,
  declarationTopic,
  followCodeLists,
  followOperators,
  localDay,
  type MovementEvent,
} from '@corridor/casework'
import { codeListsUsed, officesList } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { regionalTopic } from '@corridor/hub'
import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  httpsTransport,
  Loop,
  type Meter,
  migrations as exchangeMigrations,
  type Partner,
  type Transport,
} from '@corridor/exchange'
import { withDurations } from '@corridor/procedures'
import {
  accessCodeDigest,
  closeOtherAccounts,
  forgetOldSecrets,
  migrations as registryMigrations,
  participantOf,
  reference,
  registerGuarantee,
  saveAccount,
} from '@corridor/registry'
import { migrations as shareMigrations } from '@corridor/shares'
import { type CompiledLaw, loadLaw, loadOfficeLists, loadShippedLists } from '@corridor/tables'
import { migrations as webhookMigrations, type Webhooks } from '@corridor/webhooks'
import { apiPorts } from './api-ports.ts'
import { type NodeClock, nodeClock } from './clock.ts'
import { checkGuarantees, knownTimers, rulesOf } from './config/agreed.ts'
import { type Corridor, type CorridorNode, readCorridor } from './config/corridor.ts'
import { declarationPortsOf } from './declarations.ts'
import { directoryOf } from './directory.ts'
import { openDoor, portFault } from './door.ts'
import { NodeFault } from './faults.ts'
import { copiesTo, hubRooms, regionalOf } from './hub.ts'
import { checkedPair } from './health/certificates.ts'
import { watchOf } from './health/watch.ts'
import type { LogLine } from './log.ts'
import { nationalDesk } from './national/desk.ts'
import { partnersOf } from './partners.ts'
import { placesOf } from './places.ts'
import { keepDistributing, sharedListsOf } from './reference/distribution.ts'
import { keepReporting } from './statistics.ts'
import { seedReference } from './reference/seed.ts'
import type { NodeSettings } from './settings.ts'
import { sharingOf } from './shares.ts'
import { actionsOf, mediaTypes } from './wire.ts'
import { webhooksOf } from './webhooks.ts'

const dayMs = 86_400_000
/** Until the store of reference data is asked again when it could not be read. */
const listsAgainMs = 5_000
/** How often it is looked whether something fell due: time limits are in days. */
const timerPollMs = 2_000
const mrnLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** A node that runs in this process. */
export interface RunningNode {
  stop(): Promise<void>
}

/**
 * Wires one node and starts it: database, exchange, casework, API. The real clock, randomness and network come in here and nowhere else.
 * @param time whose clock it is; that of its settings unless told
 * @throws NodeFault, DatabaseFault: each says what to do
 */
export async function runNode(
  settings: NodeSettings,
  log: LogLine,
  time: NodeClock = nodeClock(settings),
): Promise<RunningNode> {
  const clock = () => time.now()
  const corridor = readCorridor(settings.corridor)
  const own = corridor.nodes.find((node) => node.id === settings.node)
  if (own === undefined) throw new NodeFault('CORRIDOR_FILE', `There is no node ${settings.node} in ${corridor.id}.`)
  const certificates = { signing: checkedPair(settings.signing, 'signing'), tls: checkedPair(settings.tls, 'TLS') }
  const loaded = loadLaw(corridor.codelists)
  checkGuarantees(own, loaded.law)
  const usual = withDurations(loaded.law, knownTimers(own, loaded.law))
  const db = connect(settings.databaseUrl, { max: 12, applicationName: `corridor ${own.id}` })
  const dataKey = createSecretKey(Buffer.from(settings.dataKey, 'base64'))
  const closers: (() => Promise<unknown>)[] = [() => db.close()]
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    const registryRoom = { room: 'registry', directory: registryMigrations }
    const rooms = [exchangeMigrations, registryRoom, webhookMigrations, shareMigrations, ...hubRooms(own)]
    const ahead = await migrate(db, rooms)
    if (ahead.length > 0) log('info', 'database.ahead', { migrations: ahead })
    for (const { id, open } of await register(db, own, settings, dataKey, clock()))
      log('info', open ? 'account.opened' : 'account.closed', { account: id })
    await seed(db, corridor, own, clock, log)
    const lists = await codeListsOf(db, loaded, log)
    closers.push(() => lists.stop())
    // A getter: whoever reads the law reads the lists that are published now.
    const law: CompiledLaw['law'] = {
      ...usual,
      get codeLists() {
        return lists.current()
      },
    }
    const operators = await followOperators({ db, log, later: laterAgain })
    closers.push(() => operators.stop())
    const directory = directoryOf(corridor, own, {
      officeName: (office) => lists.current().text(officesList, office),
      operator: (id) => operators.operator(id, localDay({ clock, timeZone: own.timeZone })),
    })
    const transport = httpsTransport({ certificate: settings.tls.certificate, key: settings.tls.key })
    closers.push(() => transport.close())
    const partners = partnersOf(corridor, own, settings, actionsOf(law))
    const declarations = declarationPortsOf(corridor, own)
    const watch = watchOf({ own, settings, certificates, db, time, partners, reach: transport.reach })
    const webhooks: Webhooks = webhooksOf({
      own,
      settings,
      folder: corridor.folder,
      db,
      dataKey,
      clock,
      log,
      meter: watch.webhookMeter,
      casework: () => casework,
    })
    const { places, close: leavePlaces } = placesOf(corridor, own.party, settings, partners, log)
    closers.push(leavePlaces)
    const { send } = transport
    const exchange = exchangeOf({
      own,
      settings,
      db,
      dataKey,
      clock,
      log,
      partners: partners.direct,
      carried: partners.carried,
      places,
      transport: send,
      certificate: certificates.signing,
      meter: watch.meter,
      onMailbox: (tx, documents) =>
        webhooks.announce(
          tx,
          'message.available',
          documents.map(({ recipient, messageId }) => ({ owner: recipient, subject: messageId })),
        ),
    })
    const casework: Casework = createCasework({
      db,
      exchange,
      law,
      rules: rulesOf(corridor, loaded.rules),
      ...(own.correspondence && { correspondence: own.correspondence }),
      directory,
      clock,
      newId: randomUUID,
      randomBody: (length) => Array.from({ length }, () => mrnLetters[randomInt(mrnLetters.length)]).join(''),
      dataKey,
      domain: own.domain,
      timeZone: own.timeZone,
      ...(own.fallbackBlock !== null && { fallbackBlock: own.fallbackBlock }),
      guaranteeRules: { rates: own.rates, suspendedGoods: own.suspendedGoods },
      reference: sharedListsOf(corridor),
      files: own.files,
      ...(declarations && { declarations }),
      nationalTransit: own.nationalSystem?.transit === true,
      regional: copiesTo(corridor, own, law.messages),
      languageOf: (country) => corridor.nodes.find((node) => node.country === country)?.paperLanguage,
    })
    const members = partners.direct.map(({ party }) => party)
    const regional = regionalOf({ corridor, own, messages: law.messages, db, exchange, members, directory, clock, log })
    const sharing = sharingOf({ corridor, own, db, exchange, dataKey, directory, clock, log })
    const listeners = new Set<(event: NodeEvent | undefined) => void>()
    closers.push(await exchange.onAnnouncement((topic, payload) => hear(listeners, topic, payload)))
    closers.push(forgetDaily(db, webhooks, clock, log))
    const api = createApi(
      apiPorts({
        own,
        db,
        clock,
        log,
        directory,
        casework,
        law,
        partners,
        listeners,
        webhooks,
        regional: regional.port,
        shares: sharing.port,
        ...watch,
      }),
    )
    await api
      .listen({ host: '127.0.0.1', port: settings.ports.api })
      .catch((error: unknown) => portFault(error, settings.ports.api))
    closers.push(() => api.close())
    // Where every partner is reached by a third place nobody has a reason to connect: there is no door.
    if (partners.direct.length > 0) closers.push(await openDoor(exchange, settings, partners.direct))
    const working = await exchange.start(sharing.handler(regional.handler(casework.handle)))
    closers.push(() => working.stop())
    closers.push(regional.start())
    closers.push(sharing.start())
    await webhooks.keepOwners(own.accounts.flatMap((account) => participantOf(account) ?? []))
    const telling = await webhooks.start()
    closers.push(() => telling.stop())
    closers.push(await keepDistributing(db, casework, log))
    const timers = new Loop({
      lanes: 1,
      step: () => casework.nextTimer((error, about) => log('error', 'timer.failed', { ...about, error })),
      pollMs: timerPollMs,
      onFault: (error) => log('error', 'timers.failed', { error }),
    })
    timers.start()
    closers.push(() => timers.stop())
    closers.push(keepReporting(casework, log))
    closers.push(await nationalDesk({ own, settings, casework, db, clock, log }))
  } catch (error) {
    await stop()
    throw error
  }
  log('info', 'node.started', {
    corridor: corridor.id,
    party: own.party,
    api: settings.ports.api,
    as4: settings.ports.as4,
    ...(time.aheadMs > 0 && { clockAheadMs: time.aheadMs }),
  })
  return { stop }
}

/** Reference data: the lists that come as files, where they are not in the store yet or newer. */
async function seed(
  db: Database,
  { id, codelists, nodes }: Corridor,
  { timeZone }: CorridorNode,
  clock: () => Date,
  log: LogLine,
): Promise<void> {
  const countries = new Map(nodes.map((node) => [node.party, node.country]))
  // What came from its owner is not taken from a file again, however new that is.
  const taken = new Set((await reference.sources(db)).filter(({ version }) => version > 0).map(({ list }) => list))
  const lists = loadShippedLists({ folder: codelists, corridor: id, countries })
  const shipped = lists.filter(({ head }) => !taken.has(head.id))
  const seeded = await seedReference(db, shipped, { at: clock(), today: localDay({ clock, timeZone }) })
  if (seeded.length > 0) log('info', 'reference.seeded', { lists: seeded.map(({ list }) => list) })
}

/** Asks the store again after a while. */
const laterAgain = (again: () => void): void => void setTimeout(again, listsAgainMs).unref()

/** The code lists as they are published, from now on. */
function codeListsOf(db: Database, { law, rules, codeLists }: CompiledLaw, log: LogLine): Promise<CurrentCodeLists> {
  return followCodeLists({
    db,
    files: codeLists,
    used: codeListsUsed(law.messages, rules),
    offices: loadOfficeLists(),
    log,
    later: laterAgain,
  })
}

/** The exchange of a node with the real randomness and network. */
function exchangeOf(parts: {
  own: CorridorNode
  settings: NodeSettings
  db: Database
  dataKey: KeyObject
  clock: () => Date
  log: LogLine
  partners: Partner[]
  carried: ExchangeOptions['carried']
  places: ExchangeOptions['places']
  transport: Transport
  meter: Meter
  onMailbox: NonNullable<ExchangeOptions['onMailbox']>
  certificate: X509Certificate
}): Exchange {
  const { own, settings, log, certificate, ...rest } = parts
  return createExchange({
    ...rest,
    party: own.party,
    identity: {
      certificate,
      privateKey: createPrivateKey(settings.signing.key),
    },
    mediaTypes,
    newId: () => `${randomUUID()}@${own.domain}`,
    random: Math.random,
    log: (level, text, fields) => log(level, text, fields),
    // A partner that is back is noticed within half a minute; one that is away over a long weekend loses nothing.
    patience: { backOffMostMs: 30_000, triesBeforeParked: 15_000 },
  })
}

/** Hands an announcement on. An empty topic: the connection was away and something may have been missed; every screen asks anew. */
function hear(listeners: Set<(event: NodeEvent | undefined) => void>, topic: string, payload: string): void {
  const event = topic === 'movement' ? (JSON.parse(payload) as MovementEvent) : undefined
  if (topic === regionalTopic) for (const listener of listeners) listener('regional')
  if (topic === availabilityTopic) for (const listener of listeners) listener('availability')
  if (topic === declarationTopic) for (const listener of listeners) listener('declarations')
  if (topic === 'movement' || topic === '') for (const listener of listeners) listener(event)
}

/** Forgets spent links, ended sessions, old idempotency keys and settled deliveries once a day. @returns how to stop */
function forgetDaily(
  db: Database,
  webhooks: Pick<Webhooks, 'forget'>,
  clock: () => Date,
  log: LogLine,
): () => Promise<void> {
  const forgetting = setInterval(() => {
    forgetOldSecrets(db, clock()).catch((error: unknown) => log('warn', 'accounts.forget', { error }))
    webhooks.forget().catch((error: unknown) => log('warn', 'webhooks.forget', { error }))
  }, dayMs)
  forgetting.unref()
  return async () => clearInterval(forgetting)
}

/** Accounts and guarantees of the corridor file. Guarantees that are there already stay; accounts that it does not name are closed. */
async function register(
  db: Database,
  own: CorridorNode,
  settings: NodeSettings,
  dataKey: KeyObject,
  now: Date,
): Promise<{ id: string; open: boolean }[]> {
  return db.transaction(async (tx) => {
    for (const account of own.accounts) await saveAccount(tx, { ...account, locale: own.locales[0] ?? 'en' }, now)
    for (const guarantee of own.guarantees) {
      const accessCode = settings.accessCodes[guarantee.grn]
      if (accessCode === undefined) continue
      await registerGuarantee(tx, {
        ...guarantee,
        accessCodeDigest: accessCodeDigest(dataKey, guarantee.grn, accessCode),
        at: now,
      })
    }
    return closeOtherAccounts(
      tx,
      own.accounts.map(({ id }) => id),
      now,
    )
  })
}
