import { escapeText } from '@corridor/xml'
import type { Listed } from '../listing.ts'

/** The refusals of S3 that the stand-in knows, with their status (Amazon S3 API Reference, “Error responses”). */
const refusals = {
  AccessDenied: 403,
  InvalidAccessKeyId: 403,
  SignatureDoesNotMatch: 403,
  RequestTimeTooSkewed: 403,
  XAmzContentSHA256Mismatch: 400,
  InvalidRequest: 400,
  MalformedPolicy: 400,
  EntityTooLarge: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  MethodNotAllowed: 405,
  BucketAlreadyOwnedByYou: 409,
  PreconditionFailed: 412,
  InternalError: 500,
  NotImplemented: 501,
} as const

/** Thrown where a request is refused. */
export class Refusal extends Error {
  readonly code: keyof typeof refusals
  readonly status: number

  constructor(code: keyof typeof refusals) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.status = refusals[code]
  }
}

const head = '<?xml version="1.0" encoding="UTF-8"?>\n'

export const errorBody = (code: string): string =>
  `${head}<Error><Code>${escapeText(code)}</Code><Message>This is a stand-in for an object store, for demonstrations and tests.</Message></Error>`

/** The answer to ListObjectsV2, always with encoded keys. */
export function listingBody(bucket: string, prefix: string, objects: readonly Listed[], truncated: boolean): string {
  const lines = objects.map(
    ({ key, size, lastModified }) =>
      `<Contents><Key>${escapeText(key.split('/').map(encodeURIComponent).join('/'))}</Key><LastModified>${lastModified.toISOString()}</LastModified><Size>${size}</Size></Contents>`,
  )
  return [
    `${head}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`,
    `<Name>${escapeText(bucket)}</Name><Prefix>${escapeText(prefix)}</Prefix><KeyCount>${objects.length}</KeyCount>`,
    `<IsTruncated>${truncated}</IsTruncated><EncodingType>url</EncodingType>`,
    ...lines,
    '</ListBucketResult>',
  ].join('')
}
