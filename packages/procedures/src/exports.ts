/** Goods whose export is followed by transit: which export declarations a transit declaration names as previous documents. */
import type { Doc, Finding } from '@corridor/customs'
import type { Context } from './context.ts'
import { groups, text } from './read.ts'
import { reason } from './refusals.ts'

/** Types of previous documents of an export (CL228). */
const exportTypes = 'CL228'

/** So many export declarations have room in the documents to the export system. */
const mostExports = 99

/** The houses of a declaration whose goods were exported, each with the MRNs of its export declarations. */
export function exportedHouses(context: Pick<Context, 'law' | 'facts'>, record: Doc): { house: Doc; mrns: string[] }[] {
  return groups(record, 'Consignment.HouseConsignment')
    .map((house) => ({
      house,
      mrns: groups(house, 'PreviousDocument')
        .filter((previous) => context.law.codeLists.has(exportTypes, text(previous, 'type') ?? '', context.facts.today))
        .map((previous) => text(previous, 'referenceNumber') ?? ''),
    }))
    .filter(({ mrns }) => mrns.length > 0)
}

/** The MRNs of the export declarations that a declaration names, each once, in their order. */
export function exportsIn(context: Pick<Context, 'law' | 'facts'>, record: Doc): string[] {
  return [...new Set(exportedHouses(context, record).flatMap(({ mrns }) => mrns))]
}

/** Whether the export system is to be asked about a declaration before its goods are released. */
export function followsExport(context: Pick<Context, 'law' | 'facts'>, record: Doc): boolean {
  return context.facts.hasSystem('aes') && exportsIn(context, record).length > 0
}

/** More export declarations than the documents to the export system have room for. @param root document element of what came */
export function tooManyExports(context: Context, record: Doc, root: string): Finding[] {
  const left = context.facts.hasSystem('aes') ? exportsIn(context, record)[mostExports] : undefined
  return left === undefined
    ? []
    : [{ ...reason(context.law, 'N0091', record, `/${root}/Consignment/HouseConsignment`), value: left }]
}
