import type { Tx } from '@corridor/database'
import { accountActs } from '@corridor/procedures'
import {
  type Account,
  departuresOf,
  type DepartureState,
  findGuarantees,
  type GuaranteeLine,
  ledgerPage,
  type LedgerLine,
  listGuarantees,
  type Usage,
  usagesOf,
} from '@corridor/registry'
import { maxLengthOf } from '../acts.ts'
import { localDay } from '../facts.ts'
import type { GuaranteePage, GuaranteeListRow, GuaranteeView, LedgerRow, OpenAmount } from '../guarantee-view.ts'
import type { CaseworkPorts } from '../ports.ts'
import type { Status } from '../view.ts'
import { statusOf } from './list.ts'
import { officeView } from './offices.ts'

/** Lines of the ledger on one page, and open amounts at most. */
const linesShown = 50
const openShown = 200

/** The guarantees that this administration keeps; undefined for whoever is no officer of guarantee. */
export async function guaranteePage(
  ports: CaseworkPorts,
  account: Account,
  query: { q?: string; page: number; pageSize: number },
): Promise<GuaranteePage | undefined> {
  if (account.role !== 'guarantee') return undefined
  const { q = '', page, pageSize } = query
  const { items, total } = await listGuarantees(ports.db, { q, day: localDay(ports), page, pageSize })
  return { items: items.map((line) => listRow(ports, line)), total }
}

/** The account of one guarantee; undefined when it is not kept here, or for whoever is no officer of guarantee. */
export async function guaranteeView(
  ports: CaseworkPorts,
  tx: Tx,
  account: Account,
  grn: string,
  before?: number,
): Promise<GuaranteeView | undefined> {
  if (account.role !== 'guarantee') return undefined
  const [kept] = await findGuarantees(tx, [grn], localDay(ports))
  if (kept === undefined) return undefined
  const open = await usagesOf(tx, grn, { openOnly: true, limit: openShown })
  const departures = await departuresOf(
    tx,
    open.map(({ mrn }) => mrn),
  )
  const lines = await ledgerPage(tx, grn, { before, limit: linesShown + 1 })
  const shown = lines.slice(0, linesShown)
  const { guarantor } = kept.terms
  return {
    ...listRow(ports, { ...kept, open: open.length }),
    version: kept.version,
    guarantor: guarantor === undefined ? null : { id: guarantor, name: ports.directory.nameOf(guarantor) },
    percentage: kept.terms.percentage ?? null,
    validFrom: kept.validFrom,
    validTo: kept.validTo,
    invalidFrom: kept.invalidFrom,
    notValidIn: kept.notValidIn,
    acts: accountActs(ports.law, kept.state).map((act) => ({
      act: act.act,
      primary: false,
      undoable: act.undoable,
      effect: { code: act.effect, values: { grn } },
      fields: act.fields.map((field) => ({
        name: field.name,
        kind: field.kind,
        required: field.required,
        ...(field.name === 'referenceAmount' ? { value: kept.referenceAmount } : {}),
        ...(field.default === 'today' ? { value: localDay(ports) } : {}),
        ...(field.kind === 'text' ? { maxLength: maxLengthOf(field) } : {}),
      })),
    })),
    openAmounts: open.map((use) => openAmount(ports, use, departures.get(use.mrn))),
    ledger: shown.map((line) => ledgerRow(ports, line)),
    older: lines.length > linesShown ? (shown.at(-1)?.id ?? null) : null,
  }
}

function listRow(ports: CaseworkPorts, line: GuaranteeLine): GuaranteeListRow {
  return {
    grn: line.grn,
    type: line.type,
    typeName: ports.law.codeLists.text('CL251', line.type) ?? line.type,
    holder: { id: line.holder, name: ports.directory.nameOf(line.holder) },
    status: stateOf(line),
    currency: line.currency,
    referenceAmount: line.referenceAmount,
    available: line.available,
    locked: line.locked,
    liable: line.liable,
    open: line.open,
  }
}

function stateOf({ state, valid }: Pick<GuaranteeLine, 'state' | 'valid'>): Status {
  if (state !== 'valid') return { code: state, tone: 'bad' }
  return valid ? { code: 'valid', tone: 'ok' } : { code: 'not-valid', tone: 'warn' }
}

/** What is locked waits for a document; what is claimed waits for the officer of guarantee. */
function openAmount(ports: CaseworkPorts, use: Usage, known: DepartureState | undefined): OpenAmount {
  const { directory, law } = ports
  const turn = use.state === 'liable' ? 'guarantee' : known && law.states.get(`departure ${known.state}`)?.turn
  // Who is to act at a movement that has ended is still the office that has to give the amount back.
  const code = turn === undefined || turn === '-' ? 'departure' : turn
  const at = { transit: known?.transit, destination: known?.destination }[code as 'transit' | 'destination']
  const office = use.state === 'liable' ? directory.guaranteeOffice(directory.country) : (at ?? use.office)
  return {
    mrn: use.mrn,
    state: use.state === 'liable' ? 'liable' : 'locked',
    amount: use.amount,
    since: use.lockedAt.toISOString(),
    departure: officeView(directory, use.office),
    status: known === undefined ? null : statusOf(law, 'departure', known.state),
    missing: use.state === 'liable' ? null : (law.missing.get(known?.state ?? '') ?? 'CD209C'),
    turn: { code, party: directory.nameOf(office ?? '') },
    limitDate: known?.limitDate ?? null,
  }
}

function ledgerRow({ directory }: CaseworkPorts, line: LedgerLine): LedgerRow {
  const { id, op, debit, credit, amount, asked, mrn, office, documentType, reason } = line
  return {
    id,
    at: line.at.toISOString(),
    op,
    debit,
    credit,
    amount,
    asked,
    mrn,
    office: office === '' ? '' : directory.nameOf(office),
    documentType,
    reason,
    who: line.actor === '' ? '' : directory.nameOf(line.actor),
    available: line.availableAfter,
    locked: line.lockedAfter,
    liable: line.liableAfter,
  }
}
