import { check, type Doc, type Finding, isMrn, type MessageTable, toXmlErrors } from '@corridor/customs'
import type { Tx } from '@corridor/database'
import type { Handled, InboxMessage } from '@corridor/exchange'
import {
  earlierIn,
  type Event,
  groups,
  present,
  reason,
  refusalOf,
  type Role,
  type Route,
  type Service,
  senderOfficeOf,
  systemIn,
  text,
  texts,
} from '@corridor/procedures'
import {
  findByLrn,
  findMovement,
  officeOfMovement,
  officeOfPaper,
  rolesOfMovement,
  type StoredMovement,
} from '@corridor/registry'
import { handleAccountDocument } from './account.ts'
import { asMovement, conversationOfRecord, decideAndApply } from './apply.ts'
import { localDay, plainFacts } from './facts.ts'
import { handleDeclarations, isAboutDeclarations } from './declarations/receive.ts'
import { handleFiles, isAboutFiles } from './files/handle.ts'
import { sendAll } from './outgoing.ts'
import type { CaseworkPorts } from './ports.ts'
import { crossing } from './reference/crossing.ts'
import { noteKeys } from './search-keys.ts'
import { serviceSender, takeService } from './services/handle.ts'
import { handleReference, isAboutReference } from './reference/receive.ts'
import { shortNote } from './short-note.ts'

/** Documents by which a partner or an outside system refuses one of ours: they are noted, and never answered, so that no two refuse each other for ever. */
const refusalsFromPartners = new Set(['CD906C', 'CD917C'])
const refusalsFromSystems = new Set(['CC906C', 'CC917C', 'CD906C', 'CD917C'])

/**
 * Handles one committed message in the exchange's transaction: reads it, checks it, finds the records it is for, decides, and makes the
 * effects. What is wrong with a document is answered by the procedure's own refusal; only a fault of ours throws.
 */
export async function handleMessage(ports: CaseworkPorts, tx: Tx, message: InboxMessage): Promise<Handled> {
  if (isAboutReference(message)) return handleReference(ports, tx, message)
  if (isAboutFiles(message)) return handleFiles(ports, tx, message)
  if (isAboutDeclarations(ports, message)) return handleDeclarations(ports, tx, message)
  const identified = ports.law.messages.identify(message.payload)
  const table = identified.type === undefined ? undefined : ports.law.messages.get(identified.type)
  const route = table === undefined ? undefined : ports.law.routes.get(table.type)
  const claimed = table?.type ?? message.documentType
  if (isRefusal(message, claimed)) return noteRefusal(ports, tx, claimed, message)
  const service = table === undefined ? undefined : ports.law.services.get(table.type)
  const isTaken = route !== undefined || service !== undefined
  if (table === undefined || !isTaken || table.type !== message.documentType) {
    return refuseXml(ports, tx, message, undefined, [unknownDocument(message, identified.root)])
  }
  const { document, findings } = table.read(message.payload)
  if (document !== undefined) noteKeys(message, document)
  if (document === undefined || findings.length > 0) return refuseXml(ports, tx, message, document, findings)
  if (route !== undefined) return handleDocument(ports, tx, message, table, route, document)
  return service === undefined ? { done: true } : handleService(ports, tx, message, table, service, document)
}

/** A document about no one movement: from the central services, or a partner's question about our system. */
async function handleService(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  table: MessageTable,
  service: Service,
  came: Doc,
): Promise<Handled> {
  const { law } = ports
  const { doc, findings } = checked(ports, message, table, came, undefined)
  findings.push(...serviceSender(ports, message, service, doc))
  const { type } = table
  const { messageId, conversation, sender, lastTry } = message
  const answered = { ...optionalIdentification(doc), messageId, conversation }
  if (findings.length === 0)
    return { done: true, conversation: await takeService(ports, tx, message, { type, doc }, answered) }
  const event = { kind: 'document' as const, type, doc, findings, sender, from: senderKind(message), lastTry }
  const refusal = refusalOf({ law, movement: { office: '' }, event, facts: plainFacts(ports) }, findings)
  await sendAll(ports, tx, conversation, refusal.send ?? [], answered)
  await noteRefused(ports, tx, message, conversation, refusal.detail ?? '')
  return { done: true, conversation }
}

function isRefusal(message: InboxMessage, type: string): boolean {
  if (message.link !== 'api') return refusalsFromPartners.has(type)
  return systemIn(message.sender) !== undefined && refusalsFromSystems.has(type)
}

/** Which kind of sender it is; its connection has proven it. */
function senderKind(message: InboxMessage): 'trader' | 'system' | 'administration' {
  if (message.link !== 'api') return 'administration'
  return systemIn(message.sender) === undefined ? 'trader' : 'system'
}

async function handleDocument(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  table: MessageTable,
  route: Route,
  came: Doc,
): Promise<Handled> {
  const { law } = ports
  const mrn = text(came, 'TransitOperation.MRN') ?? ''
  const records = await recordsFor(ports, tx, route, came)
  const [first = { role: route.targets[0]?.role ?? 'departure', office: '' }] = records
  const byLrn = route.key === 'lrn' || (route.key === 'either' && mrn === '')
  const known = byLrn
    ? await findByLrn(tx, message.sender, text(came, 'TransitOperation.LRN') ?? '')
    : await findMovement(tx, mrn, first.role, first.office)
  const { doc, findings } = checked(ports, message, table, came, known)
  findings.push(...senderFindings(ports, message, route, doc))
  // A trader's MRN is looked at by R0028; no published rule says it of documents between administrations.
  if (message.link !== 'api' && mrn !== '' && !isMrn(mrn)) findings.push(reason(law, '93', doc))
  if (records.length === 0) findings.push(reason(ports.law, 'N0010', doc, placeOf(route)))
  const event: Extract<Event, { kind: 'document' }> = {
    kind: 'document',
    type: table.type,
    doc,
    findings,
    sender: message.sender,
    from: senderKind(message),
    lastTry: message.lastTry,
  }
  const answered = { ...optionalIdentification(doc), messageId: message.messageId, conversation: message.conversation }
  if (records.length === 0 || findings.some((finding) => finding.kind === 'state')) {
    const office = first.office !== '' ? first.office : (text(doc, `${route.targets[0]?.office}.referenceNumber`) ?? '')
    const movement = asMovement(ports, undefined, first.role, office, mrn)
    const refusal = refusalOf({ law, movement, event, facts: plainFacts(ports) }, findings)
    await sendAll(ports, tx, conversationOf(message, mrn), refusal.send ?? [], answered)
    await noteRefused(ports, tx, message, conversationOf(message, mrn), refusal.detail ?? '')
    return { done: true, conversation: conversationOf(message, mrn) }
  }
  if (route.key === 'grn') return handleAccountDocument(ports, tx, first.office, event, message, answered)
  let conversation = conversationOf(message, mrn)
  await tx.query('savepoint intake')
  for (const { role, office } of records) {
    const isFirst = role === first.role && office === first.office
    const stored = byLrn || isFirst ? known : await findMovement(tx, mrn, role, office)
    const movement = asMovement(ports, stored, role, office, mrn)
    const applied = await decideAndApply(ports, tx, stored, movement, event, { actor: message.sender }, answered)
    if (applied.outcome === 'waits') {
      // What one of our offices did already comes again when the others can: a wait must leave nothing behind.
      await tx.query('rollback to savepoint intake')
      return { wait: { reason: applied.reason } }
    }
    const after = applied.outcome === 'applied' ? applied.movement : stored
    conversation = (after && conversationOfRecord(after)) ?? conversation
  }
  return { done: true, conversation }
}

/**
 * A document with our own codes, and what is wrong with it. A partner's has common codes until here; a trader's has ours, and each must
 * have a common one, so that what is decided on it can cross later.
 */
function checked(
  ports: CaseworkPorts,
  message: InboxMessage,
  table: MessageTable,
  came: Doc,
  known: StoredMovement | undefined,
): { doc: Doc; findings: Finding[] } {
  const date = dayOfLaw(ports, message, came, known)
  const previous = earlierIn(known)
  const context = {
    codeLists: ports.law.codeLists,
    rules: ports.rules,
    date,
    ...(previous && { facts: { previous } }),
  }
  if (message.link !== 'partner') {
    const findings = check(table, came, context)
    if (message.link === 'api') findings.push(...crossing(ports, table, came, 'forward', date).missing)
    return { doc: came, findings }
  }
  const { document: doc, missing, asItCame } = crossing(ports, table, came, 'back', date)
  return { doc, findings: [...missing, ...asItCame(check(table, doc, context))] }
}

/**
 * The day whose codes and rules count for a document: when the declaration was accepted, as the document or the record of the movement
 * says. What was right then stays right until the movement ends. Any other is judged as of the day on which it came, and not on which a worker got round to it.
 */
function dayOfLaw(
  { timeZone }: CaseworkPorts,
  message: InboxMessage,
  doc: Doc,
  known: StoredMovement | undefined,
): string {
  const path = 'TransitOperation.declarationAcceptanceDate'
  const accepted = text(doc, path) ?? known?.data.acceptanceDate ?? text(known?.data.record, path)
  return accepted ?? localDay({ clock: () => message.receivedAt, timeZone })
}

/** The records at our offices that a document is for: role and office. An office may be named in several groups. */
async function recordsFor(
  ports: CaseworkPorts,
  tx: Tx,
  route: Route,
  doc: Doc,
): Promise<{ role: Role; office: string }[]> {
  const grns = texts(doc, route.key === 'grn' ? 'GuaranteeReference.GRN' : 'Guarantee.GuaranteeReference.GRN')
  const countries = new Set(grns.map((grn) => grn.slice(2, 4)))
  const mrn = text(doc, 'TransitOperation.MRN') ?? ''
  const records: { role: Role; office: string; group: string }[] = []
  for (const { role, office: group } of route.targets) {
    const offices = group === 'MRN' ? [await holderOf(tx, mrn, role)] : officesFor(ports, role, group, doc, countries)
    for (const office of offices)
      if (!records.some((known) => known.role === role && known.office === office))
        records.push({ role, office, group })
  }
  return withoutOtherRoles(tx, mrn, records)
}

/**
 * A group that names an office and not in which of its roles (`CustomsOfficeOfRequest`) means the record that it has of the movement, or both
 * of two; where it has none the first is enough to say so.
 */
async function withoutOtherRoles(
  tx: Tx,
  mrn: string,
  records: { role: Role; office: string; group: string }[],
): Promise<{ role: Role; office: string }[]> {
  const kept: { role: Role; office: string }[] = []
  for (const same of Map.groupBy(records, ({ office, group }) => `${office} ${group}`).values()) {
    const [first] = same
    if (first === undefined) continue
    const held = same.length === 1 ? [] : await rolesOfMovement(tx, mrn, first.office)
    const meant = same.filter(({ role }) => held.includes(role))
    kept.push(...(meant.length === 0 ? [first] : meant))
  }
  return kept
}

/** The office of ours that holds a movement in a role, or reserved its MRN for paper; '' when none does. */
async function holderOf(tx: Tx, mrn: string, role: Role): Promise<string> {
  const holder = await officeOfMovement(tx, mrn, role)
  return holder ?? (role === 'departure' ? await officeOfPaper(tx, mrn) : undefined) ?? ''
}

/** @param countries of the guarantees that it names */
function officesFor(
  ports: CaseworkPorts,
  role: Role,
  group: string,
  doc: Doc,
  countries: ReadonlySet<string>,
): string[] {
  const own = ports.directory.ownOffices(role).map((office) => office.reference)
  if (group === '') {
    return own.filter((reference) =>
      [...countries].every((country) => ports.directory.guaranteeOffice(country) === reference),
    )
  }
  const named = groups(doc, group).map((member) => text(member, 'referenceNumber') ?? '')
  return [...new Set(named)].filter((reference) => own.includes(reference))
}

/** Where a document says which office it is for. */
function placeOf({ targets }: Route): string {
  const group = targets[0]?.office ?? ''
  return group === '' ? '/*' : `/*/${group.replaceAll('.', '/')}/referenceNumber`
}

/** A document between administrations must come from the one whose office it says it is from. */
function senderFindings(ports: CaseworkPorts, message: InboxMessage, route: Route, doc: Doc): Finding[] {
  if (route.sender === 'trader') return senderKind(message) === 'trader' ? [] : [reason(ports.law, 'N0007', doc)]
  if (route.sender === 'system')
    return systemIn(message.sender) === route.senderOffice ? [] : [reason(ports.law, 'N0090', doc)]
  if (message.link === 'api') return [reason(ports.law, 'N0008', doc)]
  if (route.sender === 'mrn') {
    const mrn = text(doc, 'TransitOperation.MRN') ?? ''
    return ports.directory.administration(mrn.slice(2, 4)) === message.sender ? [] : [reason(ports.law, 'N0015', doc)]
  }
  const from = senderOfficeOf(ports.law, route.document, doc)
  const isGuarantee = route.sender === 'guarantee'
  const claimed = isGuarantee
    ? texts(doc, 'Guarantee.GuaranteeReference.GRN').map(
        (grn) => ports.directory.guaranteeOffice(grn.slice(2, 4)) ?? '',
      )
    : [from.reference ?? '']
  const foreign = claimed.find((reference) => ports.directory.office(reference)?.party !== message.sender)
  if (foreign === undefined) return []
  const path = isGuarantee ? '/*/Guarantee/GuaranteeReference/GRN' : `/*/${from.group}/referenceNumber`
  return [{ ...reason(ports.law, 'N0009', doc, path), value: foreign }]
}

function unknownDocument(message: InboxMessage, root: string | undefined): Finding {
  const text =
    root === undefined
      ? 'This is no XML document that can be read.'
      : `The document element ${root} is none that is taken here as ${message.documentType}.`
  return {
    kind: 'xml',
    rule: 'root',
    code: '18',
    path: root === undefined ? '/' : `/${root}`,
    line: 1,
    column: 1,
    ...(root === undefined ? {} : { value: root }),
    text,
    remedy: 'Send one of the documents that the interface takes, with its own name as document element.',
  }
}

async function refuseXml(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  doc: Doc | undefined,
  findings: readonly Finding[],
): Promise<Handled> {
  const type = message.link === 'api' ? 'CC917C' : 'CD917C'
  const to = type === 'CC917C' ? { trader: message.sender } : { party: message.sender }
  const header = present({
    LRN: type === 'CC917C' ? acceptable(text(doc, 'TransitOperation.LRN'), 22) : undefined,
    MRN: acceptable(text(doc, 'TransitOperation.MRN'), 18),
  })
  const refusal = present({
    Header: Object.keys(header).length === 0 ? undefined : header,
    XMLError: toXmlErrors(findings),
  })
  const answered = {
    ...(doc === undefined ? {} : optionalIdentification(doc)),
    messageId: message.messageId,
    conversation: message.conversation,
  }
  await sendAll(ports, tx, message.conversation, [{ type, to, doc: refusal, answers: true }], answered)
  await noteRefused(
    ports,
    tx,
    message,
    message.conversation,
    findings.map((finding) => `${finding.rule} ${finding.path}`).join('; '),
  )
  return { done: true }
}

async function noteRefusal(ports: CaseworkPorts, tx: Tx, type: string, message: InboxMessage): Promise<Handled> {
  const document = ports.law.messages.get(type)?.read(message.payload).document
  if (document !== undefined) noteKeys(message, document)
  const conversation = text(document, 'Header.MRN') ?? message.conversation
  const errors = [...groups(document, 'FunctionalError'), ...groups(document, 'XMLError')]
  const note = errors
    .map((error) => `${text(error, 'errorCode') ?? ''} ${text(error, 'errorPointer') ?? ''}`)
    .join('; ')
  await ports.exchange.journal(tx, [
    {
      kind: 'movement',
      conversation,
      messageId: message.messageId,
      actor: message.sender,
      detail: { code: 'partner-refused', document: type, note: shortNote(note) },
    },
  ])
  return { done: true, conversation }
}

async function noteRefused(
  ports: CaseworkPorts,
  tx: Tx,
  message: InboxMessage,
  conversation: string,
  note: string,
): Promise<void> {
  await ports.exchange.journal(tx, [
    {
      kind: 'movement',
      conversation,
      messageId: message.messageId,
      actor: message.sender,
      detail: { code: 'refused-document', document: message.documentType, note: shortNote(note) },
    },
  ])
}

const conversationOf = (message: InboxMessage, mrn: string): string => (mrn === '' ? message.conversation : mrn)

function optionalIdentification(doc: Doc): { identification?: string } {
  const identification = acceptable(text(doc, 'messageIdentification'), 35)
  return identification === undefined ? {} : { identification }
}

/** A value of a faulty document may be repeated in the refusal only if the refusal's own format has room for it. */
function acceptable(value: string | undefined, length: number): string | undefined {
  return value !== undefined && value.length > 0 && value.length <= length && value === value.trim() ? value : undefined
}
