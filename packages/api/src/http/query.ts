import type { FastifyRequest } from 'fastify'

/**
 * A hook that reads the named query parameters as numbers when they are written as whole numbers. What is not stays a text,
 * and the schema refuses it. Bodies are never converted: `"3"` is no version.
 */
export function readNumbers(...names: string[]) {
  return async (request: FastifyRequest): Promise<void> => {
    const query = request.query as Record<string, unknown>
    for (const name of names) {
      const value = query[name]
      if (typeof value === 'string' && /^[0-9]{1,15}$/.test(value)) query[name] = Number(value)
    }
  }
}

/** As `readNumbers`, for a parameter of the path. */
export function readNumberInPath(name: string) {
  return async (request: FastifyRequest): Promise<void> => {
    const params = request.params as Record<string, unknown>
    const value = params[name]
    if (typeof value === 'string' && /^[0-9]{1,9}$/.test(value)) params[name] = Number(value)
  }
}
