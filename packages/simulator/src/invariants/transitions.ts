import { NO_RECORD } from '@corridor/procedures'
import { lawOfCorridor, type NodeId } from '../corridor.ts'
import { Violation } from '../violation.ts'
import type { Record, World } from '../world.ts'

/** I4, after each step: a record that has changed went a way that its machine has. */
export function transitionsAreLegal(id: NodeId, before: readonly Record[], after: readonly Record[]): void {
  const key = ({ role, office, mrn }: Record) => `${role} ${office} ${mrn}`
  const known = new Map(before.map((record) => [key(record), record]))
  for (const record of after) {
    const old = known.get(key(record))
    if (old?.version === record.version) continue
    const from = old?.state ?? NO_RECORD
    if (!mayGo(record.role, from, record.state))
      throw new Violation('I4', `${id}: ${key(record)} went from ${from} to ${record.state}`)
    if (record.version !== (old?.version ?? 0) + 1)
      throw new Violation('I4', `${id}: ${key(record)} is version ${record.version} after ${old?.version ?? 0}`)
  }
  if (after.length < before.length) throw new Violation('I4', `${id} has lost a record`)
}

function mayGo(role: Record['role'], from: string, to: string, event?: string): boolean {
  return lawOfCorridor().law.machines[role].rows.some(
    (row) =>
      row.from === from && (row.to === to || (row.to === '=' && to === from)) && (event ?? row.event) === row.event,
  )
}

interface JournalRow {
  mrn: string
  role: Record['role']
  at: string
  code: string
  state: string
}

/** I4, over the journal: what it tells of each record is a way through the record's machine, and ends where the record stands. */
export async function journalTellsTheWay(world: World): Promise<void> {
  for (const { id, store } of world.nodes) {
    const rows = await store.query<JournalRow>(
      `select conversation as mrn, detail->>'role' as role, detail->>'at' as at, detail->>'code' as code, detail->>'state' as state
       from journal where kind = 'movement' and detail ? 'state' order by id`,
    )
    const states = new Map<string, string>()
    for (const { role, at, mrn, code, state } of rows) {
      const key = `${role} ${at} ${mrn}`
      const from = states.get(key) ?? NO_RECORD
      const legal = code === 'refused-document' ? state === from : mayGo(role, from, state, code)
      if (!legal) throw new Violation('I4', `${id}: the journal has ${code} for ${key}, from ${from} to ${state}`)
      states.set(key, state)
    }
    const { after } = await world.look(id)
    for (const { role, office, mrn, state } of after)
      if (states.get(`${role} ${office} ${mrn}`) !== state)
        throw new Violation('I4', `${id}: ${role} ${office} ${mrn} is ${state}, its journal says otherwise`)
  }
}
