import { addDays } from '@corridor/customs'
import { type CorridorNode, localDay, type NodeSettings, participantOf } from '@corridor/node'
import type { Played } from './lines.ts'
import { momentsBefore } from './moments.ts'

/** What the values of a step follow from. */
export interface ValuesFrom {
  node: CorridorNode
  settings: NodeSettings
  account: string
  step: string
  played: Played
  now: Date
  /** The story's guarantee, and the settings of the node that keeps it. */
  grn: string
  keeper: NodeSettings | undefined
  /** What steps kept of an answer for later ones. */
  kept: Record<string, string>
  /** Party of the partner, for what a stand-in sends to it. */
  partner: string | undefined
}

/** The values of {{name}} at a step; days and times are those of its node's clock. `code_GRN` is the access code of a guarantee. */
export function valuesAt(from: ValuesFrom): Record<string, string> {
  const { node, settings, account, step, played, now, grn, keeper, kept, partner } = from
  const today = localDay({ clock: () => now, timeZone: node.timeZone })
  const own = node.accounts.find(({ id }) => id === account)
  const codes = Object.entries({ ...settings.accessCodes, ...keeper?.accessCodes })
  return {
    ...kept,
    ...momentsBefore(now, node.timeZone),
    ...Object.fromEntries(codes.map(([each, code]) => [`code_${each}`, code])),
    sender: partner === undefined ? ((own && participantOf(own)) ?? '') : node.party,
    recipient: partner ?? node.party,
    now: now.toISOString().slice(0, 19),
    today,
    tomorrow: addDays(today, 1),
    messageIdentification: `${played.lrn}-${step}`.slice(0, 35),
    lrn: played.lrn,
    mrn: played.mrn,
    grn,
    accessCode: keeper?.accessCodes[grn] ?? settings.accessCodes[grn] ?? '',
  }
}
