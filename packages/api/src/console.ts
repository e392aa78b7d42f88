import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { ApiFault } from './faults.ts'
import { wantsPage } from './http/accept.ts'

/** Serves the console's one page. */
export type SendPage = (reply: FastifyReply) => FastifyReply

/**
 * Serves the files of the built console, and its `index.html` for every other address that a person opens: the console
 * routes by itself. The files are listed once, so no path can lead out of the folder.
 * @throws {Error} when the folder has no `index.html`.
 */
export function serveConsole(app: FastifyInstance, directory: string): SendPage {
  if (!existsSync(join(directory, 'index.html')))
    throw new Error(`the console is not built: no index.html in ${directory}`)
  const files = new Set(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `/${relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/')}`),
  )
  app.register(fastifyStatic, { root: directory, serve: false, cacheControl: false })

  app.get('/*', {
    config: { access: 'open', navigable: false, produces: '*/*' },
    schema: { hide: true },
    handler: (request, reply) => {
      const path = pathOf(request.url)
      if (files.has(path)) {
        // Vite puts the digest of the content into the names of what it builds.
        const lasting = path.startsWith('/assets/')
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
        return reply.sendFile(path.slice(1))
      }
      if (wantsPage(request.headers.accept, 'application/json')) return sendPage(reply)
      throw new ApiFault('not-found')
    },
  })
  return sendPage
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html')
}

/** The path of a request's address, decoded; the address itself when its encoding is wrong. */
function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
