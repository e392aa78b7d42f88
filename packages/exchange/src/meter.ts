/** What became of a message that a partner sent. */
export type ReceptionOutcome = 'taken' | 'repeated' | 'conflicting' | 'refused' | 'signal' | 'unavailable'

/** One thing that this process did, for whoever counts: never an id, a conversation or anything that a stranger can choose. */
export type Measured =
  /** A POST from a partner was answered. `party` is what the signature proved; what was refused proves none, and a signal has none. */
  | {
      what: 'reception'
      outcome: ReceptionOutcome
      party: string | undefined
      /** From the whole body to the commit. */
      seconds: number
    }
  /** A taken-on message was shown to the handler. */
  | { what: 'decision'; outcome: 'done' | 'waiting' | 'failed'; seconds: number }
  /** A message left for a partner. `again`: it had left before. */
  | { what: 'sending'; outcome: 'receipted' | 'unanswered' | 'parked'; party: string; again: boolean }
  /** How far a partner's clock is ahead of ours (negative: behind), by a receipt that it made just now. */
  | { what: 'partner-clock'; party: string; aheadMs: number }
  /** Connections to the AS4 endpoint that are open now. */
  | { what: 'connections'; open: number }

/** Hears what was done. Must not throw and must not wait. */
export type Meter = (measured: Measured) => void
