import type { EvidenceIndex } from '../facts.ts'

/** A page for whoever finds the file: what it is, and how it is checked without the program that made it. */
export function readMe({ movement, taken, messages, journal }: EvidenceIndex): string {
  const withheld = messages.filter((message) => message.withheld).length
  return `Evidence of the movement ${movement}
taken by ${taken.party} at ${taken.at}

${messages.length} messages, ${journal.lines} lines of the journal${journal.head === null ? '' : `; head of its chain: seal ${journal.head.number}, ${journal.head.hash}`}

evidence.json     what there is: each message with its folder, who signed, what cannot be shown and why
certificates/     of both sides, as the taker knows them. Compare their fingerprints with what the parties tell you.
messages/         a folder each: the document, the bytes that came or left, the exact bytes that were signed, the receipt
journal/          the lines as they are hashed, and the chain of seals over them
META-INF/         the digest of each file, and the taker's signature over them

To check all of it:  corridor verify FILE
By hand:             docs/evidence.md of Corridor has the steps, with unzip and openssl

${
  withheld === 0
    ? 'No document here has an access code of a guarantee.'
    : `${withheld} messages have a document with the access code of a guarantee. Their document is here without it. Their bytes, signatures and
receipts are in withheld.der, encrypted for ${taken.party}: a digest beside the rest of the document would give the code away. The holder of
that key checks them too: corridor verify FILE --key KEY --certificate CERTIFICATE`
}
`
}
