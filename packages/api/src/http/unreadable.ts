import type { Socket } from 'node:net'
import { STATUS_CODES } from 'node:http'
import { ApiFault, type ApiFaultCode } from '../faults.ts'
import type { ApiPorts } from '../ports.ts'
import { problemOf, problemType } from './problem.ts'
import { securityHeaders } from './security-headers.ts'

const codes: Record<string, ApiFaultCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}

/**
 * Answers what is not HTTP, comes too slowly or has too long a head: there is no request yet, only a connection, so the
 * problem document is written by hand and the connection ends.
 */
export function refuseUnreadable({ newId, log }: Pick<ApiPorts, 'newId' | 'log'>) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const requestId = newId()
    const fault = new ApiFault(codes[error.code ?? ''] ?? 'malformed')
    log({
      level: 'info',
      event: 'request-unreadable',
      requestId,
      status: fault.status,
      reason: error.code ?? 'unknown',
    })
    const body = JSON.stringify(problemOf(fault, requestId))
    const headers = {
      ...securityHeaders,
      'content-type': problemType,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    socket.end([`HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status]}`, ...head, '', body].join('\r\n'))
  }
}
