import { createPrivateKey, randomInt, randomUUID } from 'node:crypto'
import type { ApiPorts, NodeEvent } from '@corridor/api'
import {
  availabilityTopic,
  type Casework,
  createCasework,
  type CurrentCodeLists,
  type DeclarationShares,
  declarationTopic,
  type Directory,
  followCodeLists,
  followOperators,
  localDay,
  type MovementEvent,
} from '@corridor/casework'
import { codeListsUsed, officesList } from '@corridor/customs'
import type { Database } from '@corridor/database'
import {
  createExchange,
  type Exchange,
  type ExchangeOptions,
  httpsTransport,
  Loop,
  type Running,
} from '@corridor/exchange'
import { regionalTopic } from '@corridor/hub'
import type { Law } from '@corridor/procedures'
import { forgetOldSecrets, participantOf } from '@corridor/registry'
import { type CompiledLaw, loadOfficeLists } from '@corridor/tables'
import { shareTopic } from '@corridor/shares'
import type { Webhooks } from '@corridor/webhooks'
import { apiPorts } from '../api-ports.ts'
import { directoryOf } from '../directory.ts'
import { evidenceOf } from '../evidence.ts'
import type { Watched } from '../health/watch.ts'
import { regionalOf } from '../hub.ts'
import { keepWarning } from '../keys/warn.ts'
import type { LogLine } from '../log.ts'
import { nationalDesk } from '../national/desk.ts'
import { placesOf } from '../places.ts'
import { reconciliationPort } from '../reconciliation.ts'
import { keepDistributing, sharedListsOf } from '../reference/distribution.ts'
import { sharingOf } from '../shares.ts'
import { keepReporting } from '../statistics.ts'
import { webhooksOf } from '../webhooks.ts'
import { mediaTypes } from '../wire.ts'
import type { Base } from './base.ts'
import type { Plan } from './plan.ts'
import { migrateFor, register, seed } from './register.ts'

const dayMs = 86_400_000
/** Until the store of reference data is asked again when it could not be read. */
const listsAgainMs = 5_000
/** How often it is looked whether something fell due: time limits are in days. */
const timerPollMs = 2_000
const mrnLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Everything of a node that follows from its configuration, put together. Two may work on one database at the same time, as two processes may. */
export interface Wiring {
  plan: Plan
  exchange: Exchange
  ports: ApiPorts
  watched: Watched
  /** Writes accounts and guarantees of its configuration into the database: all of them or none. */
  enter(): Promise<void>
  /** Starts deciding, sending and looking after everything else, but for what is for one at a time. */
  start(): Promise<void>
  /** What is for one at a time: each takes things from somewhere, and two would take much of it twice. */
  alone: readonly Alone[]
  /** Ends the work under way, takes up no more. */
  stop(): Promise<void>
}

/** Work with the national system, at third places, with partners that hold something ready. */
export interface Alone {
  start(): Promise<void>
  /** Nothing to do where it was not started. */
  stop(): Promise<void>
}

/** What was started, and is stopped in the other order. */
type Closers = (() => Promise<unknown>)[]

/**
 * Puts a node together by a plan. The real randomness and network come in here and nowhere else.
 * @throws NodeFault, DatabaseFault: each says what to do
 */
export async function wire(plan: Plan, base: Base): Promise<Wiring> {
  const { corridor, own, settings, partners } = plan
  const { db, dataKey, clock, log, watch } = base
  await migrateFor(plan, base)
  await seed(plan, base)
  const closers: Closers = []
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    const { law, directory } = await publishedBy(plan, base, closers)
    const transport = httpsTransport({ certificate: settings.tls.certificate, key: settings.tls.key })
    closers.push(() => transport.close())
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
    const exchange = exchangeOf(plan, base, {
      places,
      transport: transport.send,
      webhooks,
      admit: (arriving) => regional.admit(arriving),
    })
    const sharing = sharingOf({
      corridor,
      own,
      db,
      exchange,
      dataKey,
      directory,
      clock,
      log,
      declarations: () => casework.declarations,
    })
    const casework: Casework = caseworkOf(plan, base, { exchange, law, directory }, sharing.declarations)
    const members = partners.direct.map(({ party }) => party)
    const regional = regionalOf({ corridor, own, messages: law.messages, db, exchange, members, directory, clock, log })
    const national = nationalDesk({ own, settings, casework, db, clock, log })
    const handler = sharing.handler(regional.handler(casework.handle))
    let working: Running | undefined
    return {
      plan,
      exchange,
      watched: { own, certificates: plan.known, partners, reach: transport.reach },
      ports: apiPorts({
        plan,
        db,
        clock,
        log,
        directory,
        casework,
        law,
        listeners: base.listeners,
        webhooks,
        regional: regional.port,
        shares: sharing.port,
        exchange,
        handler,
        reconciliation: reconciliationPort({ db, exchange, directory, clock }),
        takeEvidence: evidenceOf({ corridor, own, settings, db, dataKey, clock }),
        ...watch,
      }),
      async enter() {
        const owners = own.accounts.flatMap((account) => participantOf(account) ?? [])
        await register(plan, base, (tx) => webhooks.keepOwners(tx, owners))
      },
      async start() {
        closers.push(await exchange.onAnnouncement((topic, payload) => hear(base.listeners, topic, payload)))
        closers.push(forgetDaily(db, webhooks, clock, log))
        working = await exchange.start(handler, { fetching: 'later' })
        closers.push(() => working?.stop() ?? Promise.resolve())
        closers.push(regional.start())
        closers.push(sharing.start())
        const telling = await webhooks.start()
        closers.push(() => telling.stop())
        closers.push(await keepDistributing(db, casework, log))
        closers.push(keepTime(casework, log))
        closers.push(keepReporting(casework, log))
        closers.push(keepWarning({ db, known: plan.known, clock, log }))
      },
      alone: [
        national,
        {
          start: async () => working?.fetching.start(),
          stop: async () => working?.fetching.stop(),
        },
      ],
      async stop() {
        await national.stop()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The law with the code lists as they are published now, and who is who. */
async function publishedBy(
  { corridor, own, loaded, law: usual }: Plan,
  { db, clock, log }: Base,
  closers: Closers,
): Promise<{ law: Law; directory: Directory }> {
  const lists = await codeListsOf(db, loaded, log)
  closers.push(() => lists.stop())
  // A getter: whoever reads the law reads the lists that are published now.
  const law: Law = {
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
  return { law, directory }
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

/** The exchange of a node. */
function exchangeOf(
  { own, settings, partners, certificates, alsoDecrypts }: Plan,
  { db, dataKey, clock, log, watch }: Base,
  parts: Pick<ExchangeOptions, 'places' | 'transport' | 'admit'> & { webhooks: Webhooks },
): Exchange {
  const { webhooks, ...rest } = parts
  return createExchange({
    ...rest,
    db,
    dataKey,
    clock,
    partners: partners.direct,
    carried: partners.carried,
    meter: watch.meter,
    onMailbox: (tx, documents) =>
      webhooks.announce(
        tx,
        'message.available',
        documents.map(({ recipient, messageId }) => ({ owner: recipient, subject: messageId })),
      ),
    party: own.party,
    identity: {
      certificate: certificates.signing,
      privateKey: createPrivateKey(settings.signing.key),
      alsoDecrypts,
    },
    ...(own.reconciliation && { reconciliation: own.reconciliation }),
    mediaTypes,
    newId: () => `${randomUUID()}@${own.domain}`,
    random: Math.random,
    log: (level, text, fields) => log(level, text, fields),
    // A partner that is back is noticed within half a minute; one that is away over a long weekend loses nothing.
    patience: { backOffMostMs: 30_000, triesBeforeParked: 15_000 },
  })
}

function caseworkOf(
  { corridor, own, rules, declarations, copies }: Plan,
  { db, dataKey, clock }: Base,
  parts: { exchange: Exchange; law: Law; directory: Directory },
  shares: DeclarationShares | undefined,
): Casework {
  return createCasework({
    db,
    ...parts,
    rules,
    ...(own.correspondence && { correspondence: own.correspondence }),
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
    ...(declarations && { declarations: { ...declarations, ...(shares && { shares }) } }),
    nationalTransit: own.nationalSystem?.transit === true,
    regional: copies,
    languageOf: (country) => corridor.nodes.find((node) => node.country === country)?.paperLanguage,
  })
}

/** Hands an announcement on. An empty topic: the connection was away and something may have been missed; every screen asks anew. */
function hear(listeners: Base['listeners'], topic: string, payload: string): void {
  const event: NodeEvent | undefined = topic === 'movement' ? (JSON.parse(payload) as MovementEvent) : undefined
  if (topic === regionalTopic) for (const listener of listeners) listener('regional')
  if (topic === availabilityTopic) for (const listener of listeners) listener('availability')
  if (topic === shareTopic) for (const listener of listeners) listener('shares')
  if (topic === declarationTopic) for (const listener of listeners) listener('declarations')
  if (topic === 'movement' || topic === '') for (const listener of listeners) listener(event)
}

/** Does what falls due. @returns how to stop */
function keepTime(casework: Pick<Casework, 'nextTimer'>, log: LogLine): () => Promise<void> {
  const timers = new Loop({
    lanes: 1,
    step: () => casework.nextTimer((error, about) => log('error', 'timer.failed', { ...about, error })),
    pollMs: timerPollMs,
    onFault: (error) => log('error', 'timers.failed', { error }),
  })
  timers.start()
  return () => timers.stop()
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
