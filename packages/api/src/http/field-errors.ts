import type { FieldError } from '@corridor/casework'
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'

/** Names of fields whose value is never repeated in an answer. */
const secretFields = new Set(['token'])
const longestValue = 200

/** What a schema found wrong, field by field, each once, with the value that was given and what to do. */
export function fieldErrors(found: readonly FastifySchemaValidationError[], given: unknown): FieldError[] {
  const byField = new Map<string, FieldError>()
  for (const error of found) {
    // A wrong name of a member is told twice; the inner telling lacks the name.
    if ('propertyName' in error) continue
    const path = pathOf(error)
    const field = path.join('.')
    if (byField.has(field)) continue
    const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], given)
    const shown = secretFields.has(field) || value === undefined ? undefined : show(value)
    byField.set(field, { field, ...(shown !== undefined && { value: shown }), remedy: remedyOf(error) })
  }
  return [...byField.values()]
}

function pathOf(error: FastifySchemaValidationError): string[] {
  const path = error.instancePath.split('/').slice(1)
  const { missingProperty, additionalProperty, propertyName } = error.params
  const inner = missingProperty ?? additionalProperty ?? propertyName
  return typeof inner === 'string' ? [...path, inner] : path
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}

function remedyOf({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'required':
      return 'Give a value.'
    case 'additionalProperties':
      return 'Leave this out: there is no such field.'
    case 'enum':
      return `Use one of: ${(params['allowedValues'] as unknown[]).join(', ')}.`
    case 'type':
      return `Give ${[params['type']].flat().join(' or ')}.`
    case 'maxLength':
      return `Use at most ${String(params['limit'])} characters.`
    default:
      return `The value ${message ?? 'is not valid'}.`
  }
}
