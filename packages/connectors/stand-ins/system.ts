/**
 * Stand-ins for national systems: none of them is one. Each keeps declarations of its own and hands them over in one of the three ways, so that
 * tests and stories have something on the other side of a connector that is not the connector.
 */

/** What a stand-in can be told to do. */
export interface StandIn {
  /** Lodges and releases a declaration, in the stand-in's own form. */
  release(number: string, document: Uint8Array, event?: string): Promise<void>
  /** Takes what came back into its own tables, where nothing else does; it is done from time to time. */
  keep?(): Promise<void>
  /** What came back since the last time. */
  results(): Promise<StandInResult[]>
  close(): Promise<void>
}

/** A result as it arrived. */
export interface StandInResult {
  readonly declaration: string
  readonly kind: string
  readonly bytes: Uint8Array
}
