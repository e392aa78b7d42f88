/** A sealed object as it lies at a third place. What stands beside the bytes is for finding it; what counts is under the signature. */
export interface CarriedObject {
  /** Unique per sender; of a receipt its own. */
  id: string
  /** Party id. */
  sender: string
  /** Party id. */
  addressee: string
  kind: 'message' | 'receipt'
  /** After it nobody takes it any more: the place may remove it. */
  expiresAt: Date
  bytes: Uint8Array
  /** What time it was at the place when it showed this, where it tells. */
  shownAt?: Date
}

/** Whether a place will not take an object, however often it is put. */
export const isFinal = (error: unknown): boolean =>
  error instanceof Error && (error as Error & { isFinal?: unknown }).isFinal === true

/** A third place that both sides reach and neither owns. Every method rejects when the place cannot be reached. */
export interface Carrier {
  /**
   * Leaves an object for its addressee; comes back when it is on the disk of the place. The same id again with the same bytes is no error
   * (`there`); with other bytes it is `conflict`. An error that says `isFinal` is about this object and no other: it is too large, say, and
   * will not be taken however often it is put.
   */
  put(object: CarriedObject): Promise<'put' | 'there' | 'conflict'>
  /**
   * Whether this node has left this very object there and it lies there still or was dealt with, where a place can tell: so it is asked before
   * all bytes are put again. False when it is not known.
   */
  lies?(object: CarriedObject): Promise<boolean>
  /** What lies there for this node and was not marked yet, oldest first, at most `limit`; none of a place that brings by itself. */
  waiting(limit: number): Promise<CarriedObject[]>
  /** Marks an object as dealt with: it is on this node's disk (`taken`), or was refused. It is not shown again. */
  mark(object: Pick<CarriedObject, 'sender' | 'id'>, as: 'taken' | 'refused'): Promise<void>
  /** Takes back what this node left for somebody who has not taken it, where a place lets its sender do so; no error when it is gone. */
  takeBack?(object: Pick<CarriedObject, 'addressee' | 'id'>): Promise<void>
  /** Hears, where the place can tell, that something new may lie there. Answers how to stop. */
  onNew(hear: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}
