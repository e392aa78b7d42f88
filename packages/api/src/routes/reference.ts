import { addDays, isDate, namesOf } from '@corridor/customs'
import { localDay } from '@corridor/casework'
import { reference } from '@corridor/registry'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf } from '../http/authentication.ts'
import { decodeCursor, encodeCursor } from '../http/cursor.ts'
import { sendTagged } from '../http/etag.ts'
import { readNumbers } from '../http/query.ts'
import type { ApiPorts, ReferenceListFacts } from '../ports.ts'
import { ref, refusals, type Schema, signedIn } from '../schemas/common.ts'
import {
  codeParams,
  entriesQuery,
  languageOnlyQuery,
  listParams,
  listsQuery,
  searchQuery,
  sinceQuery,
} from '../schemas/reference.ts'
import { codesIn, headOf, rowOf, shownIn, turnIn, versionOf, wholeOf } from './reference-views.ts'

const tags = ['reference']
const pageSize = 50
/** Codes that turn on the page of changes, and versions published last. */
const mostTurns = 200
const mostVersions = 50
const recentDays = 30
const daysAhead = 366

/** `/reference`: the reference data that both sides share. */
export function referenceRoutes(app: FastifyInstance, ports: ApiPorts): void {
  listsRoute(app, ports)
  searchRoute(app, ports)
  changesRoute(app, ports)
  subscribersRoute(app, ports)
  listRoute(app, ports)
  listChangesRoute(app, ports)
  codeRoute(app, ports)
}

function listsRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { at?: string } }>('/reference', {
    config: { access: 'officer' },
    schema: {
      operationId: 'listReferenceLists',
      summary: 'Every list of reference data: whose it is, how much of it is in force on a day, when it changes next',
      tags,
      querystring: listsQuery,
      response: answers('The lists', 'ReferenceLists'),
    },
    handler: async (request, reply) => {
      const at = dayOf(request.query.at, ports)
      const lists = await ports.reference.lists(at)
      return sendTagged(request, reply, { at, lists: lists.map(headOf) })
    },
  })
}

function listRoute(app: FastifyInstance, ports: ApiPorts): void {
  interface Route {
    Params: { list: string }
    Querystring: { q?: string; at?: string; language?: string; cursor?: string }
  }
  app.get<Route>('/reference/:list', {
    config: { access: 'officer' },
    schema: {
      operationId: 'listReferenceEntries',
      summary: 'The entries of a list in the order of their codes, page by page: in force on a day, or of any time',
      tags,
      params: listParams,
      querystring: entriesQuery,
      response: answers('One page', 'ReferencePage', 404),
    },
    handler: async (request, reply) => {
      const { q, at, language = callerOf(request).account.locale, cursor: given } = request.query
      const day = at === 'any' ? undefined : dayOf(at, ports)
      const position = given === undefined ? undefined : decodeCursor(given)
      const today = todayOf(ports)
      const id = request.params.list
      // Side by side: with a list of 100,000 codes each takes a good part of what a typing person waits for.
      const [list, { entries, cursor }] = await Promise.all([
        listOf(ports, id, day ?? today),
        ports.reference
          .entries(id, {
            ...(q && { q }),
            ...(day && { at: day }),
            ...(position && { cursor: position }),
            limit: pageSize,
          })
          .catch(refused),
      ])
      return sendTagged(request, reply, {
        list: headOf(list),
        at: day ?? 'any',
        today,
        entries: entries.map((entry) => rowOf(entry, language, today)),
        next: cursor === undefined ? null : encodeCursor(cursor),
      })
    },
  })
}

function codeRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { list: string; code: string }; Querystring: { language?: string } }>('/reference/:list/:code', {
    config: { access: 'officer' },
    schema: {
      operationId: 'getReferenceCode',
      summary: 'A code with every time for which it was, is or will be there, in every language',
      tags,
      params: codeParams,
      querystring: languageOnlyQuery,
      response: answers('The code', 'ReferenceCode', 404),
    },
    handler: async (request, reply) => {
      const { code } = request.params
      const { language = callerOf(request).account.locale } = request.query
      const today = todayOf(ports)
      const list = await listOf(ports, request.params.list, today)
      const versions = await ports.reference.versions(list.id, code)
      if (versions.length === 0)
        throw new ApiFault('not-found', { detail: 'The list has no such code, and had none. GET /reference/search.' })
      const shown = versions.map((version) => versionOf(version, list.published, today))
      const meanings = await meaningsOf(ports, codesIn(shown), language)
      return sendTagged(request, reply, { list: headOf(list), code, versions: shown, meanings })
    },
  })
}

/** What codes mean, by list, as they were described last. */
async function meaningsOf(ports: ApiPorts, codes: Map<string, Set<string>>, language: string) {
  const meanings: Record<string, Record<string, string>> = {}
  for (const [list, wanted] of codes) {
    const own: Record<string, string> = {}
    for (const code of wanted) {
      const [version] = await ports.reference.versions(list, code)
      if (version) own[code] = shownIn(namesOf(version.entry), language).text
    }
    meanings[list] = own
  }
  return meanings
}

function listChangesRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { list: string }; Querystring: { since: number } }>('/reference/:list/changes', {
    config: { access: 'officer', navigable: false },
    preValidation: readNumbers('since'),
    schema: {
      operationId: 'listReferenceChangesSince',
      summary: 'What is otherwise in the version in use than in an earlier one, whole entries: for a copy elsewhere',
      tags,
      params: listParams,
      querystring: sinceQuery,
      response: answers('The changes', 'ReferenceListChanges', 404),
    },
    handler: async (request, reply) => {
      const list = await listOf(ports, request.params.list, todayOf(ports))
      const { since } = request.query
      if (since > list.published)
        throw wrong('since', String(since), `Give a version from 0 to ${list.published}; 0 brings everything.`)
      const { added, ...changes } = await ports.reference.changesSince(list.id, since)
      return sendTagged(request, reply, { ...changes, added: added.map(wholeOf) })
    },
  })
}

function searchRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { q: string; list?: string; at?: string; language?: string } }>('/reference/search', {
    config: { access: 'officer', navigable: false },
    schema: {
      operationId: 'searchReference',
      summary: 'Codes by their beginning, then by words in any language, the last as far as it is typed',
      tags,
      querystring: searchQuery,
      response: answers('The first twenty', 'ReferenceHits', 404),
    },
    handler: async (request, reply) => {
      const { q, list, at, language = callerOf(request).account.locale } = request.query
      const day = dayOf(at, ports)
      if (list !== undefined) await listOf(ports, list, day)
      const hits = await ports.reference.search(q, { ...(list && { list }), at: day, language: baseOf(language) })
      return sendTagged(request, reply, { hits })
    },
  })
}

function changesRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Querystring: { language?: string } }>('/reference/changes', {
    config: { access: 'officer' },
    schema: {
      operationId: 'listReferenceChanges',
      summary: 'What changes from tomorrow on, what changed lately, and which versions were published last',
      tags,
      querystring: languageOnlyQuery,
      response: answers('The changes', 'ReferenceChanges'),
    },
    handler: async (request, reply) => {
      const { language = callerOf(request).account.locale } = request.query
      const today = todayOf(ports)
      const [upcoming, recent, versions] = await Promise.all([
        ports.reference.turns(addDays(today, 1), addDays(today, daysAhead), mostTurns + 1),
        ports.reference.turns(addDays(today, -recentDays), today, mostTurns + 1),
        ports.reference.recentVersions(mostVersions),
      ])
      const shown = (turns: readonly reference.Turn[]) =>
        turns.slice(0, mostTurns).map((turn) => turnIn(turn, language))
      return sendTagged(request, reply, {
        today,
        upcoming: shown(upcoming),
        recent: shown(recent),
        more: upcoming.length > mostTurns || recent.length > mostTurns,
        versions: versions.map(({ publishedAt, ...version }) => ({
          ...version,
          publishedAt: publishedAt.toISOString(),
        })),
      })
    },
  })
}

function subscribersRoute(app: FastifyInstance, ports: ApiPorts): void {
  app.get('/reference/subscribers', {
    config: { access: 'officer' },
    schema: {
      operationId: 'listReferenceSubscribers',
      summary: 'Who has which version of which list',
      tags,
      response: answers('The subscribers', 'ReferenceSubscribers'),
    },
    handler: async (request, reply) => sendTagged(request, reply, { subscribers: await ports.reference.subscribers() }),
  })
}

/** Answers of a route whose body has a tag. */
function answers(description: string, schema: string, ...statuses: number[]): Record<number, Schema> {
  return {
    200: { description, ...ref(schema) },
    304: { description: 'As the asker has it (If-None-Match)' },
    ...refusals(...signedIn, ...statuses),
  }
}

/** A list as it stands on a day. @throws {ApiFault} `not-found` */
export async function listOf(ports: ApiPorts, id: string, day: string): Promise<ReferenceListFacts> {
  const list = await ports.reference.list(id, day)
  if (!list) throw new ApiFault('not-found', { detail: 'There is no such list. GET /reference lists them.' })
  return list
}

/** The day at this node's offices. */
export function todayOf({ clock, node }: ApiPorts): string {
  return localDay({ clock, ...(node.timeZone !== undefined && { timeZone: node.timeZone }) })
}

/** The day that was asked for, today unless told. @throws {ApiFault} `malformed` */
function dayOf(at: string | undefined, ports: ApiPorts): string {
  if (at === undefined) return todayOf(ports)
  if (!isDate(at)) throw wrong('at', at, 'Give a day as yyyy-mm-dd.')
  return at
}

function wrong(field: string, value: string, remedy: string): ApiFault {
  return new ApiFault('malformed', { errors: [{ field, value, remedy }] })
}

function refused(error: unknown): never {
  if (error instanceof reference.RegistryReferenceFault && error.code === 'reference.bad-cursor')
    throw new ApiFault('bad-cursor')
  throw error
}

/** Texts are by language alone: `fa` of `fa-AF`. */
function baseOf(language: string): string {
  return language.split('-')[0]!.toLowerCase()
}
