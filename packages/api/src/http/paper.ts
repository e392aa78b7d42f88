import { createHash } from 'node:crypto'
import type { PaperOutcome } from '@corridor/casework'
import { stylesheet } from '@corridor/paper'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiFault } from '../faults.ts'
import type { ApiPorts } from '../ports.ts'
import { mostWanted } from './accept.ts'

/** What a document on paper may be had as; the first one when nothing else is asked for. */
const forms = ['text/html', 'application/pdf'] as const

/** The page is inert: of all that a page may do, it has its own style, and that no other. */
const policy = `sandbox; default-src 'none'; style-src 'sha256-${createHash('sha256').update(stylesheet).digest('base64')}'; frame-ancestors 'none'`

/**
 * Answers with a document on paper in the form that is wanted most.
 * @param name of the document, for the name of the file
 * @throws {ApiFault} `not-found`, `not-printable`, `no-printer`, `printing-failed`, `unavailable`
 */
export async function sendPaper(
  request: FastifyRequest,
  reply: FastifyReply,
  { pdf }: Pick<ApiPorts, 'pdf'>,
  name: string,
  outcome: PaperOutcome,
): Promise<FastifyReply> {
  if (outcome.kind === 'not-found') throw new ApiFault('not-found')
  if (outcome.kind === 'conflict') throw new ApiFault('not-printable', { detail: outcome.detail })
  const file = `inline; filename="${outcome.number}-${name}`
  if (mostWanted(request.headers.accept, forms) === 'text/html')
    return reply
      .header('content-security-policy', policy)
      .header('content-disposition', `${file}.html"`)
      .type('text/html; charset=utf-8')
      .send(outcome.html)
  const made = await pdf(outcome.html)
  switch (made.kind) {
    case 'pdf':
      return reply
        .header('content-disposition', `${file}.pdf"`)
        .type('application/pdf')
        .send(Buffer.from(made.bytes.buffer, made.bytes.byteOffset, made.bytes.byteLength))
    case 'no-printer':
      throw new ApiFault('no-printer', { detail: `${made.detail} ${asHtml}` })
    case 'failed':
      throw new ApiFault('printing-failed', { detail: `${made.detail} ${asHtml}` })
    case 'busy':
      throw new ApiFault('unavailable', { detail: made.detail, headers: { 'retry-after': '10' } })
  }
}

const asHtml = 'The same document is here as text/html, and a browser prints it.'
