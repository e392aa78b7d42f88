import { type Account, deskOf, listMovements, type MovementLine } from '@corridor/registry'
import type { Law, Role } from '@corridor/procedures'
import type { CaseworkPorts } from '../ports.ts'
import type { MovementPage, MovementRow, Status } from '../view.ts'
import { officeView } from './offices.ts'

/** A state with its tone, for a role. */
export function statusOf(law: Law, role: Role, state: string): Status {
  return { code: state, tone: law.states.get(`${role} ${state}`)?.tone ?? 'neutral' }
}

/** The movements of an officer's own office and role. */
export async function movementPage(
  ports: CaseworkPorts,
  account: Account,
  query: { q?: string; status?: string; page: number; pageSize: number },
): Promise<MovementPage> {
  const desk = deskOf(account)
  if (desk === undefined) return { items: [], total: 0, more: false }
  const { items, total, more } = await listMovements(ports.db, {
    ...desk,
    q: query.q ?? '',
    state: query.status ?? '',
    page: query.page,
    pageSize: query.pageSize,
  })
  return { items: items.map((line) => row(ports, desk.role, line)), total, more }
}

function row(ports: CaseworkPorts, role: Role, line: MovementLine): MovementRow {
  const { summary } = line
  return {
    mrn: line.reference,
    lrn: line.lrn,
    status: statusOf(ports.law, role, line.state),
    departure: officeView(ports.directory, summary.departure),
    destination: officeView(ports.directory, summary.destination),
    holder: summary.holder,
    vehicle: summary.vehicle,
    packages: summary.packages,
    updatedAt: line.updatedAt.toISOString(),
    dueAt: summary.dueAt,
    needsAct: line.needsAct,
  }
}
