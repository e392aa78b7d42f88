/** What comes and goes under shares: read where it lies, and gone with the end of the share. */
import { textAt } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import type { InboxMessage } from '@corridor/exchange'
import { declared } from '@corridor/registry'
import type { CaseworkPorts } from '../ports.ts'
import { endDraft } from './begin.ts'
import { noteDeclaration } from './notes.ts'
import { takeVersion } from './receive.ts'
import { asksForShare, keepBackAgain } from './send.ts'
import type { DeclarationPorts, SharedVersion } from './settings.ts'

/** Something under a share. */
interface SharedItem {
  /** Whose data they are. */
  readonly owner: string
  readonly item: string
}

/** A version of an export of the other side came under a share: it is read there, in the name of this administration, and answered. */
export async function takeShared(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  message: InboxMessage,
  { owner, item, revision }: SharedItem & Pick<SharedVersion, 'revision'>,
): Promise<void> {
  const readAs = (who: string) => own.shares!.read(tx, { owner, item }, who)
  const shown = await readAs(ports.directory.party)
  // Over before it was looked at: there is nothing to take.
  if (shown.kind === 'hidden') return
  const { block } = shown
  const digest = Buffer.from(shown.digest, 'hex')
  const head = { ...revision, ucr: textAt(block, 'Declaration/GoodsShipment/UCR/ID') ?? '' }
  const edition = textAt(block, 'AgencyAssignedCustomizationVersionCode') ?? null
  // It is known by what the share calls it: whoever reads it later asks for that.
  const known = { ...message, messageId: item }
  await takeVersion(ports, own, tx, known, head, { block, digest, edition, bytes: null, readAs })
}

/**
 * Something under a share is over: of what came, the draft that nobody lodged goes, and what others of this country have of it here; of what
 * was to go, the versions that the other side never answered wait for another share.
 * @param isKept the share goes on, this was to be kept no longer
 */
export async function forgetShared(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  { owner, reader }: { owner: string; reader: string },
  items: readonly string[],
  isKept: boolean,
): Promise<void> {
  const party = owner === ports.directory.party ? reader : owner
  for (const { id, side, version } of await declared.versionsByMessage(tx, party, items))
    if (side === 'export' && !isKept) await waitAgain(ports, own, tx, id, version)
    else if (side === 'partner-export') await forgetVersion(ports, own, tx, id, version)
}

async function waitAgain(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  id: string,
  version: number,
): Promise<void> {
  const known = (await declared.lockDeclaration(tx, id))!
  const last = await declared.versionOf(tx, id, version)
  if (known.version !== version || (last?.answer != null && !asksForShare(last.answer))) return
  await keepBackAgain(ports, own, tx, known, '')
}

/** The reader did not take a version: it waits for another contract. */
export async function keepBackRefused(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  { reader, item, under }: { reader: string; item: string; under: string },
): Promise<void> {
  for (const { id, side, version } of await declared.versionsByMessage(tx, reader, [item])) {
    const known = (await declared.lockDeclaration(tx, id))!
    if (side === 'export' && known.version === version) await keepBackAgain(ports, own, tx, known, under)
  }
}

async function forgetVersion(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  id: string,
  version: number,
): Promise<void> {
  const known = (await declared.lockDeclaration(tx, id))!
  await declared.forgetDraft(tx, id, version)
  const parts = await declared.takeParts(tx, id, version)
  await ports.exchange.passing.withdraw(tx, parts, 'the share is over under which the data came')
  await ports.exchange.passing.forget(tx, 'outbox', parts)
  const { ucr, party, number } = known
  const step = known.version === version ? own.law.step('partner-export', known.state, 'share-over') : undefined
  if (step !== undefined) await declared.updateDeclaration(tx, { ...known, state: step.to }, ports.clock())
  if (step?.to === 'ended') await endDraft(ports, tx, known, 'share-over')
  await noteDeclaration(ports, tx, {
    code: 'declaration-share-over',
    ucr,
    actor: party,
    note: number ?? '',
    facts: { declaration: id, number, version, party },
  })
}
