import type { Wire } from '../model.ts'

/** What names a message: ids are unique for each sender only. */
export interface MessageKey {
  /** Type and identifier of the party whose key the P-Mode pins. */
  sender: string
  messageId: string
}

/** What is kept of a message that was taken on. */
export interface KeptReceipt {
  /** SHA-256 over the payloads, in hex: the same id with another digest is not a repetition. */
  digest: string
  receipt: Wire
}

/**
 * The memory for duplicates (AS4 Profile 1.0, 3.2). Where `onMessage` stores message and receipt together, `find` reads
 * from there and `keep` is left out.
 */
export interface Duplicates {
  find(key: MessageKey): Promise<KeptReceipt | undefined> | KeptReceipt | undefined
  /** Called after `onMessage` is done and before the receipt leaves. */
  keep?(key: MessageKey, kept: KeptReceipt): Promise<void> | void
}

/** Remembers the last so many receipts (10,000 unless told) as long as the process lives: for tools and tests. */
export function memoryDuplicates(entries = 10_000): Duplicates {
  const kept = new Map<string, KeptReceipt>()
  return {
    find: (key) => kept.get(keyText(key)),
    keep(key, receipt) {
      kept.set(keyText(key), receipt)
      const oldest = kept.keys().next().value
      if (kept.size > entries && oldest !== undefined) kept.delete(oldest)
    },
  }
}

/** One text for a key. */
export function keyText({ sender, messageId }: MessageKey): string {
  return JSON.stringify([sender, messageId])
}
