/** What officers, traders, programs and national systems ask about declaration data. */
import type { Block } from '@corridor/declarations'
import type { Account, IdempotentRequest } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import type { Named } from '../view.ts'
import { claimDraft, type DraftOutcome, lodgeImport, type LodgeRequest } from './drafts.ts'
import { declarationPartners, mirrorReport, type MirrorQuery, type MirrorView } from './mirror.ts'
import type { DeclarationPorts } from './settings.ts'
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
  mirror(query: MirrorQuery): Promise<MirrorView | 'too-many' | undefined>
}

/** Declaration data over the ports. */
export function declarationCasework(ports: CaseworkPorts, own: DeclarationPorts): DeclarationCasework {
  return {
    take: (source, block) => takeDeclaration(ports, own, source, block),
    takeBytes: (source, bytes) => takeDeclarationBytes(ports, own, source, bytes),
    list: (account, query) => declarationPage(ports, account, query),
    view: (account, id) => declarationView(ports, own, ports.db, account, id),
    claim: (account, request) => claimDraft(ports, own, account, request),
    lodge: (account, id, request) => lodgeImport(ports, own, account, id, request),
    partners: () => declarationPartners(ports, own),
    mirror: (query) => mirrorReport(ports, own, query),
  }
}
