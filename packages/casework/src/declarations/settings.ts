/** What an administration agreed on with others about declaration data, and what it needs to deal with them. */
import type { Block, Imports, MirrorFacts, UtilityBlocks } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import type { DeclarationLaw } from '@corridor/procedures'

/** What two administrations agreed on. */
export interface DeclarationAgreement {
  /** Edition in which blocks go to the partner. */
  readonly edition: string
  /** What the side of import tells that of export: nothing, that the import was lodged, or the import's block too. */
  readonly tells: 'nothing' | 'state' | 'import'
  /** Purpose of the share under which alone exports go; absent where they go by themselves. */
  readonly purpose?: string
}

/** A version of an export, as it goes under a share. */
export interface SharedVersion {
  /** Party id. */
  readonly reader: string
  readonly purpose: string
  readonly block: Block
  readonly subject: string
  readonly revision: { declaration: string; version: number; event: 'released' | 'withdrawn' }
  /** Elements without which the reader can do nothing with it. */
  readonly needs: readonly string[]
}

/** Why data do not go, or are not shown: a code of the room `shares`, its words, and what it is about. */
export interface ShareHindrance {
  readonly code: string
  readonly text: string
  readonly about: readonly string[]
}

/** Shares, as declaration data need them; each in the transaction of whatever it belongs to. */
export interface DeclarationShares {
  /** It goes as the message with this id; or why not, and under which contract it cannot ('': none is in force). */
  upload(
    tx: Tx,
    given: SharedVersion,
    who: string,
  ): Promise<{ kind: 'uploaded'; messageId: string } | { kind: 'kept-back'; why: ShareHindrance; under: string }>
  /** The contract that is in force for a purpose; '' where none is. */
  under(tx: Tx, given: { reader: string; purpose: string }): Promise<string>
  /** Why nothing may go for a purpose now; undefined when it may. */
  whyNot(tx: Tx, given: { reader: string; purpose: string }): Promise<ShareHindrance | undefined>
  /** What was shared, which is a reading that its owner hears of: give it out after the commit only. */
  read(
    tx: Tx,
    given: { owner: string; item: string },
    who: string,
  ): Promise<{ kind: 'shown'; block: Block; digest: string } | { kind: 'hidden'; why: ShareHindrance }>
  /** Under which contract something was shared. */
  contractOf(tx: Tx, given: { owner: string; item: string }): Promise<{ owner: string; id: string } | undefined>
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
  /** Undefined where nothing goes under shares. */
  readonly shares?: DeclarationShares
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
