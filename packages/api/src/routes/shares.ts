import { type ContractDraft, refusals as meanings, type RefusalCode, type Refused } from '@corridor/shares'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { actAnswers, keyHeaders } from '../http/acts.ts'
import { callerOf } from '../http/authentication.ts'
import { decodeCursor, encodeCursor } from '../http/cursor.ts'
import { requireIdempotency } from '../http/idempotency-key.ts'
import type { ApiPorts } from '../ports.ts'
import type { ShareName, ShareOutcome, SharesPort } from '../shares-port.ts'
import { list, object, ref, refusals, signedIn } from '../schemas/common.ts'
import {
  answerBody,
  cursorQuery,
  itemParams,
  proposalBody,
  shareBlockBody,
  shareParams,
  withdrawalBody,
} from '../schemas/shares.ts'

const pageSize = 50
const tags = ['shares']
const access = 'operations'

/** Refusals of what was asked, by the value that is to be corrected, and how. All others are of what is agreed or was done. */
const corrections: Partial<Record<RefusalCode, { field: string; remedy: string }>> = {
  'not-partner': { field: 'reader', remedy: 'Name an administration that a link by a cloud connects.' },
  'period-wrong': { field: 'to', remedy: 'Let it end in the future, after it begins, within ten years.' },
  'retention-wrong': { field: 'retentionDays', remedy: 'Give from 1 to 3660 days.' },
  'elements-unknown': { field: 'elements', remedy: 'Name elements of the edition only.' },
  'elements-missing': { field: 'elements', remedy: 'Name these as well.' },
  'block-wrong': { field: 'block', remedy: 'Give a utility block; what is left under the contract must be one too.' },
}

const remedies: Partial<Record<RefusalCode, string>> = {
  'contract-changed': 'Read it again and answer what it says now.',
  'not-accepted': 'Propose one, and wait for the answer of its reader.',
  'not-yet': 'Wait for its first day, or propose a new version.',
  expired: 'Propose a new one.',
  withdrawn: 'What is agreed anew has another id.',
  declined: 'Propose a new version.',
  'too-many': 'Withdraw those that nobody needs.',
  replaced: 'Look at its newest version.',
}

const missing: ReadonlySet<RefusalCode> = new Set(['unknown-contract', 'unknown-item'])

function faultOf({ code, about }: Refused): ApiFault {
  if (missing.has(code)) return new ApiFault('not-found')
  const named = about.slice(0, 50)
  if (code === 'text-missing') {
    const errors = named.map((field) => ({ field, remedy: 'Write up to 500 characters, on one line.' }))
    return new ApiFault('invalid', { errors })
  }
  const detail = [meanings[code], remedies[code]].filter((each) => each !== undefined).join(' ')
  const correction = corrections[code]
  if (correction === undefined) return new ApiFault('share-refused', { detail })
  const { field, remedy } = correction
  const each = named.length === 0 ? [{}] : named.map((value) => ({ value }))
  return new ApiFault('invalid', { detail, errors: each.map((one) => ({ field, ...one, remedy })) })
}

/** @throws {ApiFault} for each way in which it was not done */
function answerOf<Answer>(outcome: ShareOutcome<Answer>): Answer {
  if (outcome.kind === 'refused') throw faultOf(outcome)
  if (outcome.kind === 'key-reused') throw new ApiFault('idempotency-key-reused')
  return outcome.answer
}

type Own = () => SharesPort

/** `/shares`: contracts under which elements of declarations are shared, what was, and who read it. A node without a link by a cloud has nothing there. */
export function shareRoutes(app: FastifyInstance, ports: ApiPorts): void {
  const own = (): SharesPort => {
    if (ports.shares === undefined) throw new ApiFault('not-found')
    return ports.shares
  }
  viewRoutes(app, own)
  proposeRoute(app, own)
  answerRoutes(app, own)
  itemRoutes(app, own)
}

function viewRoutes(app: FastifyInstance, own: Own): void {
  app.get<{ Querystring: { cursor?: string } }>('/shares', {
    config: { access },
    schema: {
      operationId: 'listShares',
      summary: 'Contracts under which data are shared, every version, the newest first, fifty on a page',
      tags,
      querystring: cursorQuery,
      response: { 200: { description: 'The contracts', ...ref('Shares') }, ...refusals(...signedIn, 400, 404) },
    },
    handler: async ({ query }) => {
      const { page, next } = paged(await own().list(pageSize + 1, numberIn(query.cursor)))
      return { shares: page, next }
    },
  })
  app.get('/shares/terms', {
    config: { access, navigable: false },
    schema: {
      operationId: 'getShareTerms',
      summary:
        'What a contract may be about, and with whom: partners, editions of the utility block with their elements',
      tags,
      response: { 200: { description: 'The terms', ...ref('ShareTerms') }, ...refusals(...signedIn, 404) },
    },
    handler: async () => own().terms(),
  })
  app.get<{ Params: ShareName }>('/shares/:owner/:id', {
    config: { access },
    schema: {
      operationId: 'getShare',
      summary: 'One contract with its versions, and what was shared under it last, without the data',
      tags,
      params: shareParams,
      response: { 200: { description: 'The contract', ...ref('ShareDetail') }, ...refusals(...signedIn, 404) },
    },
    handler: async ({ params }) => {
      const { versions } = there(await own().one(params))
      const { page, next } = paged((await own().items(params, pageSize + 1)) ?? [])
      return { versions, items: page, next }
    },
  })
  app.get<{ Params: ShareName; Querystring: { cursor?: string } }>('/shares/:owner/:id/items', {
    config: { access },
    schema: {
      operationId: 'listShareItems',
      summary: 'What was shared under a contract, without the data, the newest first, fifty on a page',
      tags,
      params: shareParams,
      querystring: cursorQuery,
      response: { 200: { description: 'What was shared', ...ref('ShareItems') }, ...refusals(...signedIn, 400, 404) },
    },
    handler: async ({ params, query }) => {
      const { page, next } = paged(there(await own().items(params, pageSize + 1, numberIn(query.cursor))))
      return { items: page, next }
    },
  })
  app.get<{ Params: ShareName; Querystring: { cursor?: string } }>('/shares/:owner/:id/readings', {
    config: { access },
    schema: {
      operationId: 'listShareReadings',
      summary: 'Who read what under a contract, and when; at the owner as the reader’s node signed it',
      tags,
      params: shareParams,
      querystring: cursorQuery,
      response: { 200: { description: 'The readings', ...ref('ShareReadings') }, ...refusals(...signedIn, 400, 404) },
    },
    handler: async ({ params, query }) => {
      const { page, next } = paged(there(await own().readings(params, pageSize + 1, numberIn(query.cursor))))
      return { readings: page, next }
    },
  })
}

/** A page, and the cursor of the next one; null when there is no more. */
function paged<Listed extends { number: number }>(found: readonly Listed[]): { page: Listed[]; next: string | null } {
  const page = found.slice(0, pageSize)
  return { page, next: found.length > pageSize ? encodeCursor(String(page.at(-1)!.number)) : null }
}

/** @throws {ApiFault} `bad-cursor` for what no list gave out */
function numberIn(cursor: string | undefined): number | undefined {
  const position = cursor === undefined ? undefined : decodeCursor(cursor)
  if (position === undefined) return undefined
  if (!/^[0-9]{1,15}$/.test(position)) throw new ApiFault('bad-cursor')
  return Number(position)
}

function there<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new ApiFault('not-found')
  return found
}

function proposeRoute(app: FastifyInstance, own: Own): void {
  app.post<{ Body: ContractDraft }>('/shares', {
    config: { access },
    schema: {
      operationId: 'proposeShare',
      summary: 'Make a contract, or a new version of one, and give it to its reader',
      tags,
      headers: keyHeaders,
      body: proposalBody,
      response: actAnswers('share', 'ShareDone'),
    },
    handler: async (request) => {
      const key = requireIdempotency(request)
      return { share: answerOf(await own().propose(callerOf(request).account, request.body, key)) }
    },
  })
}

function answerRoutes(app: FastifyInstance, own: Own): void {
  type Answer = { version: number; digest: string; answer: 'accepted' | 'declined'; reason?: string }
  app.post<{ Params: ShareName; Body: Answer }>('/shares/:owner/:id/answer', {
    config: { access },
    schema: {
      operationId: 'answerShare',
      summary: 'Accept or decline what another administration proposed: the very bytes of which this is the digest',
      tags,
      params: shareParams,
      headers: keyHeaders,
      body: answerBody,
      response: actAnswers('share', 'ShareDone'),
    },
    handler: async (request) => {
      const key = requireIdempotency(request)
      const given = { ...request.params, ...request.body }
      return { share: answerOf(await own().answer(callerOf(request).account, given, key)) }
    },
  })
  app.post<{ Params: ShareName; Body: { reason: string } }>('/shares/:owner/:id/withdrawal', {
    config: { access },
    schema: {
      operationId: 'withdrawShare',
      summary: 'End a contract now, with a reason: nothing goes under it and nothing is shown any more, on either side',
      tags,
      params: shareParams,
      headers: keyHeaders,
      body: withdrawalBody,
      response: actAnswers('share', 'ShareDone'),
    },
    handler: async (request) => {
      const key = requireIdempotency(request)
      const given = { ...request.params, ...request.body }
      return { share: answerOf(await own().withdraw(callerOf(request).account, given, key)) }
    },
  })
}

function itemRoutes(app: FastifyInstance, own: Own): void {
  app.post<{ Body: { reader: string; subject: string; block: object } }>('/shares/blocks', {
    config: { access },
    schema: {
      operationId: 'shareBlock',
      summary:
        'Share a utility block with a reader, under each contract that is in force, and only the elements of each',
      tags,
      headers: keyHeaders,
      body: shareBlockBody,
      response: {
        200: { description: 'What goes, by contract', ...object({ items: list(ref('SharedItem')) }) },
        ...refusals(...signedIn, 404, 409, 413, 415, 422),
      },
    },
    handler: async (request) => {
      const key = requireIdempotency(request)
      const { reader, subject, block } = request.body
      const given = { reader, subject, block: Buffer.from(JSON.stringify(block)) }
      return answerOf(await own().upload(callerOf(request).account, given, key))
    },
  })
  app.post<{ Params: { owner: string; item: string } }>('/shares/:owner/items/:item/readings', {
    config: { access },
    schema: {
      operationId: 'readSharedBlock',
      summary: 'Read what was shared. Each request is a reading of its own: its owner is told who read it and when',
      tags,
      params: itemParams,
      response: {
        200: { description: 'What was shared', ...ref('SharedBlock') },
        ...refusals(...signedIn, 404, 409),
      },
    },
    handler: async (request) => {
      const shown = await own().read(callerOf(request).account, request.params)
      if (shown.kind === 'refused') throw faultOf(shown)
      const { subject, sharedAt, until, block } = shown
      return { subject, sharedAt, until, block: { UtilityBlock: block } }
    },
  })
}
