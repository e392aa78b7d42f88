import type { VersionDetail, VersionView } from '@corridor/casework'
import type { FastifyInstance } from 'fastify'
import { ApiFault } from '../faults.ts'
import { callerOf } from '../http/authentication.ts'
import { sendTagged } from '../http/etag.ts'
import { readNumberInPath } from '../http/query.ts'
import type { ApiPorts } from '../ports.ts'
import { ref, refusals, signedIn, type Schema } from '../schemas/common.ts'
import { listParams } from '../schemas/reference.ts'
import { versionParams, versionQuery } from '../schemas/reference-versions.ts'
import { listOf, todayOf } from './reference.ts'
import { headOf, wholeOf } from './reference-views.ts'

const tags = ['reference']

/** `/reference/…/versions`: the versions of a list, what each changes, and whom that concerns. */
export function referenceVersionRoutes(app: FastifyInstance, ports: ApiPorts): void {
  app.get<{ Params: { list: string } }>('/reference/:list/versions', {
    config: { access: 'officer' },
    schema: {
      operationId: 'listReferenceVersions',
      summary: 'The versions of a list, drafts too: who made and reviewed them, what they change, what may be done now',
      tags,
      params: listParams,
      response: answers('The versions', 'ReferenceListVersions'),
    },
    handler: async (request, reply) => {
      const list = await listOf(ports, request.params.list, todayOf(ports))
      const found = await ports.referenceVersions.versions(callerOf(request).account, list.id)
      return sendTagged(request, reply, {
        list: headOf(list),
        versions: (found?.versions ?? []).map(versionIn),
        draftHindrance: found?.draftHindrance ?? null,
      })
    },
  })

  app.get<{ Params: { list: string; number: number }; Querystring: { after?: string } }>(
    '/reference/:list/versions/:number',
    {
      config: { access: 'officer' },
      preValidation: readNumberInPath('number'),
      schema: {
        operationId: 'getReferenceVersion',
        summary: 'What a version changes, code by code, and which movements under way use what it ends or changes',
        tags,
        params: versionParams,
        querystring: versionQuery,
        response: answers('The version', 'ReferenceVersionDetail'),
      },
      handler: async (request, reply) => {
        const { number } = request.params
        const list = await listOf(ports, request.params.list, todayOf(ports))
        const { account } = callerOf(request)
        const found = await ports.referenceVersions.version(account, list.id, number, request.query.after)
        if (!found)
          throw new ApiFault('not-found', { detail: 'The list has no such version. GET …/versions lists them.' })
        return sendTagged(request, reply, { list: headOf(list), ...detailIn(found, ports) })
      },
    },
  )
}

function answers(description: string, schema: string): Record<number, Schema> {
  return {
    200: { description, ...ref(schema) },
    304: { description: 'As the asker has it (If-None-Match)' },
    ...refusals(...signedIn, 404),
  }
}

function versionIn({ list: _, reviewer, createdAt, publishedAt, acts, ...version }: VersionView) {
  return {
    ...version,
    reviewer: reviewer ?? null,
    createdAt: createdAt.toISOString(),
    publishedAt: publishedAt?.toISOString() ?? null,
    acts: acts.map(({ act, why }) => ({ act, why: why ?? null })),
  }
}

function detailIn({ version, differences, next, effects }: VersionDetail, { officeName }: ApiPorts) {
  const of = (wanted: string) =>
    differences
      .filter(({ what }) => what === wanted)
      .map(({ code, before, after }) => ({ code, before: before.map(wholeOf), after: after.map(wholeOf) }))
  return {
    version: versionIn(version),
    differences: { added: of('added'), changed: of('changed'), ended: of('ended') },
    next: next ?? null,
    effects: effects
      ? {
          movements: effects.uses.map((use) => ({ ...use, officeName: officeName(use.office) ?? null })),
          more: effects.more,
        }
      : null,
  }
}
