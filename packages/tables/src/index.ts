import { readdirSync, readFileSync } from 'node:fs'
import {
  type CodeLists,
  compileCodeLists,
  compileMessages,
  compileRules,
  overlayCodeLists,
  type Rules,
} from '@corridor/customs'
import { compileLaw, type Law } from '@corridor/procedures'

const customs = new URL('../../customs/', import.meta.url)
const procedures = new URL('../../procedures/', import.meta.url)

const textOf = (base: URL, path: string): string => readFileSync(new URL(path, base), 'utf8')

/** Every table of a folder, by its file name without the ending. */
function folder(base: URL, path: string, ending = '.tsv'): Record<string, string> {
  const names = readdirSync(new URL(path, base)).filter((name) => name.endsWith(ending))
  return Object.fromEntries(names.map((name) => [name.slice(0, -ending.length), textOf(base, `${path}${name}`)]))
}

/** Everything that the law says, compiled, and the rules by which documents are checked. */
export interface CompiledLaw {
  law: Law
  rules: Rules
  codeLists: CodeLists
}

/**
 * Reads and compiles every table: messages, code lists, rules, machines. A few tens of milliseconds, once a process.
 * @param overlays folder of the corridor's own code lists (countries, offices), laid over the published ones
 * @throws CustomsFault, ProcedureFault naming the table and the line that is wrong
 */
export function loadLaw(overlays?: URL): CompiledLaw {
  const { groups, formats, ...messages } = folder(customs, 'messages/')
  const published = compileCodeLists(folder(customs, 'codelists/'))
  const codeLists = overlays === undefined ? published : overlayCodeLists(published, folder(overlays, ''))
  const law = compileLaw(
    {
      machines: {
        departure: textOf(procedures, 'transit/departure.machine.tsv'),
        transit: textOf(procedures, 'transit/transit.machine.tsv'),
        destination: textOf(procedures, 'transit/destination.machine.tsv'),
        guarantee: textOf(procedures, 'guarantee/guarantee.machine.tsv'),
      },
      routes: textOf(procedures, 'transit/routes.tsv'),
      acts: textOf(procedures, 'transit/acts.tsv'),
      choices: textOf(procedures, 'transit/results.tsv'),
      states: textOf(procedures, 'transit/states.tsv'),
      refusals: textOf(procedures, 'transit/refusals.tsv'),
    },
    { messages: compileMessages({ messages, groups: groups ?? '', formats: formats ?? '' }), codeLists },
  )
  return { law, rules: compileRules(folder(customs, 'rules/'), law.messages), codeLists }
}
