import type { EbmsErrorCode } from './ebms-errors.ts'

/**
 * Why an incoming message is refused. Thrown and caught inside this package only: callers get an outcome.
 * `detail` is for the journal and never leaves the node.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: EbmsErrorCode

  constructor(code: EbmsErrorCode, detail: string) {
    super(detail)
    this.code = code
  }
}

/** Refuses unless `condition` holds. */
export function demand(condition: unknown, code: EbmsErrorCode, detail: string): asserts condition {
  if (!condition) throw new Refusal(code, detail)
}
