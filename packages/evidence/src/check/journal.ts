import { type JournalSeal, sealHash, verifyInclusion } from '@corridor/exchange'
import type { Found } from '../container/asic.ts'
import { files, type JournalFacts, proofColumns, sealColumns } from '../facts.ts'

/** Follows each line to its seal, and the seals to the head of the chain. */
export function checkJournal(contents: ReadonlyMap<string, Uint8Array>, facts: JournalFacts): Found[] {
  const seals = rowsOf(contents.get(files.seals), sealColumns, sealOf)
  if (typeof seals === 'string')
    return [{ place: files.seals, what: 'it is the list of seals', result: 'fails', reason: seals }]
  const proofs = rowsOf(contents.get(files.proofs), proofColumns, proofOf)
  if (typeof proofs === 'string')
    return [{ place: files.proofs, what: 'it is the list of proofs', result: 'fails', reason: proofs }]
  const leaves = Buffer.from(contents.get(files.lines) ?? '')
    .toString('utf8')
    .split('\n')
  const last = leaves.pop()
  const counts = [leaves.length, proofs.length].find((count) => count !== facts.lines)
  if (last !== '' || counts !== undefined)
    return [
      {
        place: files.lines,
        what: `there are ${facts.lines} lines, each with its proof`,
        result: 'fails',
        reason: `there are ${leaves.length} lines and ${proofs.length} proofs`,
      },
    ]
  const found = [...checkChain(seals, facts), ...checkLines(leaves, proofs, seals)]
  if (facts.withheld > 0)
    found.push({
      place: files.lines,
      what: `${facts.withheld} lines are not given: they have the digest of a document with an access code, or speak of what its taker may not see`,
      result: 'note',
    })
  return found
}

function checkChain(seals: readonly JournalSeal[], { head, whole }: JournalFacts): Found[] {
  let breaks = 0
  for (const [n, seal] of seals.entries()) {
    const before = seals[n - 1]
    const wrong = wrongWith(seal, before)
    if (wrong !== undefined)
      return [
        {
          place: `${files.seals}, seal ${seal.number}`,
          what: 'it continues the chain',
          result: 'fails',
          reason: wrong,
        },
      ]
    if (before !== undefined && seal.number > before.number + 1) breaks++
  }
  const [first, end] = [seals[0], seals.at(-1)]
  if (whole && breaks > 0)
    return [
      { place: files.seals, what: 'no seal is missing', result: 'fails', reason: `it has gaps at ${breaks} places` },
    ]
  if (first === undefined || end === undefined || head === null)
    return [{ place: files.seals, what: 'no line of the journal is under a seal yet', result: 'note' }]
  const isHead = end.number === head.number && hex(end.hash) === head.hash
  const found: Found[] = [
    {
      place: files.seals,
      what: `${seals.length} seals from ${first.number} to ${end.number}, whose hash is the head of the chain: ${hex(end.hash)}`,
      ...(isHead
        ? { result: 'holds' }
        : { result: 'fails', reason: `the head is said to be seal ${head.number}, ${head.hash}` }),
    },
  ]
  if (breaks > 0)
    found.push({
      place: files.seals,
      what: 'seals between are left out, as they are too many; who keeps the journal shows that they hang together (corridor journal verify --head)',
      result: 'note',
    })
  return found
}

function wrongWith(seal: JournalSeal, before: JournalSeal | undefined): string | undefined {
  if (!sealHash(seal).equals(seal.hash)) return 'its hash does not fit its content'
  if (before === undefined) return undefined
  if (seal.number <= before.number) return 'the seals are not in order'
  if (seal.number > before.number + 1) return undefined
  if (seal.firstTx !== before.endTx) return 'it does not begin where the one before it ends'
  return hex(seal.previous) === hex(before.hash) ? undefined : 'it does not have the hash of the one before it'
}

/** A row of `journal/proofs.tsv`. */
interface Proof {
  id: number
  under: { seal: number; index: number; path: Buffer[] } | undefined
}

function checkLines(leaves: readonly string[], proofs: readonly Proof[], seals: readonly JournalSeal[]): Found[] {
  const numbered = new Map(seals.map((seal) => [seal.number, seal]))
  const wrong: Found[] = []
  let [proven, unsealed] = [0, 0]
  for (const [n, { id, under }] of proofs.entries()) {
    const leaf = leaves[n]!
    const fail = (reason: string): void =>
      void wrong.push({
        place: `${files.lines}, line ${n + 1} (${id})`,
        what: 'it is under its seal',
        result: 'fails',
        reason,
      })
    if (!leaf.startsWith(`[${id}, `)) fail('it has another number')
    else if (under === undefined) unsealed++
    else {
      const { seal: number, index, path } = under
      const seal = numbered.get(number)
      if (seal === undefined) fail(`seal ${number} is not here`)
      else if (!verifyInclusion({ leaf, index, path, seal })) fail('its hash does not lead to the root of its seal')
      else proven++
    }
  }
  if (wrong.length > 0) return wrong
  const found: Found[] = [
    { place: files.lines, what: `${proven} lines of the journal, each under its seal`, result: 'holds' },
  ]
  if (unsealed > 0)
    found.push({ place: files.lines, what: `${unsealed} lines had no seal when this was taken`, result: 'note' })
  return found
}

/** The rows of a table with just these columns, or why it is none. */
function rowsOf<Row>(
  bytes: Uint8Array | undefined,
  columns: readonly string[],
  read: (fields: readonly string[]) => Row | undefined,
): Row[] | string {
  if (bytes === undefined) return 'there is no such file'
  const [head, ...lines] = Buffer.from(bytes).toString('utf8').split('\n')
  if (head !== columns.join('\t') || lines.pop() !== '') return 'it does not have its columns'
  const rows: Row[] = []
  for (const line of lines) {
    const fields = line.split('\t')
    const row = fields.length === columns.length ? read(fields) : undefined
    if (row === undefined) return `line ${rows.length + 2} is not as it should be`
    rows.push(row)
  }
  return rows
}

function sealOf(fields: readonly string[]): JournalSeal | undefined {
  const [number, firstTx, endTx, entries, sealedAtUs] = fields.slice(0, 5).map(numberOf)
  const [root, previous, hash] = fields.slice(5).map(hashOf)
  if (number === undefined || firstTx === undefined || endTx === undefined || entries === undefined) return undefined
  if (sealedAtUs === undefined || root === undefined || previous === undefined || hash === undefined) return undefined
  return { number, firstTx, endTx, entries, sealedAtUs, root, previous, hash }
}

function proofOf([id = '', seal = '', index = '', path = '']: readonly string[]): Proof | undefined {
  const line = numberOf(id)
  if (line === undefined) return undefined
  if (seal === '-' && index === '-' && path === '-') return { id: line, under: undefined }
  const [number, place] = [numberOf(seal), numberOf(index)]
  const hashes = path === '-' ? [] : path.split(' ').map(hashOf)
  const known = hashes.filter((hash) => hash !== undefined)
  if (number === undefined || place === undefined || known.length < hashes.length) return undefined
  return { id: line, under: { seal: number, index: place, path: known } }
}

const numberOf = (digits: string): number | undefined =>
  /^(?:0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : undefined
const hashOf = (digits: string): Buffer | undefined =>
  /^[0-9a-f]{64}$/.test(digits) ? Buffer.from(digits, 'hex') : undefined
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
