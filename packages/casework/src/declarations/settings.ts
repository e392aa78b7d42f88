/** What an administration agreed on with others about declaration data, and what it needs to deal with them. */
import type { Imports, MirrorFacts, UtilityBlocks } from '@corridor/declarations'
import type { DeclarationLaw } from '@corridor/procedures'

/** What two administrations agreed on. */
export interface DeclarationAgreement {
  /** Edition in which blocks go to the partner. */
  readonly edition: string
  /** What the side of import tells that of export: nothing, that the import was lodged, or the import's block too. */
  readonly tells: 'nothing' | 'state' | 'import'
}

/** The part of declaration data that another agency of the country gets. */
export interface AgencySubscription {
  /** Whose mailbox it goes to. */
  readonly participant: string
  /** Beginnings of commodity codes; none: all goods. */
  readonly commodities: readonly string[]
  /** Elements of the block, each with all below it. */
  readonly elements: readonly string[]
}

/** Everything that casework needs for declaration data. */
export interface DeclarationPorts {
  readonly blocks: UtilityBlocks
  readonly imports: Imports
  readonly law: DeclarationLaw
  /** With whom, by party. */
  readonly agreements: ReadonlyMap<string, DeclarationAgreement>
  readonly agencies: readonly AgencySubscription[]
  /** The operators who have an account here, by their identification numbers. */
  readonly traders: ReadonlySet<string>
  /** Name of the administration, for drafts. */
  readonly agency?: string
  /** How mirror data are compared; the day is that of the report. */
  readonly mirror: Omit<MirrorFacts, 'day'>
  /** Whether a national system takes results. */
  readonly hasNationalSystem: boolean
}

/** What a comparison takes as the same where nobody said otherwise. */
export const usualTolerance: MirrorFacts['tolerance'] = { massPercent: '1', valuePercent: '1', travelDays: 30 }
