import type { JournalPiece } from '@corridor/exchange'
import type { Entry } from '../container/zip.ts'
import { files, type JournalFacts, proofColumns, sealColumns } from '../facts.ts'

/**
 * The lines as they are hashed, and the seals.
 * @param secret ids of messages whose documents have access codes: a line with the digest of such a document is not given
 * @param only ids of the messages of which lines are given, beside what the page of the movement tells; without it those of all
 */
export function journalFiles(
  piece: JournalPiece,
  secret: ReadonlySet<string>,
  only?: ReadonlySet<string>,
): { facts: JournalFacts; entries: Entry[] } {
  const given = piece.lines.filter(({ leaf }) => {
    const line = readLeaf(leaf)
    return !tellsDigest(line, secret) && (only === undefined || isOf(line, only))
  })
  const { head } = piece
  return {
    facts: {
      lines: given.length,
      withheld: piece.lines.length - given.length,
      whole: piece.whole,
      head: head === undefined ? null : { number: head.number, hash: hex(head.hash) },
    },
    entries: [
      { name: files.lines, bytes: Buffer.from(given.map(({ leaf }) => `${leaf}\n`).join('')) },
      {
        name: files.proofs,
        bytes: table(
          proofColumns,
          given.map(({ id, proof }) =>
            proof === undefined
              ? [id, '-', '-', '-']
              : [id, proof.seal, proof.index, proof.path.map(hex).join(' ') || '-'],
          ),
        ),
      },
      {
        name: files.seals,
        bytes: table(
          sealColumns,
          piece.seals.map((seal) => [
            seal.number,
            seal.firstTx,
            seal.endTx,
            seal.entries,
            seal.sealedAtUs,
            hex(seal.root),
            hex(seal.previous),
            hex(seal.hash),
          ]),
        ),
      },
    ],
  }
}

const table = (columns: readonly string[], rows: readonly (readonly (string | number)[])[]): Buffer =>
  Buffer.from([columns, ...rows].map((row) => `${row.join('\t')}\n`).join(''))

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

interface Line {
  kind: string
  messageId: string | null
  detail: unknown
}

/** Which members a line has is told in docs/exchange.md. */
function readLeaf(leaf: string): Line {
  const [, , kind, , messageId, , , detail] = JSON.parse(leaf) as [
    number,
    string,
    string,
    string,
    string | null,
    string,
    string,
    unknown,
  ]
  return { kind, messageId, detail }
}

/** The journal has a digest where the same message came again. */
const tellsDigest = ({ messageId, detail }: Line, secret: ReadonlySet<string>): boolean =>
  messageId !== null && secret.has(messageId) && typeof detail === 'object' && detail !== null && 'digest' in detail

/** What happened to one of these messages, or to the movement itself. Who took evidence before, and why, is not for others. */
const isOf = ({ kind, messageId }: Line, only: ReadonlySet<string>): boolean =>
  kind === 'movement' || (messageId !== null && only.has(messageId))
