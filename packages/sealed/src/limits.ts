/** What an object may be at most; every figure counts inclusively. */
export const LIMITS = {
  /** Bytes of the whole object. A place may take less: 16 MB a border database and a cloud, 9 MB a hub. */
  objectBytes: 30 * 1024 * 1024,
  /** Bytes of the head with the empty line after it. */
  headBytes: 8 * 1024,
  /** Bytes of one line of the head. */
  lineBytes: 2 * 1024,
  /** Elements of ASN.1 in one layer, and how deep they may lie in each other. */
  elements: 2_000,
  depth: 24,
  /** Bytes of all values of one layer but the longest, which is the content: certificates, names, keys, attributes. */
  besideBytes: 64 * 1024,
  /** Milliseconds that an object may be issued ahead of our clock. */
  aheadMs: 5 * 60 * 1000,
} as const
