/** Why an object is refused. */
export type RefusalCode =
  | 'not-an-object'
  | 'cannot-decrypt'
  | 'bad-signature'
  | 'unknown-sender'
  | 'wrong-addressee'
  | 'wrong-purpose'
  | 'expired'
  | 'not-yet-valid'
  | 'malformed-head'
  | 'too-large'

/** Thrown and caught inside this room only: callers get an outcome. `detail` is for the journal and never leaves the node. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  /** Whether the same bytes may be opened later, when something on our side or the time has changed. */
  readonly retriable: boolean

  constructor(code: RefusalCode, detail: string, retriable = false) {
    super(detail)
    this.code = code
    this.retriable = retriable
  }
}

/** Refuses unless `condition` holds. */
export function demand(condition: unknown, code: RefusalCode, detail: string, retriable = false): asserts condition {
  if (!condition) throw new Refusal(code, detail, retriable)
}
