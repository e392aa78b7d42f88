/** What an incoming message may be at most; every figure counts inclusively. */
export interface As4Limits {
  /** Bytes of the whole HTTP body. */
  bodyBytes: number
  /** Attachments besides the envelope. */
  parts: number
  /** Bytes of the header fields of one MIME part. */
  headerBytes: number
  /** Bytes of the SOAP envelope. */
  envelopeBytes: number
  /** Bytes of all payloads together after decompression. */
  unzippedBytes: number
  /** Bytes after decompression for each byte before. */
  unzipRatio: number
  /** Milliseconds that the Timestamp of a user message may be ahead of our clock. */
  aheadMs: number
  /** Milliseconds that it may lie back: an outage of weeks must not make a message unacceptable. */
  ageMs: number
}

/** The limits that hold when none are given. */
export const DEFAULT_LIMITS: Readonly<As4Limits> = {
  bodyBytes: 32 * 1024 * 1024,
  parts: 64,
  headerBytes: 16 * 1024,
  envelopeBytes: 512 * 1024,
  unzippedBytes: 128 * 1024 * 1024,
  unzipRatio: 100,
  aheadMs: 24 * 60 * 60 * 1000,
  ageMs: 180 * 24 * 60 * 60 * 1000,
}
