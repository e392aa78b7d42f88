import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ApiPorts, Health, LogEntry, NodeEvent } from '@corridor/api'
import {
  type Casework,
  createReferenceActs,
  createReferenceVersions,
  type Directory,
  type PartnerStatus,
} from '@corridor/casework'
import type { Database } from '@corridor/database'
import { type Exchange, type Handler, partnerStates } from '@corridor/exchange'
import { createPrinter, PrinterFault, systemBrowser } from '@corridor/printer'
import type { Law } from '@corridor/procedures'
import { encodeSecret } from '@corridor/registry'
import { loadCorridorTables, loadOfficeLists } from '@corridor/tables'
import type { TakeEvidence } from './evidence.ts'
import { NodeFault } from './faults.ts'
import { partnersPort } from './keys/partners-port.ts'
import type { Plan } from './live/plan.ts'
import type { LogLine } from './log.ts'
import { batchesPort } from './messages/batches-port.ts'
import { messagesPort } from './messages/port.ts'
import type { Partners } from './partners.ts'
import { referencePort } from './reference/port.ts'

const version = '0.1.0'
const dayMs = 86_400_000
const consoleFolder = fileURLToPath(new URL('../../console/dist/', import.meta.url))

/** The parts of a node that its HTTP contract speaks for. */
export interface ApiParts {
  plan: Plan
  db: Database
  clock: () => Date
  log: LogLine
  directory: Directory
  casework: Casework
  law: Law
  listeners: Set<(event: NodeEvent | undefined) => void>
  health: () => Promise<Health>
  metrics: () => Promise<string>
  webhooks: ApiPorts['webhooks']
  regional: ApiPorts['regional'] | undefined
  shares: ApiPorts['shares'] | undefined
  exchange: Exchange
  /** What decides on messages. */
  handler: Handler
  reconciliation: ApiPorts['reconciliation']
  takeEvidence: TakeEvidence
}

/** What the HTTP contract needs from the rest of the node. */
export function apiPorts(parts: ApiParts): ApiPorts {
  const { db, clock, log, directory, casework, law, listeners, health, metrics, webhooks } = parts
  const { own, partners } = parts.plan
  const { declarations } = casework
  const statuses = () => exchangeStatus(db, partners, directory, clock())
  const referencePorts = {
    db,
    party: own.party,
    clock,
    law,
    tables: loadCorridorTables(),
    officeLists: loadOfficeLists(),
  }
  return {
    node: {
      party: own.party,
      country: own.country,
      name: own.name,
      version,
      locales: own.locales,
      timeZone: own.timeZone,
      declarations: declarations !== undefined,
      shares: parts.shares !== undefined,
    },
    db,
    clock,
    newId: randomUUID,
    newSecret: () => encodeSecret(randomBytes(32)),
    log: ({ level, event, ...facts }: LogEntry) => log(level, event, facts),
    officeName: (reference) => directory.office(reference)?.name,
    submitTraderMessage: casework.submitTraderMessage,
    mailbox: casework.mailbox,
    mailboxMessage: casework.mailboxMessage,
    webhooks,
    movements: casework.movements,
    movement: casework.movement,
    guarantees: casework.guarantees,
    guarantee: casework.guarantee,
    actOnGuarantee: casework.actOnGuarantee,
    fallbacks: casework.fallbacks,
    fallback: casework.fallback,
    actOnFallback: casework.actOnFallback,
    enterPaper: casework.enterPaper,
    fallbackPaper: casework.fallbackPaper,
    act: casework.act,
    changeTimer: casework.changeTimer,
    movementMessage: casework.movementMessage,
    evidence: async (account, mrn) => {
      const scope = await casework.evidenceScope(account, mrn)
      const { id: actor, office } = account
      if (scope === undefined) return undefined
      try {
        return await parts.takeEvidence(scope, { actor, ...(office !== null && { office }) })
      } catch (error) {
        if (error instanceof NodeFault && error.code === 'EVIDENCE_TOO_LARGE') return 'too-large'
        throw error
      }
    },
    fileBytes: own.files.fileBytes,
    files: casework.files,
    openFile: casework.openFile,
    attachFile: casework.attachFile,
    askForFiles: casework.askForFiles,
    decideOnFiles: casework.decideOnFiles,
    movementPaper: casework.movementPaper,
    guaranteePaper: casework.guaranteePaper,
    pdf: pdfOf(log),
    health,
    metrics,
    ...(declarations && { declarations: { ...declarations, take: declarations.takeBytes } }),
    availability: casework.availability,
    announceUnavailability: casework.announceUnavailability,
    askAvailability: casework.askAvailability,
    statistics: casework.statistics,
    sendStatistics: casework.sendStatistics,
    exchangeStatus: statuses,
    exchangePartners: partnersPort({ plan: parts.plan, statuses, clock }),
    exchangeMessages: messagesPort(parts.exchange, directory),
    exchangeBatches: batchesPort({ db, exchange: parts.exchange, handler: parts.handler, clock }),
    ...(parts.regional && { regional: parts.regional }),
    ...(parts.shares && { shares: parts.shares }),
    reconciliation: parts.reconciliation,
    reference: referencePort(db, { ...own, nameOf: directory.nameOf }),
    referenceVersions: createReferenceVersions(referencePorts),
    referenceActs: createReferenceActs(referencePorts),
    events: {
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    ...(existsSync(consoleFolder) ? { consoleDirectory: consoleFolder } : {}),
  }
}

/** Chromium of this machine; which one, is found out when something is to be printed. */
function pdfOf(log: LogLine): ApiPorts['pdf'] {
  const printer = createPrinter({ browser: systemBrowser })
  return async (html) => {
    try {
      return { kind: 'pdf', bytes: await printer.pdf(html) }
    } catch (error) {
      if (!(error instanceof PrinterFault)) throw error
      const { code, message: detail, said } = error
      log('warn', 'printer.failed', { code, said })
      return { kind: code === 'NO_BROWSER' ? 'no-printer' : code === 'BUSY' ? 'busy' : 'failed', detail }
    }
  }
}

async function exchangeStatus(
  db: Database,
  { direct, carried }: Partners,
  directory: Directory,
  now: Date,
): Promise<PartnerStatus[]> {
  const known = [
    // Partners of a node are pinned, see partners.ts.
    ...direct.map(({ party, sending }) => ({ party, certificate: sending.partnerCertificate! })),
    ...carried.map(({ party, certificates }) => ({ party, certificate: certificates[0]! })),
  ]
  const parties = known.map(({ party }) => party)
  const states = new Map((await partnerStates(db, parties)).map((state) => [state.party, state]))
  return known.map(({ party, certificate }) => {
    const state = states.get(party)
    return {
      party,
      name: directory.nameOf(party),
      lastReceiptAt: state?.lastReceiptAt?.toISOString() ?? null,
      queued: state?.queued ?? 0,
      oldestUnsentAt: state?.oldestUnsentAt?.toISOString() ?? null,
      parked: state?.parked ?? 0,
      certificateDaysLeft: Math.floor((certificate.validToDate.getTime() - now.getTime()) / dayMs),
    }
  })
}
