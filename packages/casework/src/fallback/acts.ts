import { makeMrn } from '@corridor/customs'
import { isUniqueViolation, type Tx } from '@corridor/database'
import {
  decideFallback,
  type FallbackChange,
  type FallbackDecision,
  type FallbackMode,
  NO_RECORD,
  type PaperToReconcile,
  reconcile,
} from '@corridor/procedures'
import {
  type Account,
  currentModes,
  explainFlag,
  findMode,
  formWithLrn,
  insertMode,
  lockFallback,
  lockPapers,
  type ModeChange,
  papersOf,
  registerPaper,
  reserveMrn,
  returnUnused,
  setPaperState,
  type StoredMode,
  updateMode,
} from '@corridor/registry'
import { onceFor, readFields } from '../acts.ts'
import type { FallbackActOutcome, FallbackActRequest } from '../fallback-view.ts'
import { localDay, plainFacts } from '../facts.ts'
import { CaseworkFault } from '../faults.ts'
import { sendAll } from '../outgoing.ts'
import type { CaseworkPorts } from '../ports.ts'
import { momentOn, wallOf } from './moment.ts'
import { fallbackDesk, fallbackView, idOf, modeOf, mostPapers, numberOf, usualBlock } from './view.ts'

/**
 * An officer's act on a fallback mode of the own office, or one that begins or prepares a new one (`id` undefined), in one transaction with
 * the memory of its idempotency key.
 */
export async function actOnFallback(
  ports: CaseworkPorts,
  account: Account,
  id: string | undefined,
  request: FallbackActRequest,
): Promise<FallbackActOutcome> {
  try {
    return await onceFor(ports, request.idempotency, (tx) => actOnce(ports, tx, account, id, request))
  } catch (error) {
    // Another office registered this declarant and LRN at this moment.
    if (!isUniqueViolation(error)) throw error
    return { kind: 'conflict', detail: 'This LRN has just been registered. Look at the list again.' }
  }
}

async function actOnce(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  id: string | undefined,
  request: FallbackActRequest,
): Promise<FallbackActOutcome> {
  const desk = fallbackDesk(account)
  if (desk === undefined)
    return { kind: 'forbidden', detail: 'Only an officer of departure or destination works in a fallback mode.' }
  const known = ports.law.fallback.acts.find(({ role, act }) => role === desk.role && act === request.act)
  if (known === undefined) return { kind: 'forbidden', detail: `There is no act ${request.act} at ${desk.role}.` }
  const read = readFields(ports.law, known, request.fields, localDay(ports))
  if (read.errors.length > 0) return { kind: 'invalid', errors: read.errors }
  await lockFallback(tx, desk.office)
  const stored = id === undefined ? undefined : await findMode(tx, numberOf(id))
  if (id !== undefined && (stored?.office !== desk.office || stored.role !== desk.role)) return { kind: 'not-found' }
  const version = stored?.version ?? 0
  if (version !== request.version)
    return { kind: 'conflict', detail: `The fallback mode has been changed: it is version ${version} now.`, version }
  const mode = stored === undefined ? { ...newMode, ...desk } : modeOf(stored)
  if (stored !== undefined) await lockPapers(tx, stored.id)
  const papers = stored === undefined ? [] : await papersOf(tx, stored.id)
  const decision = await decided(ports, tx, mode, papers, { act: known.act, fields: read.fields })
  if (decision.outcome === 'conflict')
    return { kind: 'conflict', detail: `This cannot be done: the state is ${decision.state}.`, version }
  if (decision.outcome === 'refused')
    return { kind: 'conflict', detail: wordsOf(ports, decision.id, decision.values), version }
  const saved = await save(ports, tx, stored, desk, decision)
  const registered = new Set(papers.map(({ mrn }) => mrn))
  for (const change of decision.changes) await make(ports, tx, saved, change, { actor: account.id, known: registered })
  await ports.exchange.journal(tx, [
    {
      kind: 'fallback',
      conversation: saved.number,
      actor: account.id,
      office: desk.office,
      detail: { code: `fallback-${decision.event}`, at: desk.office, note: decision.detail || null },
    },
  ])
  const view = await fallbackView(ports, tx, account, idOf(saved.number))
  return view === undefined ? { kind: 'not-found' } : { kind: 'done', fallback: view }
}

const newMode: Omit<FallbackMode, 'office' | 'role'> = { number: '', state: NO_RECORD, beganAt: null, endedAt: null }

async function decided(
  ports: CaseworkPorts,
  tx: Tx,
  mode: FallbackMode,
  papers: PaperToReconcile[],
  { act, fields }: { act: string; fields: Record<string, string> },
): Promise<FallbackDecision> {
  const { law } = ports
  const { mrn = '', declarant = '', lrn = '' } = fields
  const others = (await currentModes(tx, mode.office, mode.role)).filter(({ number }) => number !== mode.number)
  return decideFallback({
    law,
    mode,
    paper: papers.find((paper) => paper.mrn === mrn),
    event: { kind: 'act', act, fields, office: mode.office },
    facts: {
      now: plainFacts(ports).now,
      momentOf: (date, time) => momentOn(ports.timeZone, date, time),
      prepared: others.find(({ state }) => state === 'prepared')?.number,
      open: others.find(({ state }) => state === 'open')?.number,
      sameLrn: lrn === '' ? undefined : await formWithLrn(tx, declarant, lrn, mrn),
      papers,
      results: reconcile(law, mode, papers),
      block: ports.fallbackBlock ?? usualBlock,
      most: mostPapers,
    },
  })
}

function wordsOf({ law, timeZone }: CaseworkPorts, id: string, values: Record<string, string>): string {
  // An officer reads the clock on the wall.
  const moments = ['began', 'latestAt'].map((name) => [name, values[name] ? wallOf(timeZone, values[name]) : ''])
  const all: Record<string, string> = { ...values, ...Object.fromEntries(moments) }
  return (law.fallback.refusals.get(id) ?? id).replace(/\{(\w+)\}/g, (_, name: string) => all[name] ?? '')
}

async function save(
  ports: CaseworkPorts,
  tx: Tx,
  stored: StoredMode | undefined,
  { office, role }: { office: string; role: StoredMode['role'] },
  { state, changes }: Extract<FallbackDecision, { outcome: 'moved' }>,
): Promise<StoredMode> {
  const before: ModeChange = stored ?? { state, reason: '', note: '', beganAt: null, endedAt: null }
  const after: ModeChange = { ...before, state }
  for (const change of changes) {
    if (change.do === 'begin') {
      after.beganAt = new Date(`${change.at}Z`)
      after.reason = change.reason
      after.note = change.text
    }
    if (change.do === 'end') after.endedAt = new Date(`${change.at}Z`)
  }
  if (stored === undefined) {
    const year = Number(localDay(ports).slice(0, 4))
    return insertMode(tx, { ...after, role, office, year, at: ports.clock() })
  }
  await updateMode(tx, stored.id, after, ports.clock())
  return stored
}

async function make(
  ports: CaseworkPorts,
  tx: Tx,
  mode: StoredMode,
  change: FallbackChange,
  { actor, known }: { actor: string; known: ReadonlySet<string> },
): Promise<void> {
  switch (change.do) {
    case 'reserve':
      for (let made = 0; made < change.count; made += 1) await reserveOne(ports, tx, mode)
      return
    case 'return-unused':
      await returnUnused(tx, mode.id)
      return
    case 'send':
      await sendAll(ports, tx, change.mrn, change.send, { conversation: change.mrn })
      return
    case 'explain':
      await explainFlag(tx, mode.id, { ...change, by: actor, at: ports.clock() })
      return
    case 'paper': {
      const { mrn, state, registered } = change
      if (registered === undefined) await setPaperState(tx, mode.id, mrn, state)
      else await registerPaper(tx, mode.id, mrn, { state, registered, isNew: !known.has(mrn) })
      return
    }
    case 'begin':
    case 'end':
      // Part of the mode's own row.
      return
  }
}

/** Draws a number until one is free: that one is taken is as likely as that two draws of eleven characters are the same. */
async function reserveOne(ports: CaseworkPorts, tx: Tx, mode: StoredMode): Promise<void> {
  const { country } = ports.directory
  const year = localDay(ports).slice(2, 4)
  for (let round = 0; round < 10; round += 1) {
    const mrn = makeMrn(year, country, `${fallbackMark}${ports.randomBody(11)}`, 'J')
    if (await reserveMrn(tx, mode.id, mrn)) return
  }
  throw new CaseworkFault('NUMBERS', mode.number)
}

/** The fifth character of an MRN that was reserved for paper, and of no other (docs/decisions/0017). */
const fallbackMark = 'F'
