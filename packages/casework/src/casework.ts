import type { Tx } from '@corridor/database'
import { type Handled, type InboxMessage } from '@corridor/exchange'
import { type Account, type IdempotentRequest, participantOf } from '@corridor/registry'
import { withoutAccessCodes } from './access-codes.ts'
import { act } from './acts.ts'
import { askForFiles, type AskRequest, type FilesOutcome } from './files/ask.ts'
import { attachFile, type AttachOutcome, type AttachRequest } from './files/attach.ts'
import { decideOnRequest, type FilesDecision } from './files/give.ts'
import { listFiles, openFile, type OpenedFile } from './files/open.ts'
import type { MovementFiles } from './files/view.ts'
import { type EvidenceScope, evidenceScope } from './evidence.ts'
import { type DeclarationCasework, declarationCasework } from './declarations/declarations.ts'
import { actOnGuarantee, type GuaranteeActRequest } from './guarantee-acts.ts'
import { handleMessage } from './intake.ts'
import type { DeclarationSource } from './declarations/take.ts'
import { isTransitDocument, takeTransitDocument, type TransitOutcome } from './national/take.ts'
import { actOnFallback } from './fallback/acts.ts'
import { enterPaper } from './fallback/enter.ts'
import { fallbackPaper } from './fallback/papers.ts'
import type { FallbackPaper } from './fallback/printable.ts'
import { fallbackPage, fallbackView } from './fallback/view.ts'
import { guaranteePaper, movementPaper, type MovementPaper, type PaperOutcome, type PaperWish } from './papers.ts'
import type { CaseworkPorts } from './ports.ts'
import { distributeDue, type SentVersion } from './reference/distribute.ts'
import { keepSubscriptions } from './reference/subscribe.ts'
import {
  type Announcement,
  announceUnavailability,
  askAvailability,
  type AvailabilityOutcome,
  availabilityView,
} from './services/desk.ts'
import { sendDueStatistics, sendStatistics, type StatisticsOutcome, statisticsView } from './services/statistics.ts'
import type { AvailabilityView, StatisticsView } from './services/view.ts'
import { changeTimer, nextTimer } from './timers.ts'
import { mailbox, mailboxItem, submitTraderMessage } from './trader.ts'
import type {
  ActOutcome,
  ActRequest,
  FallbackActOutcome,
  FallbackActRequest,
  FallbackPage,
  FallbackView,
  GuaranteeActOutcome,
  GuaranteePage,
  GuaranteeView,
  MailboxItem,
  MovementPage,
  MovementView,
  SubmitOutcome,
  TimerRequest,
} from './view.ts'
import { guaranteePage, guaranteeView } from './views/guarantees.ts'
import { movementPage } from './views/list.ts'
import { movementView } from './views/movement.ts'

/** What officers, traders, outside systems and the exchange ask of this room. */
export interface Casework {
  handle(tx: Tx, message: InboxMessage): Promise<Handled>
  act(account: Account, mrn: string, request: ActRequest): Promise<ActOutcome>
  /** Pauses, resumes or moves a timer of a movement of the officer's office. */
  changeTimer(account: Account, mrn: string, request: TimerRequest): Promise<ActOutcome>
  /** Answers one timer that is due. @returns true when there may be more */
  nextTimer(onFault: (error: unknown, about: { mrn: string; timer: string }) => void): Promise<boolean>
  submitTraderMessage(account: Account, xml: Uint8Array, idempotency?: IdempotentRequest): Promise<SubmitOutcome>
  mailbox(account: Account, since: string | undefined, limit: number): Promise<MailboxItem[]>
  /** What is told of one document of a mailbox, by its message id; undefined when it is not there. */
  mailboxItem(recipient: string, messageId: string): Promise<MailboxItem | undefined>
  mailboxMessage(account: Account, id: string): Promise<Uint8Array | undefined>
  movements(
    account: Account,
    query: { q?: string; status?: string; page: number; pageSize: number },
  ): Promise<MovementPage>
  movement(account: Account, mrn: string): Promise<MovementView | undefined>
  /** The guarantees kept here; undefined for whoever is no officer of guarantee. */
  guarantees(
    account: Account,
    query: { q?: string; page: number; pageSize: number },
  ): Promise<GuaranteePage | undefined>
  guarantee(account: Account, grn: string, before?: number): Promise<GuaranteeView | undefined>
  actOnGuarantee(account: Account, grn: string, request: GuaranteeActRequest): Promise<GuaranteeActOutcome>
  /** The fallback modes of the officer's office; undefined for whoever works at none that has them. */
  fallbacks(account: Account, query: { page: number; pageSize: number }): Promise<FallbackPage | undefined>
  fallback(account: Account, id: string): Promise<FallbackView | undefined>
  /** See `actOnFallback`. */
  actOnFallback(account: Account, id: string | undefined, request: FallbackActRequest): Promise<FallbackActOutcome>
  /** See `enterPaper`. */
  enterPaper(
    account: Account,
    id: string,
    mrn: string,
    file: { xml: Uint8Array; idempotency: IdempotentRequest },
  ): Promise<FallbackActOutcome>
  /** See `fallbackPaper`. */
  fallbackPaper(account: Account, id: string, kind: FallbackPaper, wish?: PaperWish): Promise<PaperOutcome>
  movementMessage(account: Account, mrn: string, id: string): Promise<Uint8Array | undefined>
  /** See `evidenceScope`. */
  evidenceScope(account: Account, mrn: string): Promise<EvidenceScope | undefined>
  /** See `listFiles`. */
  files(account: Account, reference: string): Promise<MovementFiles | undefined>
  /** See `openFile`. */
  openFile(account: Account, reference: string, id: string): Promise<OpenedFile | undefined>
  /** See `attachFile`. */
  attachFile(account: Account, reference: string, request: AttachRequest): Promise<AttachOutcome>
  /** See `askForFiles`. */
  askForFiles(account: Account, reference: string, request: AskRequest): Promise<FilesOutcome>
  /** See `decideOnRequest`. */
  decideOnFiles(account: Account, reference: string, id: string, decision: FilesDecision): Promise<FilesOutcome>
  /** Transit documents of the national system; undefined where it hands none over. */
  readonly national: TransitCasework | undefined
  /** Declaration data; undefined where nothing was agreed. */
  readonly declarations: DeclarationCasework | undefined
  /** What is known of whose system is unavailable. */
  availability(): Promise<AvailabilityView>
  announceUnavailability(account: Account, announcement: Announcement): Promise<AvailabilityOutcome>
  askAvailability(
    account: Account,
    asked: { country: string; mrn: string; idempotency: IdempotentRequest },
  ): Promise<AvailabilityOutcome>
  statistics(): Promise<StatisticsView>
  sendStatistics(account: Account, asked: { month: string; idempotency: IdempotentRequest }): Promise<StatisticsOutcome>
  /** See `sendDueStatistics`. */
  sendDueStatistics(): Promise<string[]>
  /** See `movementPaper`. */
  movementPaper(account: Account, mrn: string, kind: MovementPaper, wish?: PaperWish): Promise<PaperOutcome>
  /** See `guaranteePaper`. */
  guaranteePaper(account: Account, grn: string, wish?: PaperWish & { mrn?: string | undefined }): Promise<PaperOutcome>
  /** See `keepSubscriptions`. */
  keepSubscriptions(): Promise<void>
  /** See `distributeDue`. */
  distributeDue(): Promise<SentVersion[]>
}

/** Transit documents that a national system hands over. */
export interface TransitCasework {
  /** See `isTransitDocument`. */
  isDocument(bytes: Uint8Array): boolean
  /** See `takeTransitDocument`. */
  take(source: DeclarationSource, declaration: string, bytes: Uint8Array): Promise<TransitOutcome>
}

/** Casework over its ports. */
export function createCasework(ports: CaseworkPorts): Casework {
  const movement = (account: Account, mrn: string) => movementView(ports, ports.db, account, mrn)
  return {
    handle: (tx, message) => handleMessage(ports, tx, message),
    act: (account, mrn, request) => act(ports, account, mrn, request),
    changeTimer: (account, mrn, request) => changeTimer(ports, account, mrn, request),
    nextTimer: (onFault) => nextTimer(ports, onFault),
    submitTraderMessage: (account, xml, idempotency) => submitTraderMessage(ports, account, xml, idempotency),
    mailbox: (account, since, limit) => mailbox(ports, account, since, limit),
    mailboxItem: (recipient, messageId) => mailboxItem(ports, recipient, messageId),
    mailboxMessage: async (account, id) =>
      (await ports.exchange.mailboxMessage(participantOf(account) ?? '', id))?.payload,
    movements: (account, query) => movementPage(ports, account, query),
    movement,
    guarantees: (account, query) => guaranteePage(ports, account, query),
    guarantee: (account, grn, before) => guaranteeView(ports, ports.db, account, grn, before),
    actOnGuarantee: (account, grn, request) => actOnGuarantee(ports, account, grn, request),
    evidenceScope: (account, mrn) => evidenceScope(ports, account, mrn),
    files: (account, reference) => listFiles(ports, account, reference),
    openFile: (account, reference, id) => openFile(ports, account, reference, id),
    attachFile: (account, reference, request) => attachFile(ports, account, reference, request),
    askForFiles: (account, reference, request) => askForFiles(ports, account, reference, request),
    decideOnFiles: (account, reference, id, decision) => decideOnRequest(ports, account, reference, id, decision),
    national:
      ports.nationalTransit === true
        ? {
            isDocument: (bytes) => isTransitDocument(ports, bytes),
            take: (source, declaration, bytes) => takeTransitDocument(ports, source, declaration, bytes),
          }
        : undefined,
    declarations: ports.declarations && declarationCasework(ports, ports.declarations),
    availability: () => availabilityView(ports, ports.db),
    announceUnavailability: (account, announcement) => announceUnavailability(ports, account, announcement),
    askAvailability: (account, asked) => askAvailability(ports, account, asked),
    statistics: () => statisticsView(ports, ports.db),
    sendStatistics: (account, asked) => sendStatistics(ports, account, asked),
    sendDueStatistics: () => sendDueStatistics(ports),
    fallbacks: (account, query) => fallbackPage(ports, account, query),
    fallback: (account, id) => fallbackView(ports, ports.db, account, id),
    enterPaper: (account, id, mrn, file) => enterPaper(ports, account, id, mrn, file),
    fallbackPaper: (account, id, kind, wish) => fallbackPaper(ports, account, id, kind, wish),
    actOnFallback: (account, id, request) => actOnFallback(ports, account, id, request),
    movementPaper: (account, mrn, kind, wish) => movementPaper(ports, account, mrn, kind, wish),
    guaranteePaper: (account, grn, wish) => guaranteePaper(ports, account, grn, wish),
    keepSubscriptions: () => keepSubscriptions(ports),
    distributeDue: () => distributeDue(ports),
    movementMessage: async (account, mrn, id) => {
      const view = await movement(account, mrn)
      // Only what the officer's own page lists: another office's documents in the same conversation stay with that office.
      if (view?.messages.some((row) => row.id === id) !== true) return undefined
      const [, direction, number] = /^(in|out)-(\d+)$/.exec(id) ?? []
      if (direction === undefined || number === undefined) return undefined
      const message = await ports.exchange.message(direction as 'in' | 'out', number)
      return message && withoutAccessCodes(message.payload)
    },
  }
}
