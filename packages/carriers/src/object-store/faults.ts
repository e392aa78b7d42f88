const catalogue = {
  'store.bad-settings':
    'A file is needed with the JSON object that the operator of the store gave: endpoint, bucket, region, accessKeyId, secretAccessKey.',
  'store.no-tls':
    'Give an endpoint that begins with https://. Over http anybody on the way could keep objects back and replay answers.',
  'store.unreachable': 'The store does not answer. What is for the other side waits here and goes by itself later.',
  'store.not-trusted':
    'The certificate of the store is of no authority that is trusted here. Put the certificate of its authority as “authority” (PEM) into the file.',
  'store.wrong-credentials':
    'Check accessKeyId and secretAccessKey in the file that the operator of the store gave; he can make new ones.',
  'store.denied':
    'The store lets this member not do this. Its operator should apply the policy that `corridor cloud policy` prints.',
  'store.clock':
    'The clock of this machine and that of the store differ by minutes, and the store takes no signature then. Mend the clock.',
  'store.no-bucket': 'Check endpoint and bucket in the file that the operator of the store gave.',
  'store.elsewhere': 'The store says that the bucket is of another region or endpoint. Check both in the file.',
  'store.busy': 'The store asks to wait. What is for the other side waits here and goes by itself later.',
  'store.full': 'The store has no room left. Its operator has to give more; what waits here goes by itself then.',
  'store.too-large': 'A node reads no object of this size, or the store takes none; of the latter ask its operator.',
  'store.unconditional':
    'This store cannot refuse to write over an object (If-None-Match). It cannot be used: one object could take the place of another.',
  'store.broken-answer':
    'What came is not an answer of an S3-compatible store, or only a part of one. It is asked again.',
  'store.refused': 'The store did not take it; what it said is above.',
  'store.other-party': 'A member leaves objects in its own name only. This is a fault of the program.',
  'store.bad-party': 'A party id at a store has letters, digits, dots, hyphens and underscores: NTA.BW.',
} as const

/** Codes of the faults of an object store. */
export type StoreFaultCode = keyof typeof catalogue

/** A coded fault of an object store; `message` says what to do and carries neither credentials nor content. */
export class StoreFault extends Error {
  readonly code: StoreFaultCode
  readonly remedy: string
  /** See `Carrier` of @corridor/exchange. */
  readonly isFinal: boolean

  constructor(code: StoreFaultCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}\n${catalogue[code]}`, { cause })
    this.name = 'StoreFault'
    this.code = code
    this.remedy = catalogue[code]
    this.isFinal = code === 'store.too-large'
  }
}

/** What S3's codes mean here (Amazon S3 API Reference, “Error responses”). A code of none of these is judged by its status. */
const known: Readonly<Record<string, StoreFaultCode>> = {
  InvalidAccessKeyId: 'store.wrong-credentials',
  SignatureDoesNotMatch: 'store.wrong-credentials',
  RequestTimeTooSkewed: 'store.clock',
  AccessDenied: 'store.denied',
  NoSuchBucket: 'store.no-bucket',
  InvalidBucketName: 'store.no-bucket',
  PermanentRedirect: 'store.elsewhere',
  AuthorizationHeaderMalformed: 'store.elsewhere',
  SlowDown: 'store.busy',
  ServiceUnavailable: 'store.busy',
  InternalError: 'store.busy',
  RequestTimeout: 'store.busy',
  OperationAborted: 'store.busy',
  QuotaExceeded: 'store.full',
  EntityTooLarge: 'store.too-large',
  NotImplemented: 'store.unconditional',
}

/** The fault of an answer that is none of those that were hoped for. @param code what S3's body calls it, when it has one */
export function faultOf(doing: string, status: number, code: string | undefined): StoreFault {
  const fault = (code === undefined ? undefined : known[code]) ?? byStatus(status)
  return new StoreFault(fault, `${doing}: the store answered ${[status, code].filter(Boolean).join(' ')}`)
}

function byStatus(status: number): StoreFaultCode {
  if (status === 507) return 'store.full'
  if (status === 413) return 'store.too-large'
  if (status === 501) return 'store.unconditional'
  if (status >= 500 || status === 429) return 'store.busy'
  if (status >= 300 && status < 400) return 'store.elsewhere'
  if (status === 401 || status === 403) return 'store.denied'
  if (status === 404) return 'store.no-bucket'
  return status >= 400 ? 'store.refused' : 'store.broken-answer'
}
