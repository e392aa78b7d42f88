/** Documents that are about no one movement: services/services.tsv, services/statistics.tsv. */
import { ProcedureFault } from '../faults.ts'
import { rowsOf } from '../tsv.ts'
import type { Law } from '../types.ts'

/** One row of services.tsv: who may send the document. */
export interface Service {
  document: string
  from: 'central' | 'partner'
  cites: string
}

/** One row of statistics.tsv. */
export interface StatisticsType {
  /** Code of CL057. */
  type: string
  /** The country that is counted by. */
  other: 'departure' | 'destination'
  meaning: string
}

const senders = ['central', 'partner'] as const

/** @throws ProcedureFault TABLE */
export function compileServices(text: string): Map<string, Service> {
  return new Map(
    rowsOf(text, 'services.tsv').map((row) => {
      const { document = '', cites = '' } = row
      const from = senders.find((each) => each === row['from'])
      if (from === undefined) throw new ProcedureFault('TABLE', `services.tsv: ${document} is from nobody`)
      return [document, { document, from, cites }]
    }),
  )
}

const others = ['departure', 'destination'] as const

/** @throws ProcedureFault TABLE */
export function compileStatistics(text: string): StatisticsType[] {
  return rowsOf(text, 'statistics.tsv').map((row) => {
    const { type = '', meaning = '' } = row
    const other = others.find((each) => each === row['other'])
    if (other === undefined || !/^[A-Z0-9]{4}$/.test(type))
      throw new ProcedureFault(
        'TABLE',
        `statistics.tsv: ${type} has no code of four characters or no country to count by`,
      )
    return { type, other, meaning }
  })
}

/** @throws ProcedureFault TABLE: a document has no message table, or is about movements as well */
export function checkServices({ services, messages, routes }: Pick<Law, 'services' | 'messages' | 'routes'>): void {
  for (const type of services.keys()) {
    if (messages.get(type) === undefined)
      throw new ProcedureFault('TABLE', `services.tsv: ${type} has no message table`)
    if (routes.has(type)) throw new ProcedureFault('TABLE', `services.tsv: ${type} is in routes.tsv`)
  }
}
