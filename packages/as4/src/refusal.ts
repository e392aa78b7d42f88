import type { EbmsErrorCode } from './ebms-errors.ts'

/**
 * Why an incoming message is refused. Thrown and caught inside this package only: callers get an outcome.
 * `detail` is for the journal and never leaves the node.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: EbmsErrorCode

  constructor(code: EbmsErrorCode, detail: string) {
    // Details repeat what a stranger wrote: no more of it than a line, and nothing that a terminal would obey.
    super(detail.slice(0, 300).replaceAll(/[^\p{L}\p{N}\p{P}\p{S}\p{M} ]/gu, '\uFFFD'))
    this.code = code
  }
}

/** Refuses unless `condition` holds. */
export function demand(condition: unknown, code: EbmsErrorCode, detail: string): asserts condition {
  if (!condition) throw new Refusal(code, detail)
}
