/** The catalogue of everything this contract refuses: HTTP status and title by code. The code ends the problem's `type`. */
const catalogue = {
  malformed: [400, 'The request cannot be read'],
  'bad-cursor': [400, 'This cursor was not given out by this node'],
  'idempotency-key-missing': [400, 'An Idempotency-Key is needed'],
  'idempotency-key-form': [400, 'This is not a usable Idempotency-Key'],
  'not-signed-in': [401, 'Sign in first'],
  'token-refused': [401, 'This bearer token is not valid'],
  'link-refused': [401, 'This sign-in link cannot be used'],
  'wrong-role': [403, 'Your role may not do this'],
  'act-refused': [403, 'This act is not yours'],
  'foreign-origin': [403, 'The request comes from another site'],
  'not-a-session': [403, 'A bearer token has no session'],
  'not-owner': [403, 'The list belongs to another administration'],
  'same-person': [403, 'A second person reviews a version'],
  'second-person': [403, 'A second person approves this'],
  'not-found': [404, 'Nothing is here'],
  'method-not-allowed': [405, 'This address does not take this method'],
  'not-acceptable': [406, 'This address has no answer of the wanted kind'],
  timeout: [408, 'The request took too long to arrive'],
  conflict: [409, 'The movement has changed'],
  'evidence-too-large': [409, 'The evidence is too large for one file'],
  'file-damaged': [409, 'The file is not what was attached'],
  'not-printable': [409, 'This cannot be printed now'],
  'list-busy': [409, 'The list is being changed'],
  'version-open': [409, 'The list has a version that is not in use yet'],
  'version-moved': [409, 'The list has another version by now'],
  'share-refused': [409, 'This is not done under the share'],
  'batch-refused': [409, 'The batch is not taken on'],
  'reconciliation-state': [409, 'This is not mended now'],
  'wrong-state': [409, 'The version is not in the state for this'],
  'webhook-registered': [409, 'This endpoint is registered already'],
  'webhook-too-many': [409, 'You have as many endpoints as there may be: delete one first'],
  'webhook-too-many-waiting': [409, 'Many events wait for this endpoint: wait until these are delivered'],
  'webhook-disabled': [409, 'The endpoint is disabled: enable it first'],
  'body-too-large': [413, 'The document is too large'],
  'media-type': [415, 'This kind of content is not taken here'],
  'wrong-host': [421, 'This node does not answer to this name'],
  invalid: [422, 'Some values need correcting'],
  'wrong-file': [422, 'Lines of the file need correcting'],
  'most-ended': [422, 'A large part of the list would end'],
  'codes-in-use': [422, 'Movements under way use codes that end'],
  'idempotency-key-reused': [422, 'This Idempotency-Key belongs to another request'],
  'headers-too-large': [431, 'The head of the request is too long'],
  internal: [500, 'The node failed'],
  'no-printer': [501, 'This node cannot make PDF files'],
  'printing-failed': [503, 'The page did not become a PDF file'],
  unavailable: [503, 'The node cannot work now'],
} as const satisfies Record<string, readonly [number, string]>

/** Code of a refusal. */
export type ApiFaultCode = keyof typeof catalogue

/** What a refusal may say besides its code. */
export interface FaultSaying {
  detail?: string
  errors?: { field: string; value?: string; remedy: string }[]
  /** The movement's version now, with `conflict`. */
  version?: number
  /** Headers that the answer must carry (`Allow`, `WWW-Authenticate`, `Retry-After`). */
  headers?: Record<string, string>
}

/** A refusal of this contract. It becomes a problem document (RFC 9457) and says nothing that the caller may not know. */
export class ApiFault extends Error {
  readonly code: ApiFaultCode
  readonly status: number
  readonly title: string
  readonly saying: FaultSaying

  constructor(code: ApiFaultCode, saying: FaultSaying = {}) {
    const [status, title] = catalogue[code]
    super(saying.detail ?? title)
    this.name = 'ApiFault'
    this.code = code
    this.status = status
    this.title = title
    this.saying = saying
  }
}

/** Title of a status in this contract's words, for the documentation of routes. */
export function titleOfStatus(status: number): string {
  const titles = Object.values(catalogue).filter(([known]) => known === status)
  if (titles.length === 0) throw new RangeError(`no refusal has status ${status}`)
  return titles.map(([, title]) => title).join('; ')
}
