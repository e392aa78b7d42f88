/**
 * The ebMS3 and AS4 error codes (ebMS 3.0 Core 6.7, AS4 Profile 1.0 "Additional Processing Errors"), with what a
 * partner is told. The three security failures share one sentence, so that an answer does not help to forge.
 */
const SECURITY = 'The security of the message was not accepted.'
export const EBMS_ERRORS = {
  'EBMS:0001': entry('ValueNotRecognized', 'Content', 'A value is not one that this partner knows.'),
  'EBMS:0002': entry('FeatureNotSupported', 'Content', 'A feature is not supported and was ignored.', 'warning'),
  'EBMS:0003': entry('ValueInconsistent', 'Content', 'A value contradicts another value or the agreement.'),
  'EBMS:0004': entry('Other', 'Content', 'The message was not accepted.'),
  'EBMS:0005': entry('ConnectionFailure', 'Communication', 'The partner could not be reached.'),
  'EBMS:0006': entry('EmptyMessagePartitionChannel', 'Communication', 'No message is waiting.', 'warning'),
  'EBMS:0007': entry('MimeInconsistency', 'Unpackaging', 'The MIME structure is not as the profile requires.'),
  'EBMS:0008': entry('FeatureNotSupported', 'Unpackaging', 'A required feature is not supported.'),
  'EBMS:0009': entry('InvalidHeader', 'Unpackaging', 'The SOAP envelope or the ebMS header is not valid.'),
  'EBMS:0010': entry('ProcessingModeMismatch', 'Processing', 'No agreement fits the message.'),
  'EBMS:0011': entry('ExternalPayloadError', 'Content', 'A payload outside of the message is not fetched.'),
  'EBMS:0101': entry('FailedAuthentication', 'Processing', SECURITY),
  'EBMS:0102': entry('FailedDecryption', 'Processing', SECURITY),
  'EBMS:0103': entry('PolicyNoncompliance', 'Processing', SECURITY),
  'EBMS:0201': entry('DysfunctionalReliability', 'Processing', 'Reliable messaging failed.'),
  'EBMS:0202': entry('DeliveryFailure', 'Communication', 'The message could not be processed now.'),
  'EBMS:0301': entry('MissingReceipt', 'Communication', 'No receipt came for the message.'),
  'EBMS:0302': entry('InvalidReceipt', 'Communication', 'The receipt does not fit the message.'),
  'EBMS:0303': entry('DecompressionFailure', 'Communication', 'A payload could not be decompressed.'),
} as const

/** An ebMS error code that this library may send. */
export type EbmsErrorCode = keyof typeof EBMS_ERRORS

/** One eb:Error, without what it refers to. */
export interface As4Error {
  code: string
  severity: 'failure' | 'warning'
  shortDescription: string
  category?: string
  description?: string
  /** Free text of the partner; hostile until shown otherwise. */
  errorDetail?: string
}

/** The error to send for a code. */
export function ebmsError(code: EbmsErrorCode): As4Error {
  return { code, ...EBMS_ERRORS[code] }
}

/** Errors that speak of the partner's moment and not of the message (ebMS 3.0 Core 6.7; eDelivery AS4 1.15, 1.4.3.2). */
const PASSING: ReadonlySet<string> = new Set(['EBMS:0005', 'EBMS:0201', 'EBMS:0202'])

/** Whether errors end a message: one of them is a failure that another try will not mend. */
export function isFinal(errors: readonly As4Error[]): boolean {
  return errors.some(({ code, severity }) => severity === 'failure' && !PASSING.has(code))
}

function entry(
  shortDescription: string,
  category: string,
  description: string,
  severity: 'failure' | 'warning' = 'failure',
): Omit<As4Error, 'code'> {
  return { severity, shortDescription, category, description }
}
