/** Mirror data: what one side declared at export held against what the other declared at import. Derived from the register each time. */
import { type Block, mirror, type MirrorReport, together } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import { type Account, declared } from '@corridor/registry'
import { localDay } from '../facts.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { Named } from '../view.ts'
import { keptBlock } from './kept.ts'
import { goodsOf } from './parts.ts'
import type { DeclarationPorts } from './settings.ts'

/** Which declarations are compared. */
export interface MirrorQuery {
  /** The other administration. */
  party: string
  /** `out`: exports of ours with imports there; `in`: exports of theirs with imports here. */
  direction: 'out' | 'in'
  /** First and last day of the first declaration of a consignment, yyyy-mm-dd. */
  from: string
  to: string
  /** Two figures of the Harmonized System: the goods of this chapter only. */
  chapter?: string | undefined
}

/** The report with what was asked. */
export interface MirrorView extends MirrorReport {
  party: Named
  direction: 'out' | 'in'
  from: string
  to: string
  day: string
  /** Days after which an export without an import is missed. */
  tolerance: DeclarationPorts['mirror']['tolerance']
}

/** The administrations that something is agreed with. */
export const declarationPartners = ({ directory }: CaseworkPorts, { agreements }: DeclarationPorts): Named[] =>
  [...agreements.keys()].map((id) => ({ id, name: directory.nameOf(id) }))

/** Most consignments of one report: whoever asks for more, and waits, gets no answer that anybody reads. */
export const mostConsignments = 5_000
/** So many are read and compared at once. Between them the node does what else it has to do. */
const atOnce = 50

/**
 * Compares both sides of a period; undefined when nothing is agreed with the party, `too-many` when the period has more than
 * {@link mostConsignments} consignments.
 * @param isGone whether whoever asked waits no more: the rest is not read, and there is no report
 */
export async function mirrorReport(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  account: Pick<Account, 'id'>,
  { party, direction, from, to, chapter }: MirrorQuery,
  isGone: () => boolean = () => false,
): Promise<MirrorView | 'too-many' | undefined> {
  if (!own.agreements.has(party)) return undefined
  const [exportSide, importSide] = direction === 'out' ? ['export', 'partner-import'] : ['partner-export', 'import']
  const sides = [exportSide, importSide] as declared.DeclaredBlock['side'][]
  const found = await declared.declaredInPeriod(ports.db, party, sides, { from, to, most: mostConsignments })
  if (found === undefined) return 'too-many'
  const day = localDay(ports)
  const consignments = [...Map.groupBy(found, ({ ucr }) => ucr)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const reports: MirrorReport[] = []
  for (let at = 0; at < consignments.length; at += atOnce) {
    if (isGone()) return undefined
    const some = await ports.db.transaction((tx) =>
      readable(
        own,
        tx,
        account,
        party,
        consignments.slice(at, at + atOnce).flatMap(([, each]) => each.map(({ id }) => id)),
      ),
    )
    const blocksOf = (side: string | undefined) =>
      some
        .filter((each) => each.side === side)
        .map(({ block }) => goodsOf(block, chapter))
        .filter((block) => block !== undefined)
    reports.push(mirror(blocksOf(exportSide), blocksOf(importSide), { ...own.mirror, day }))
  }
  const { directory } = ports
  const named = (id: string): Named => ({ id, name: directory.nameOf(id) })
  return {
    ...together(reports, own.mirror.currency),
    party: named(party),
    direction,
    from,
    to,
    day,
    tolerance: own.mirror.tolerance,
  }
}

/** What may be read of them. What lies under a share is read there, each a reading of its own; what is over is in no report. */
async function readable(
  own: DeclarationPorts,
  tx: Tx,
  { id: who }: Pick<Account, 'id'>,
  owner: string,
  ids: readonly string[],
): Promise<{ side: declared.DeclaredBlock['side']; block: Block }[]> {
  const blocks: { side: declared.DeclaredBlock['side']; block: Block }[] = []
  for (const { side, block, messageId } of await declared.blocksOf(tx, ids))
    if (block !== null) blocks.push({ side, block: keptBlock(block) })
    else {
      const shown = await own.shares?.read(tx, { owner, item: messageId ?? '' }, who)
      if (shown?.kind === 'shown') blocks.push({ side, block: shown.block })
    }
  return blocks
}

/** The report as a table (RFC 4180): one line for each consignment, and one for each difference. */
export function mirrorCsv({ pairs, currency }: Pick<MirrorReport, 'pairs' | 'currency'>): string {
  const head = [
    'ucr',
    'state',
    'exports',
    'imports',
    'what',
    'subheading',
    'exported',
    'imported',
    'difference',
    'percent',
  ]
  const lines = pairs.flatMap(({ ucr, state, exports, imports, exported, imported, differences }) => {
    const begin = [ucr, state, exports.join(' '), imports.join(' ')]
    return [
      [...begin, 'net mass (kg)', '', exported.netMass, imported.netMass, '', ''],
      [...begin, `value (${currency})`, '', exported.value, imported.value, '', ''],
      ...differences.map((each) => [
        ...begin,
        `differs: ${each.kind}`,
        each.subheading ?? '',
        each.exported,
        each.imported,
        each.difference,
        each.percent ?? '',
      ]),
    ]
  })
  return [head, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

/** A cell that a program for tables takes as text, whatever a trader wrote: none begins like a formula. */
function cell(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
