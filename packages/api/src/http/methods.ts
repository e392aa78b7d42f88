import type { FastifyInstance } from 'fastify'

/** Which methods an address takes, for the answer to a method it does not take. */
export interface MethodTable {
  /** Methods of the routes whose pattern fits the path, in alphabetical order; empty when none does. */
  allowed: (path: string) => string[]
}

/** Records every route of the server as it is added. Patterns with a wildcard (the console's files) do not count. */
export function recordMethods(app: FastifyInstance): MethodTable {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const source = url.replaceAll('.', String.raw`\.`).replaceAll(/:[A-Za-z]+/g, '[^/]+')
    routes.push({ pattern: new RegExp(`^${source}$`), methods: [method].flat() })
  })
  return {
    allowed: (path) => {
      const fitting = routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)
      return [...new Set(fitting)].sort()
    },
  }
}
