import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Factory = NonNullable<
  NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>['buildSerializer']
>

/**
 * Writes answers by their schemas as fastify does, but makes each writer when the first such answer is to be written: making all of them at
 * the start was four of the five seconds that a node took to start.
 */
export const serializersWhenNeeded: Factory = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options)
  return (route) => {
    let write: ReturnType<typeof compile> | undefined
    return (answer) => (write ??= compile(route))(answer)
  }
}
