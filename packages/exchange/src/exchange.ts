import { sqlState, type Database, type MigrationRoom, type Tx } from '@corridor/database'
import type { Wire } from '@corridor/as4'
import { carriersOf, Courier, Fetcher } from './carried/courier.ts'
import { withForwarded } from './carried/handler.ts'
import { takeBack } from './carried/take-back.ts'
import { makeMender } from './clock-jump.ts'
import { makeContext, sql } from './context.ts'
import { requireDataKey } from './data-key.ts'
import { ExchangeFault } from './faults.ts'
import { accept, makeArrivals } from './incoming.ts'
import { writeJournal } from './journal.ts'
import { raiseJournalOffset } from './journal-seals/offset.ts'
import { sealJournal } from './journal-seals/sealer.ts'
import { Loop } from './loop.ts'
import { mailboxEnd, mailboxItem, readMailbox, readMailboxMessage, type MailboxItem } from './mailbox.ts'
import type { ExchangeOptions, Incoming, JournalEntry, Outgoing } from './model.ts'
import { enqueue } from './outgoing.ts'
import { type Passing, passingOf } from './passing.ts'
import { mostSending } from './places.ts'
import { Puller } from './pull/puller.ts'
import { makeWindow } from './pull/window.ts'
import { messageOf } from './queries.ts'
import { withReconciliation } from './reconciliation/handler.ts'
import { type Reconciliation, reconciliationOf, reconciling } from './reconciliation/reconciler.ts'
import { receive, type ReceiveContext, type ReceiveOptions, type Reception } from './receive.ts'
import { makeRepair, type Repair } from './repair/repair.ts'
import { runNext } from './repair/run.ts'
import { Sender } from './sender.ts'
import { parkOrphans } from './orphans.ts'
import { serve, type As4Server, type ServeOptions, type TlsPapers } from './server.ts'
import { workChannel } from './work-channel.ts'
import { decideNext, type Handler } from './worker.ts'

/** Give this to `migrate` of @corridor/database. */
export const migrations: MigrationRoom = {
  room: 'exchange',
  directory: new URL('../migrations/', import.meta.url),
  afterwards: raiseJournalOffset,
}

/** The post office of one node. */
export interface Exchange {
  /** Answers the body of a POST from a partner; `serve` does this for every request. */
  receive(wire: Wire, options?: ReceiveOptions): Promise<Reception>
  /**
   * Takes on a message from the API or from a test, in the given transaction or on its own. `duplicate` when it was there already;
   * fault `exchange.message-clash` when the sender used the id for another document.
   */
  submit(tx: Tx, message: Incoming): Promise<{ id: string; duplicate: boolean }>
  /** See `enqueue`: what a decision owes to others, in its transaction. */
  enqueue(tx: Tx, messages: readonly Outgoing[]): Promise<void>
  journal(tx: Tx, entries: readonly JournalEntry[]): Promise<void>
  /** Tells every process of this node after the transaction commits; at most 7,900 bytes. */
  announce(tx: Tx, topic: string, payload: string): Promise<void>
  /** Hears what any process of this node announces. An empty topic means that some may have been missed. Answers how to stop. */
  onAnnouncement(hear: (topic: string, payload: string) => void): Promise<() => Promise<void>>
  /** Starts deciding, sending and, unless `later`, fetching in this process. Fault `exchange.sealed-otherwise` when the data key is another than before. */
  start(handler: Handler, options?: { fetching?: 'at-once' | 'later' }): Promise<Running>
  /** The same work as `start` does, one piece at a time and only when asked: for who chooses the order of things, a simulator. */
  steps(handler: Handler): Steps
  /** Starts the HTTPS endpoint for partners; faults as of `start`, `exchange.bad-port`, `exchange.wrong-key`. */
  serve(options: ServeOptions): Promise<As4Server>
  /** Answers from now on behind a server that another exchange of this node has started, see `handOver` there. */
  takeOver(server: As4Server, tls: TlsPapers): void
  /** Parks what waits for somebody who is no partner any more, and says how much another exchange of this node is still sending to such. */
  parkOrphans(): Promise<{ underWay: number }>
  mailbox(recipient: string, since: string | undefined, limit: number): Promise<MailboxItem[]>
  /** See `mailboxItem`. */
  mailboxItem(recipient: string, messageId: string): Promise<MailboxItem | undefined>
  /** The cursor that a trader needs to see only what comes from now on. */
  mailboxEnd(tx: Tx, recipient: string): Promise<string>
  mailboxMessage(recipient: string, id: string): ReturnType<typeof readMailboxMessage>
  /** See `messageOf`. */
  message(direction: 'in' | 'out', id: string): ReturnType<typeof messageOf>
  /** Gives a parked message another chance, in the name of a person; false when it is not parked. */
  retryParked(box: 'inbox' | 'outbox', id: string, actor: string): Promise<boolean>
  passing: Passing
  repair: Repair
  reconciliation: Reconciliation
  /** See `takeBack` of carried/take-back.ts. */
  takeBack(messageIds: readonly string[]): Promise<string[]>
}

/** One piece of work each; false when there was none. A step that rejects has had no effect but what a killed process could have. */
export interface Steps {
  /** Decides one due message. */
  decide(): Promise<boolean>
  /** Sends one due message and settles it. */
  send(): Promise<boolean>
  /** Brings what lies at third places, and puts the receipts there. */
  fetch(): Promise<boolean>
  /** Puts a seal over the journal lines that have none, as far as their transactions and all older ones have ended. */
  sealJournal(): Promise<boolean>
}

export interface Running {
  /** Starts and stops bringing what lies at third places and what partners hold ready: two that do so would take much of it twice. */
  fetching: { start(): Promise<void>; stop(): Promise<void> }
  /** Ends the work under way, takes up no more. */
  stop(): Promise<void>
}

const announcementChannel = 'exchange_announcement'

/** Puts the exchange together. Makes no connection and starts nothing by itself. Faults `exchange.partner-twice`, `exchange.wrong-key`. */
export function createExchange(options: ExchangeOptions): Exchange {
  const common = makeContext(options)
  const { db, clock } = common
  const context = { ...common, arrivals: makeArrivals(common), window: makeWindow(common) }
  const ownWorkers = new Set<Loop>()
  const tellTaken = makeTeller(db, ownWorkers)
  const mend = makeMender(context)
  const reconciliation = reconciliationOf(context, options.reconciliation)
  return {
    async receive(wire, receiveOptions) {
      const reception = await receive(context, wire, receiveOptions)
      if (reception.status === 200) tellTaken()
      return reception
    },
    async submit(tx, message) {
      const accepted = await accept(context, tx, message)
      if (accepted.outcome === 'conflicting') throw new ExchangeFault('exchange.message-clash', message.messageId)
      await tx.run(sql.notify, [workChannel, 'inbox'])
      return { id: accepted.id, duplicate: accepted.outcome === 'repeated' }
    },
    enqueue: (tx, messages) => enqueue(context, tx, messages),
    journal: (tx, entries) => writeJournal(tx, clock(), entries),
    async announce(tx, topic, payload) {
      await tx.run(sql.notify, [announcementChannel, `${topic}\n${payload}`])
    },
    onAnnouncement: (hear) =>
      db.listen(announcementChannel, (text) => {
        const end = text.indexOf('\n')
        hear(text.slice(0, Math.max(end, 0)), text.slice(end + 1))
      }),
    async start(handler, { fetching: when = 'at-once' } = {}) {
      await requireDataKey(context)
      const sender = new Sender(context, options.sending ?? mostSending)
      const wake = (box: 'inbox' | 'outbox'): void => (box === 'inbox' ? tellTaken() : sender.wake())
      const forwarded = withForwarded(context, withReconciliation(context, handler), wake)
      const fetching = fetchingOf(context, wake, tellTaken)
      const worker = new Loop({
        lanes: options.deciding ?? 4,
        step: () => mend().then(() => decideNext(context, forwarded)),
        pollMs: context.patience.pollMs,
        timers: context.timers,
        onFault: (error) => context.log('error', 'cannot decide messages', { error }),
      })
      const sealer = new Loop({
        lanes: 1,
        step: async () => (await sealJournal(context)).more,
        pollMs: context.patience.sealMs,
        timers: context.timers,
        onFault: (error) => context.log('error', 'cannot seal the journal', { error }),
      })
      const batches = new Loop({
        lanes: 1,
        step: () => runNext(context, async (tx, box) => void (await tx.run(sql.notify, [workChannel, box]))),
        pollMs: context.patience.pollMs,
        timers: context.timers,
        onFault: (error) => context.log('error', 'cannot do the next piece of a batch', { error }),
      })
      const reconciler = new Loop({
        lanes: 1,
        step: () => reconciliation.step(),
        pollMs: context.patience.pollMs,
        timers: context.timers,
        onFault: (error) => context.log('error', 'cannot reconcile', { error }),
      })
      const deaf = await db.listen(workChannel, (box) => {
        if (box === reconciling || box === '') reconciler.wake()
        if (box === 'batch' || box === '') batches.wake()
        if (box === 'inbox' || box === '') worker.wake()
        if (box === 'outbox' || box === '') sender.wake()
      })
      worker.start()
      sender.start()
      sealer.start()
      batches.start()
      reconciler.start()
      ownWorkers.add(worker)
      if (when === 'at-once') await fetching.start()
      return {
        fetching,
        async stop() {
          ownWorkers.delete(worker)
          const all = [fetching, worker, sender, sealer, reconciler, batches]
          await Promise.all([deaf(), ...all.map((each) => each.stop())])
        },
      }
    },
    steps(handler) {
      const sender = new Sender(context, options.sending ?? mostSending)
      const forwarded = withForwarded(context, withReconciliation(context, handler), () => {})
      const fetchers = carriersOf(context).map(([place, carrier]) => new Fetcher(context, place, carrier, () => {}))
      return {
        decide: () => mend().then(() => decideNext(context, forwarded)),
        send: () => mend().then(async () => (await sender.sendDue(1)) > 0),
        async fetch() {
          let some = false
          for (const fetcher of fetchers) some = (await fetcher.fetch()) || some
          return some
        },
        sealJournal: async () => (await sealJournal(context)).entries > 0,
      }
    },
    async serve(serveOptions) {
      await requireDataKey(context)
      return serve(context, serveOptions, tellTaken)
    },
    takeOver: (server, tls) => server.handOver({ context, tls, onTaken: tellTaken }),
    parkOrphans: () => parkOrphans(context),
    mailbox: (recipient, since, limit) => readMailbox(db, clock(), recipient, since, limit),
    mailboxItem: (recipient, messageId) => mailboxItem(db, recipient, messageId),
    mailboxEnd,
    mailboxMessage: (recipient, id) => readMailboxMessage(context, recipient, id),
    message: (direction, id) => messageOf(context, direction, id),
    passing: passingOf(clock),
    repair: makeRepair(context),
    reconciliation,
    takeBack: (messageIds) => takeBack(context, messageIds),
    async retryParked(box, id, actor) {
      const rows = await db.run(box === 'inbox' ? sql.retryInbox : sql.retryOutbox, [id, clock(), actor])
      if (rows.length > 0) await db.run(sql.notify, [workChannel, box])
      return rows.length > 0
    },
  }
}

function fetchingOf(
  context: ReceiveContext,
  wake: (box: 'inbox' | 'outbox') => void,
  onTaken: () => void,
): Running['fetching'] {
  let running: { courier: Courier; puller: Puller } | undefined
  return {
    async start() {
      running = {
        courier: new Courier(context, wake),
        puller: new Puller(context, (wire) => receive(context, wire), onTaken),
      }
      running.puller.start()
      await running.courier.start()
    },
    async stop() {
      const ended = running
      running = undefined
      await Promise.all([ended?.courier.stop(), ended?.puller.stop()])
    },
  }
}

/**
 * Tells of new messages, outside of the transaction that took them: a NOTIFY makes commits wait for one another (a third of the rate was
 * left with 16 connections). A worker of this process that sleeps is woken and that is all; when all are at work, the node's other
 * processes are told. At most one NOTIFY is under way; a lost one is made good by the slow poll.
 */
function makeTeller(db: Database, ownWorkers: ReadonlySet<Loop>): () => void {
  let underWay = false
  let again = false
  const tellOthers = (): void => {
    if (underWay) {
      again = true
      return
    }
    underWay = true
    db.run(sql.notify, [workChannel, 'inbox'])
      .catch((error: unknown) => sqlState(error))
      .finally(() => {
        underWay = false
        if (again) {
          again = false
          tellOthers()
        }
      })
  }
  return () => {
    for (const worker of ownWorkers) if (worker.wake()) return
    tellOthers()
  }
}
