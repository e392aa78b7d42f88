/** What other agencies of the country get: each its part, once for each version, in its mailbox. */
import type { Block } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import { declared } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { deliver, noteDeclaration } from './notes.ts'
import { partOf } from './parts.ts'
import type { DeclarationPorts } from './settings.ts'

/** What happened to which declaration. */
interface Told {
  readonly id: string
  readonly number: string | null
  readonly version: number
  readonly ucr: string
  readonly block: Block
  /** The block that counted before; undefined of the first one. */
  readonly before: Block | undefined
  readonly event: string
  /** Reads the data anew in the name of whoever gets them, where they lie under a share: its owner hears of each reader. */
  readonly readAs?: (who: string) => Promise<unknown>
}

/**
 * Delivers the parts of a version. An agency whose goods are in the declaration no more is told so: what it has of it counts no longer. The
 * journal says who got which elements of it.
 */
export async function deliverParts(
  ports: CaseworkPorts,
  tx: Tx,
  own: DeclarationPorts,
  { id, number, version, ucr, block, before, event, readAs }: Told,
): Promise<void> {
  for (const subscription of own.agencies) {
    const part = partOf(block, subscription, own.blocks)
    if (part === undefined && (before === undefined || partOf(before, subscription, own.blocks) === undefined)) continue
    const { participant, commodities, elements } = subscription
    const of = { declaration: id, ucr, number }
    const content =
      part === undefined
        ? { ...of, event: 'part-withdrawn', part: null }
        : { ...of, event, part: { UtilityBlock: part } }
    if (part !== undefined) await readAs?.(participant)
    const messageId = await deliver(ports, tx, participant, { type: 'DeclarationPart', ucr, content })
    if (part !== undefined && readAs !== undefined) await declared.addPart(tx, { messageId, id, version })
    await noteDeclaration(ports, tx, {
      code: part === undefined ? 'part-withdrawn' : 'part-delivered',
      ucr,
      actor: ports.directory.party,
      note: participant,
      facts: { declaration: id, to: participant, goods: commodities.join(' '), elements: elements.join(' ') },
    })
  }
}
