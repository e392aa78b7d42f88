import type { CodeLists, Rules } from '@corridor/customs'
import { compileLaw, type Law } from '@corridor/procedures'
import { loadDocuments } from './documents.ts'
import { ownFolders, type TableFolders, textOf } from './files.ts'

export { loadCorridorTables } from './corridor-tables.ts'
export { type DeclarationTables, loadDeclarations, loadForm } from './declarations.ts'
export { type DocumentTables, loadDocuments, loadMessages } from './documents.ts'
export { loadGuidelines, loadRuleBook, type RuleBook } from './rule-book.ts'
export { loadOfficeLists } from './office-lists.ts'
export { loadReferenceLists } from './reference-lists.ts'
export {
  type CorridorLists,
  listOfTable,
  loadShippedLists,
  partIn as readListPart,
  type ShippedList,
} from './shipped-lists.ts'
export { read, write } from './typed.ts'
export type { TableFolders } from './files.ts'

/** Everything that the law says, compiled, and the rules by which documents are checked. */
export interface CompiledLaw {
  law: Law
  rules: Rules
  codeLists: CodeLists
}

/**
 * Reads and compiles every table: messages, code lists, rules, machines. A few tens of milliseconds, once a process.
 * @param overlays folder of the corridor's own code lists (countries, offices), laid over the published ones
 * @param folders where the tables lie; those of this repository unless told
 * @throws CustomsFault, ProcedureFault naming the table and the line or the name that is wrong; Error when a file is not there
 */
export function loadLaw(overlays?: URL, { customs, procedures }: TableFolders = ownFolders): CompiledLaw {
  const { messages, rules, codeLists } = loadDocuments(overlays, customs)
  const law = compileLaw(
    {
      machines: {
        departure: textOf(procedures, 'transit/departure.machine.tsv'),
        transit: textOf(procedures, 'transit/transit.machine.tsv'),
        exit: textOf(procedures, 'transit/exit.machine.tsv'),
        destination: textOf(procedures, 'transit/destination.machine.tsv'),
        guarantee: textOf(procedures, 'guarantee/guarantee.machine.tsv'),
      },
      parts: {
        enquiry: textOf(procedures, 'transit/enquiry.machine.tsv'),
        recovery: textOf(procedures, 'transit/recovery.machine.tsv'),
        export: textOf(procedures, 'transit/export.machine.tsv'),
      },
      trader: textOf(procedures, 'transit/trader.machine.tsv'),
      routes: textOf(procedures, 'transit/routes.tsv'),
      acts: textOf(procedures, 'transit/acts.tsv'),
      choices: textOf(procedures, 'transit/results.tsv'),
      states: textOf(procedures, 'transit/states.tsv'),
      refusals: textOf(procedures, 'transit/refusals.tsv'),
      timers: textOf(procedures, 'transit/timers.tsv'),
      guaranteeTypes: textOf(procedures, 'guarantee/types.tsv'),
      guaranteeReasons: textOf(procedures, 'guarantee/reasons.tsv'),
      exportCodes: textOf(procedures, 'transit/export.tsv'),
      missing: textOf(procedures, 'guarantee/missing.tsv'),
      account: textOf(procedures, 'guarantee/account.machine.tsv'),
      accountActs: textOf(procedures, 'guarantee/account-acts.tsv'),
      services: textOf(procedures, 'services/services.tsv'),
      statistics: textOf(procedures, 'services/statistics.tsv'),
      fallback: {
        machine: textOf(procedures, 'fallback/fallback.machine.tsv'),
        paper: textOf(procedures, 'fallback/paper.machine.tsv'),
        acts: textOf(procedures, 'fallback/acts.tsv'),
        flags: textOf(procedures, 'fallback/flags.tsv'),
        refusals: textOf(procedures, 'fallback/refusals.tsv'),
      },
    },
    { messages, codeLists },
  )
  return { law, rules, codeLists }
}
