/** What partners send about declarations. Whatever it is, nothing of it parks a worker: what is wrong is answered. */
import { createHash } from 'node:crypto'
import { type Block, textAt } from '@corridor/declarations'
import type { Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import { declared } from '@corridor/registry'
import { localDay } from '../facts.ts'
import type { CaseworkPorts } from '../ports.ts'
import { deliverParts } from './agencies.ts'
import {
  type BlockHead,
  type DeclarationDocument,
  declarationDocuments,
  readBlock,
  readBlockAnswer,
  readStatus,
  writeDeclaration,
} from './documents.ts'
import { beginDraft, endDraft } from './begin.ts'
import { findingsOf, refusalOf } from './findings.ts'
import { importKey } from './imports.ts'
import { declarationConversation, noteDeclaration, sendDeclaration, wordsOfFindings } from './notes.ts'
import { blockOfVersion } from './reading.ts'
import { asksForShare, waitForShare } from './send.ts'
import type { DeclarationPorts } from './settings.ts'

/** Whether a message of a partner is about declaration data, and this node deals with them. */
export function isAboutDeclarations({ declarations }: CaseworkPorts, { link, documentType }: InboxMessage): boolean {
  const isKind = (declarationDocuments as readonly string[]).includes(documentType)
  return declarations !== undefined && link === 'partner' && isKind
}

type Take = (ports: CaseworkPorts, own: DeclarationPorts, tx: Tx, message: InboxMessage) => Promise<void>

const takes: Readonly<Record<DeclarationDocument, Take>> = {
  UtilityBlock: takeBlock,
  UtilityBlockAnswer: takeAnswer,
  DeclarationStatus: takeStatus,
}

/** Handles one message about declaration data. */
export async function handleDeclarations(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<Handled> {
  await takes[message.documentType as DeclarationDocument](ports, ports.declarations!, tx, message)
  return { done: true }
}

/** A version of an export of the other side. */
async function takeBlock(ports: CaseworkPorts, own: DeclarationPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const came = readBlock(message.payload)
  if (came === undefined) return noteUnreadable(ports, tx, message)
  const { head } = came
  if (own.agreements.get(message.sender)?.purpose !== undefined)
    return answer(ports, tx, message, head, { refused: [refusalOf(own, 'D12')] })
  const { edition, block, findings } = own.blocks.read(came.block)
  const wrong = findingsOf(findings)
  if (wrong.length > 0 || block === undefined) return answer(ports, tx, message, head, { refused: wrong })
  const digest = createHash('sha256').update(came.block).digest()
  // XML is taken too; what is kept is JSON. JSON stays as it came: a newer edition has elements that this reader does not know.
  const bytes = came.block[0] === 0x7b ? came.block : own.blocks.write(block)
  await takeVersion(ports, own, tx, message, head, { block, bytes, digest, edition: edition ?? null })
}

/** A version as it is here: its bytes, or what the share calls it in which it lies. */
export interface VersionHere {
  readonly block: Block
  readonly digest: Uint8Array
  readonly edition: string | null
  /** Null where it lies under a share. */
  readonly bytes: Uint8Array | null
  /** Reads it once more in the name of somebody, where it lies under a share. */
  readonly readAs?: (who: string) => Promise<unknown>
}

/** Takes a version of an export of the other side, however it came, and answers. */
export async function takeVersion(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  message: InboxMessage,
  head: BlockHead,
  here: VersionHere,
): Promise<void> {
  const { block, digest, bytes, edition, readAs } = here
  const refused = notForHere(ports, own, message, head, block)
  if (refused !== undefined) return answer(ports, tx, message, head, { refused: [refusalOf(own, refused, block)] })
  const known = await declared.findDeclaration(tx, 'partner-export', message.sender, head.declaration)
  if (known !== undefined && known.ucr !== head.ucr)
    return answer(ports, tx, message, head, { refused: [refusalOf(own, 'D05', block)] })
  const same = known && (await declared.versionOf(tx, known.id, head.version))
  if (known !== undefined && same !== undefined)
    return takeKnown(ports, own, tx, message, head, { ...here, known, same })
  const before = known && (await declared.versionOf(tx, known.id, known.version))
  const isLate = known !== undefined && head.version < known.version
  const step = isLate ? undefined : own.law.step('partner-export', known?.state, head.event)
  if (!isLate && step === undefined)
    return answer(ports, tx, message, head, { refused: [refusalOf(own, 'D02', block)] })
  const id = await keepBlock(ports, tx, message, head, { known, block, bytes, digest, to: step?.to })
  await answer(ports, tx, message, head, isLate ? 'held' : 'taken', {
    code: step?.event ?? 'declaration-late',
    facts: { declaration: id, edition, digest: Buffer.from(digest).toString('hex') },
  })
  if (isLate) return
  if (step?.to === 'draft') await beginDraft(ports, own, tx, id, block, bytes === null)
  else if (step?.to === 'withdrawn' && known !== undefined)
    await endDraft(ports, tx, { ...known, version: head.version }, 'export-withdrawn')
  const { block: earlier } = before ? await blockOfVersion(own, tx, message.sender, before, ports.directory.party) : {}
  const { declaration: number, version, ucr, event } = head
  const told = { id, number, version, ucr, block, before: earlier, event }
  await deliverParts(ports, tx, own, { ...told, ...(readAs !== undefined && { readAs }) })
}

/**
 * Takes a version that is here already. Of one under a share that is over nothing is here any more: it lies now where it came last, and what
 * went with it begins anew. One that comes again before the end of its share is known lies there too.
 */
async function takeKnown(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  message: InboxMessage,
  head: BlockHead,
  {
    block,
    digest,
    edition,
    bytes,
    readAs,
    known,
    same,
  }: VersionHere & { known: declared.Declaration; same: declared.DeclarationVersion },
): Promise<void> {
  const { sender, messageId } = message
  const { declaration: number, version, ucr, event } = head
  const isShared = same.block === null && same.event === event
  const isOver = isShared && (await blockOfVersion(own, tx, sender, same, ports.directory.party)).block === undefined
  const isSame = same.event === event && Buffer.from(digest).equals(same.digest)
  if (!isSame && !isOver) return answer(ports, tx, message, head, { refused: [refusalOf(own, 'D06', block)] })
  const { id } = known
  if (isShared) await declared.versionLies(tx, id, version, { block: bytes, digest, messageId })
  if (!isOver || version !== known.version) return answer(ports, tx, message, head, 'held')
  const next = own.law.step('partner-export', known.state, event)
  const step = next?.to === 'draft' ? next : undefined
  if (step !== undefined) await declared.updateDeclaration(tx, { ...known, state: step.to }, ports.clock())
  await answer(ports, tx, message, head, 'taken', {
    code: step?.event ?? 'declaration-held',
    facts: { declaration: id, edition, digest: Buffer.from(digest).toString('hex') },
  })
  if (step !== undefined) await beginDraft(ports, own, tx, id, block, bytes === null)
  const told = { id, number, version, ucr, block, before: undefined, event }
  await deliverParts(ports, tx, own, { ...told, ...(readAs !== undefined && { readAs }) })
}

/** Why a block is not taken here; undefined when it is. */
function notForHere(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  { sender }: InboxMessage,
  head: BlockHead,
  block: Block,
): string | undefined {
  const { directory } = ports
  if (!own.agreements.has(sender)) return 'D03'
  if (directory.administration(textAt(block, 'ResponsibleCountryCode') ?? '') !== sender) return 'D03'
  if (textAt(block, 'Declaration/TypeCode')?.startsWith('EX') !== true) return 'D07'
  if (textAt(block, 'Declaration/GoodsShipment/Destination/CountryCode') !== directory.country) return 'D04'
  if (textAt(block, 'Declaration/ID') !== head.declaration) return 'D01'
  // No import can be begun from a block that withdraws.
  if ((textAt(block, 'Declaration/FunctionCode') === '1') !== (head.event === 'withdrawn')) return 'D10'
  return textAt(block, 'Declaration/GoodsShipment/UCR/ID') === head.ucr ? undefined : 'D05'
}

interface Came {
  readonly known: declared.Declaration | undefined
  readonly block: Block
  readonly bytes: Uint8Array | null
  readonly digest: Uint8Array
  /** Undefined of one that came late: a later version is here and counts. */
  readonly to: declared.Declaration['state'] | undefined
}

async function keepBlock(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  { declaration, ucr, version, event }: BlockHead,
  { known, block, bytes, digest, to }: Came,
): Promise<string> {
  const at = ports.clock()
  let id = known?.id
  if (id === undefined) {
    const day = textAt(block, 'Declaration/AcceptanceDateTime')?.slice(0, 10) ?? localDay(ports)
    const begun = { side: 'partner-export' as const, party: message.sender, key: declaration, number: declaration }
    id = await declared.insertDeclaration(tx, { ...begun, ucr, version, state: to ?? 'draft', trader: null, day }, at)
  } else if (known !== undefined && to !== undefined)
    await declared.updateDeclaration(tx, { ...known, version, state: to }, at)
  const kept = { version, event, block: bytes, digest, messageId: message.messageId, actor: message.sender, at }
  await declared.addVersion(tx, id, kept, null)
  return id
}

/** Answers a block, and says so in the journal. */
async function answer(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  { declaration, ucr, version }: BlockHead,
  said: 'taken' | 'held' | { refused: readonly declared.DeclarationFinding[] },
  { code, facts }: { code?: string; facts?: Record<string, string | null> } = {},
): Promise<void> {
  const findings = typeof said === 'string' ? [] : said.refused
  const outcome = typeof said === 'string' ? said : 'refused'
  await sendDeclaration(ports, tx, message.sender, {
    type: 'UtilityBlockAnswer',
    conversation: declarationConversation(ucr),
    payload: writeDeclaration({ declaration, version, outcome, findings }),
    answers: message,
  })
  await noteDeclaration(ports, tx, {
    code: code ?? (outcome === 'held' ? 'declaration-held' : 'declaration-not-taken'),
    ucr,
    actor: message.sender,
    messageId: message.messageId,
    note: findings.length > 0 ? wordsOfFindings(findings) : declaration,
    facts: { number: declaration, version, outcome, ...facts },
  })
}

/** The other side says what became of a version of ours. */
async function takeAnswer(ports: CaseworkPorts, own: DeclarationPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const said = readBlockAnswer(message.payload)
  const known = said && (await declared.findDeclaration(tx, 'export', message.sender, said.declaration))
  const version = known && said && (await declared.versionOf(tx, known.id, said.version))
  // What never left has no answer.
  if (said === undefined || known === undefined || version?.messageId == null) return noteUnreadable(ports, tx, message)
  const at = ports.clock()
  const { outcome, findings } = said
  const { messageId, answer: earlier } = version
  // Said again: the first answer counts, but for one that only asks for a share.
  if (earlier !== null && !asksForShare(earlier)) return
  const since = earlier !== null && asksForShare(said) ? earlier.at : at.toISOString()
  const kept = { outcome, findings: [...findings], at: since }
  await declared.keepAnswer(tx, known.id, said.version, kept)
  const isCurrent = said.version === known.version
  if (isCurrent && (await waitForShare(ports, own, tx, known, { messageId, answer: kept }))) return
  // It came before the end of its share was known there: it need not go again.
  if (isCurrent) await declared.keepBack(tx, known.id, null)
  const step = own.law.step('export', known.state, outcome === 'refused' ? 'refused' : 'taken')
  if (isCurrent && step !== undefined) await declared.updateDeclaration(tx, { ...known, state: step.to }, at)
  await noteDeclaration(ports, tx, {
    code: outcome === 'refused' ? 'declaration-refused' : 'declaration-taken',
    ucr: known.ucr,
    actor: message.sender,
    messageId: message.messageId,
    note: findings.length > 0 ? wordsOfFindings(findings) : said.declaration,
    facts: { declaration: known.id, number: known.number, version: said.version, outcome },
  })
  if (own.hasNationalSystem) {
    const id = `${known.id}-${said.version}-${outcome}`
    const note = { number: known.number, version: said.version, outcome, findings }
    await declared.addResult(
      tx,
      { id, declaration: known.number ?? '', kind: outcome === 'refused' ? 'refused' : 'receipt', content: { note } },
      at,
    )
  }
}

/** The side of import tells of its declaration. */
async function takeStatus(ports: CaseworkPorts, own: DeclarationPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const came = readStatus(message.payload)
  if (came === undefined || !own.agreements.has(message.sender)) return noteUnreadable(ports, tx, message)
  const { status } = came
  const exported =
    status.export === '' ? undefined : await declared.findDeclaration(tx, 'export', message.sender, status.export)
  if (exported !== undefined && exported.ucr !== status.ucr) return noteUnreadable(ports, tx, message)
  if (came.block.length > 0 && !(await keepImport(ports, own, tx, message, came)))
    return noteUnreadable(ports, tx, message)
  const step = exported && own.law.step('export', exported.state, status.event)
  if (exported !== undefined && step !== undefined)
    await declared.updateDeclaration(tx, { ...exported, state: step.to }, ports.clock())
  if (exported !== undefined) {
    const isThere = status.number === '' ? ('lodged' as const) : ('registered' as const)
    const state = status.event === 'import-withdrawn' ? 'withdrawn' : isThere
    await declared.noteAbroad(tx, exported.id, { state, day: status.day })
  }
  await noteDeclaration(ports, tx, {
    code: step?.event ?? 'import-told',
    ucr: status.ucr,
    actor: message.sender,
    messageId: message.messageId,
    note: [status.export, status.number].filter((each) => each !== '').join(' → '),
    facts: { export: status.export, import: status.number, version: status.version, event: status.event },
  })
}

/** Keeps an import of the other side; one that is older than what is here adds nothing. @returns false when it is none */
async function keepImport(
  ports: CaseworkPorts,
  own: DeclarationPorts,
  tx: Tx,
  message: InboxMessage,
  { status, block: bytes }: NonNullable<ReturnType<typeof readStatus>>,
): Promise<boolean> {
  const { block, findings } = own.blocks.read(bytes)
  if (block === undefined || findings.length > 0) return false
  const country = ports.directory.administration(textAt(block, 'ResponsibleCountryCode') ?? '')
  if (country !== message.sender || textAt(block, 'Declaration/GoodsShipment/UCR/ID') !== status.ucr) return false
  const key = importKey(status.ucr, status.reference)
  const known = await declared.findDeclaration(tx, 'partner-import', message.sender, key)
  const step = own.law.step('partner-import', known?.state, status.event)
  if (step === undefined || (known !== undefined && status.version <= known.version)) return true
  const [at, { version, ucr, day }] = [ports.clock(), status]
  const saved = { number: status.number === '' ? null : status.number, version, state: step.to, trader: null }
  let id = known?.id
  if (id === undefined) {
    const begun = { side: 'partner-import' as const, party: message.sender, key, ucr, day }
    id = await declared.insertDeclaration(tx, { ...begun, ...saved }, at)
  } else await declared.updateDeclaration(tx, { id, ...saved }, at)
  const digest = createHash('sha256').update(bytes).digest()
  const json = bytes[0] === 0x7b ? bytes : own.blocks.write(block)
  const kept = { version, event: status.event, block: json, digest, messageId: message.messageId }
  await declared.addVersion(tx, id, { ...kept, actor: message.sender, at }, null)
  return true
}

/** A message that is none of what was agreed, or belongs to nothing that was sent, is noted and not answered. */
function noteUnreadable(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<void> {
  const { conversation, sender: actor, messageId, documentType: note } = message
  const ucr = conversation.replace(/^declaration /, '')
  return noteDeclaration(ports, tx, { code: 'declaration-document-refused', ucr, actor, messageId, note })
}
