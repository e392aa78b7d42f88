import { DatabaseFault } from '@corridor/database'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'
import type { ApiPorts } from '../ports.ts'
import { fieldErrors } from './field-errors.ts'

/** Media type of every refusal (RFC 9457 §3). */
export const problemType = 'application/problem+json'

/** A problem document (RFC 9457 §3.1). `instance` names this one refusal, and is in the log. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  errors?: { field: string; value?: string; remedy: string }[]
  version?: number
}

/** The problem document of a refusal. */
export function problemOf(fault: ApiFault, requestId: string): Problem {
  const { errors, version, detail } = fault.saying
  return {
    type: `urn:corridor:problem:${fault.code}`,
    title: fault.title,
    status: fault.status,
    detail: detail ?? fault.title,
    instance: `urn:uuid:${requestId}`,
    ...(errors && { errors }),
    ...(version !== undefined && { version }),
  }
}

/** Answers with a refusal. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, fault: ApiFault): FastifyReply {
  return reply
    .code(fault.status)
    .headers(fault.saying.headers ?? {})
    .header('cache-control', 'no-store')
    .type(problemType)
    .send(problemOf(fault, request.id))
}

/**
 * The one place where something thrown becomes an answer. What this contract did not foresee becomes 500 with a reference
 * and nothing of the inside; the log gets the rest under the same reference.
 */
export function problemHandler({ log }: Pick<ApiPorts, 'log'>) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const fault = asApiFault(error, request)
    if (fault.status >= 500) {
      log({
        level: 'error',
        event: 'request-failed',
        requestId: request.id,
        code: fault.code,
        error,
      })
    }
    return sendProblem(reply, request, fault)
  }
}

/** Faults of the database that end without a change of the request or of this program. */
const passing = new Set<string>([
  'database.unreachable',
  'database.disk-full',
  'database.too-many-connections',
  'database.read-only',
])

/** The refusal that something thrown stands for. */
export function asApiFault(error: FastifyError, request: Pick<FastifyRequest, 'id' | 'body'>): ApiFault {
  if (error instanceof ApiFault) return error
  if (error.validation) return invalid(error, request.body)
  if ((error as unknown) instanceof DatabaseFault && passing.has(error.code)) {
    const detail =
      'The database does not answer or cannot store. Send the same request again; with the same Idempotency-Key it takes effect once.'
    return new ApiFault('unavailable', { detail, headers: { 'retry-after': '5' } })
  }
  switch (error.statusCode) {
    case 400:
      return new ApiFault('malformed', { detail: sayMalformed(error) })
    case 408:
      return new ApiFault('timeout')
    case 413:
      return new ApiFault('body-too-large')
    case 414:
      return new ApiFault('not-found')
    case 415:
      return new ApiFault('media-type')
    default: {
      const detail = `The log has the reason under ${request.id}. Ask for the present state before you send this again.`
      return new ApiFault('internal', { detail })
    }
  }
}

function invalid(error: FastifyError, body: unknown): ApiFault {
  const context = error.validationContext
  if (context === 'params') return new ApiFault('not-found')
  const errors = fieldErrors(error.validation ?? [], context === 'body' ? body : {})
  return context === 'body' ? new ApiFault('invalid', { errors }) : new ApiFault('malformed', { errors })
}

function sayMalformed(error: FastifyError): string {
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'The content type is JSON and the body is empty.'
  if (error.code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') return 'The body is not as long as Content-Length says.'
  if (error.code === 'FST_ERR_BAD_URL') return 'The address has a wrong percent-encoding.'
  return 'The body is not JSON.'
}
