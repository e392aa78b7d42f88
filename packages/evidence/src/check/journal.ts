import { type JournalSeal, sealHash, verifyInclusion } from '@corridor/exchange'
import type { Found } from '../container/asic.ts'
import { files, type JournalFacts, sealColumns } from '../facts.ts'

/** Follows each line to its seal, and the seals to the head of the chain. */
export function checkJournal(contents: ReadonlyMap<string, Uint8Array>, facts: JournalFacts): Found[] {
  const seals = readSeals(contents.get(files.seals))
  const leaves = Buffer.from(contents.get(files.lines) ?? '')
    .toString('utf8')
    .split('\n')
  const last = leaves.pop()
  if (typeof seals === 'string')
    return [{ place: files.seals, what: 'it is the list of seals', result: 'fails', reason: seals }]
  if (last !== '' || leaves.length !== facts.lines.length)
    return [
      {
        place: files.lines,
        what: `it has ${facts.lines.length} lines`,
        result: 'fails',
        reason: `it has ${leaves.length}`,
      },
    ]
  const found = [...checkChain(seals, facts), ...checkLines(leaves, seals, facts)]
  if (facts.withheld > 0)
    found.push({
      place: files.lines,
      what: `${facts.withheld} lines are not given: they have the digest of a document with an access code`,
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

function checkLines(leaves: readonly string[], seals: readonly JournalSeal[], { lines }: JournalFacts): Found[] {
  const numbered = new Map(seals.map((seal) => [seal.number, seal]))
  const wrong: Found[] = []
  let [proven, unsealed] = [0, 0]
  for (const [n, { id, seal: number, index, path }] of lines.entries()) {
    const leaf = leaves[n]!
    const fail = (reason: string): void =>
      void wrong.push({
        place: `${files.lines}, line ${n + 1} (${id})`,
        what: 'it is under its seal',
        result: 'fails',
        reason,
      })
    if (!leaf.startsWith(`[${id}, `)) fail('it has another number')
    else if (number === null || index === null) unsealed++
    else {
      const seal = numbered.get(number)
      const proof = path.map((hash) => Buffer.from(hash, 'hex'))
      if (seal === undefined) fail(`seal ${number} is not here`)
      else if (!verifyInclusion({ leaf, index, path: proof, seal }))
        fail('its hash does not lead to the root of its seal')
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

function readSeals(bytes: Uint8Array | undefined): JournalSeal[] | string {
  if (bytes === undefined) return 'there is no such file'
  const [head, ...rows] = Buffer.from(bytes).toString('utf8').split('\n')
  if (head !== sealColumns.join('\t') || rows.pop() !== '') return 'it does not have its columns'
  const seals: JournalSeal[] = []
  for (const row of rows) {
    const fields =
      /^(\d{1,15})\t(\d{1,15})\t(\d{1,15})\t(\d{1,15})\t(\d{1,16})\t([0-9a-f]{64})\t([0-9a-f]{64})\t([0-9a-f]{64})$/.exec(
        row,
      )
    if (fields === null) return `line ${seals.length + 2} is not that of a seal`
    const [number = 0, firstTx = 0, endTx = 0, entries = 0, sealedAtUs = 0] = fields.slice(1, 6).map(Number)
    const [root = '', previous = '', hash = ''] = fields.slice(6)
    seals.push({
      number,
      firstTx,
      endTx,
      entries,
      sealedAtUs,
      root: bytesOf(root),
      previous: bytesOf(previous),
      hash: bytesOf(hash),
    })
  }
  return seals
}

const bytesOf = (digits: string): Buffer => Buffer.from(digits, 'hex')
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
