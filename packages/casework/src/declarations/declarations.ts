/** What officers, traders, programs and national systems ask about declaration data. */
import type { Block } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import type { InboxMessage } from '@corridor/exchange'
import type { Account, IdempotentRequest } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import type { Named } from '../view.ts'
import { claimDraft, type DraftOutcome, lodgeImport, type LodgeRequest } from './drafts.ts'
import { declarationPartners, mirrorReport, type MirrorQuery, type MirrorView } from './mirror.ts'
import { sendKeptBack } from './send.ts'
import type { DeclarationPorts, SharedVersion } from './settings.ts'
import { forgetShared, keepBackRefused, takeShared } from './shared.ts'
import { type DeclarationOutcome, type DeclarationSource, takeDeclaration, takeDeclarationBytes } from './take.ts'
import {
  declarationPage,
  type DeclarationPage,
  declarationView,
  type DeclarationsQuery,
  type DeclarationView,
} from './view.ts'

/** Declaration data of a node that agreed on them with others. */
export interface DeclarationCasework {
  /** See `takeDeclaration`. */
  take(source: DeclarationSource, block: Block): Promise<DeclarationOutcome>
  /** See `takeDeclarationBytes`. */
  takeBytes(source: DeclarationSource, bytes: Uint8Array): Promise<DeclarationOutcome>
  /** See `declarationPage`. */
  list(account: Account, query: DeclarationsQuery): Promise<DeclarationPage | undefined>
  /** See `declarationView`. */
  view(account: Account, id: string): Promise<DeclarationView | undefined>
  /** See `claimDraft`. */
  claim(account: Account, request: { ucr: string; idempotency: IdempotentRequest }): Promise<DraftOutcome>
  /** See `lodgeImport`. */
  lodge(account: Account, id: string, request: LodgeRequest): Promise<DraftOutcome>
  /** See `declarationPartners`. */
  partners(): Named[]
  /** See `mirrorReport`. */
  mirror(
    account: Pick<Account, 'id'>,
    query: MirrorQuery,
    isGone?: () => boolean,
  ): Promise<MirrorView | 'too-many' | undefined>
  /** See `takeShared`; in the transaction in which it came. */
  takeShared(
    tx: Tx,
    message: InboxMessage,
    taken: { owner: string; item: string } & Pick<SharedVersion, 'revision'>,
  ): Promise<void>
  /** See `forgetShared`; in the transaction that ends it. */
  forgetShared(
    tx: Tx,
    contract: { owner: string; reader: string },
    items: readonly string[],
    isKept: boolean,
  ): Promise<void>
  /** See `keepBackRefused`. */
  keepBackRefused(tx: Tx, refused: { reader: string; item: string; under: string }): Promise<void>
  /** See `sendKeptBack`; every few seconds. */
  sendKeptBack(): Promise<boolean>
}

/** Declaration data over the ports. */
export function declarationCasework(ports: CaseworkPorts, own: DeclarationPorts): DeclarationCasework {
  return {
    take: (source, block) => takeDeclaration(ports, own, source, block),
    takeBytes: (source, bytes) => takeDeclarationBytes(ports, own, source, bytes),
    list: (account, query) => declarationPage(ports, account, query),
    // A reading of what lies under a share is shown when it is noted, not before.
    view: (account, id) => ports.db.transaction((tx) => declarationView(ports, own, tx, account, id)),
    claim: (account, request) => claimDraft(ports, own, account, request),
    lodge: (account, id, request) => lodgeImport(ports, own, account, id, request),
    partners: () => declarationPartners(ports, own),
    mirror: (account, query, isGone) => mirrorReport(ports, own, account, query, isGone),
    takeShared: (tx, message, taken) => takeShared(ports, own, tx, message, taken),
    forgetShared: (tx, contract, items, isKept) => forgetShared(ports, own, tx, contract, items, isKept),
    keepBackRefused: (tx, refused) => keepBackRefused(ports, own, tx, refused),
    sendKeptBack: () => sendKeptBack(ports, own),
  }
}
