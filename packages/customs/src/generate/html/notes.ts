/** What stands below the table of a message page: the rules in words, the code lists, the formats. */
import type { Format } from '../../format/format.ts'
import type { MessageTable } from '../../messages/messages.ts'
import { facetsOf } from '../facets.ts'
import { rulesOf } from '../rules-of.ts'
import { html, type Markup } from './markup.ts'
import type { Row } from './outline.ts'
import type { PageContext } from './page.ts'
import { breakable, codeTable, formatId } from './rows.ts'
import { count, formatInWords, kindOfRule } from './words.ts'

/** A key and the rows that it is used in. */
type Uses = ReadonlyMap<string, readonly Row[]>

function usesOf(rows: readonly Row[], keys: (row: Row) => readonly string[]): Uses {
  const uses = new Map<string, Row[]>()
  for (const row of rows) for (const key of keys(row)) uses.set(key, [...(uses.get(key) ?? []), row])
  return new Map([...uses].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The rules that rows cite. */
export function ruleUses(rows: readonly Row[], type: string): Uses {
  return usesOf(rows, ({ node }) => rulesOf(node, type))
}

/** The code lists that rows name. */
export function listUses(rows: readonly Row[]): Uses {
  return usesOf(rows, ({ node }) => (node.codeList === undefined ? [] : [node.codeList]))
}

/** Every rule that is cited: what it means, whether it is evaluated, where it applies. */
export function rulesSection(uses: Uses, { rules }: PageContext): Markup {
  const entries = [...uses].map(([id, rows]) => {
    const rule = rules.get(id)
    const state = rule?.checked ?? 'no'
    return html`<article id="${id}">
      <h3><code>${id}</code> <small>${kindOfRule(id)}</small></h3>
      <div>
        <p>${rule?.meaning ?? 'Its meaning is not in the catalogue yet.'}</p>
        <p class="state ${state}">
          ${stateInWords[state]}${rule?.note !== undefined && `${state === 'yes' ? ',' : ':'} ${rule.note}`}
          ${rule && html`<span>· ${rule.source}</span>`}
        </p>
        ${where(rows)}
      </div>
    </article> `
  })
  return html`<section id="rules">
    <h2>Rules <small>${uses.size}</small></h2>
    ${entries}
  </section>`
}

const stateInWords = { yes: 'Checked', guidance: 'Guidance', no: 'Not checked' }

/** Longer lists are counted here and shown by the command line. */
const manyCodes = 100

/** Every code list that is named: its codes when they are not many, where it comes from, where it is used. */
export function listsSection(uses: Uses, context: PageContext): Markup {
  const entries = [...uses].map(([list, rows]) => {
    const sources = context.codeLists.sources(list)
    const from = sources.map(
      ({ source, version, illustrative }) => `${source}, ${version}${illustrative ? ' (illustrative)' : ''}`,
    )
    const name = context.listsNotChecked?.get(list)?.name ?? sources[0]?.name ?? ''
    return html`<article id="${list}">
      <h3><code>${list}</code> <small>${breakable(name)}</small></h3>
      <div>
        ${listContent(list, context)}
        <p class="state">${from.join('; ')}</p>
        ${where(rows)}
      </div>
    </article> `
  })
  return html`<section id="code-lists">
    <h2>Code lists <small>${uses.size}</small></h2>
    ${entries}
  </section>`
}

function listContent(list: string, { codeLists, date, listsNotChecked }: PageContext): Markup {
  const why = listsNotChecked?.get(list)?.why
  if (!codeLists.knows(list))
    return html`<p>Its codes are not in the tables here, so they are not checked${why !== undefined && `: ${why}`}.</p>`
  const codes = codeLists.codes(list, date)
  const additions = codes.filter(({ addition }) => addition !== undefined)
  const says = `${count(codes.length, 'code')} on ${date}`
  const added =
    additions.length > 0 &&
    html`<div class="added">
      <p>${codes.length === additions.length ? 'All of them' : `${additions.length} of them`} from the corridor:</p>
      ${codeTable(additions)}
    </div>`
  if (codes.length > manyCodes)
    return html`<p>${says}; <code>corridor codelists ${list}</code> shows them.</p>
      ${added}`
  if (codes.length === additions.length)
    return html`<p>${says}</p>
      ${added}`
  return html`<details>
      <summary>${says}</summary>
      ${codeTable(codes)}
    </details>
    ${added}`
}

/** Every format that is used, in words. */
export function formatsSection(rows: readonly Row[]): Markup {
  const formats = new Map<string, Format>()
  for (const { node } of rows) if (node.format) formats.set(node.format.notation, node.format)
  const entries = [...formats]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([notation, format]) => {
      const pattern = format.named && facetsOf(format).patterns.join(' and ')
      return html`<div id="${formatId(format)}">
        <dt><code>${notation}</code></dt>
        <dd>
          ${formatInWords(format)}${format.values && format.values.length <= 20 && `: ${format.values.join(', ')}`}${pattern && html` <code class="quiet">${pattern}</code>`}
        </dd>
      </div>`
    })
  return html`<section id="formats">
    <h2>Formats <small>${formats.size}</small></h2>
    <dl class="formats">${entries}</dl>
  </section>`
}

/** Shown before “and n more”. */
const fewPlaces = 6

function where(rows: readonly Row[]): Markup {
  const link = ({ path }: Row): Markup => html`<a href="#${path}">${breakable(path)}</a>`
  const first = rows.slice(0, fewPlaces).map((row) => html`<li>${link(row)}</li>`)
  const rest = rows.slice(fewPlaces).map((row) => html`<li>${link(row)}</li>`)
  return html`<ul class="where">
      ${first}
    </ul>
    ${
      rest.length > 0 &&
      html`<details>
        <summary>and ${rest.length} more</summary>
        <ul class="where">
          ${rest}
        </ul>
      </details>`
    }`
}

/** The head of the page in figures. */
export function figures(
  table: MessageTable,
  rows: readonly Row[],
  rules: Uses,
  lists: Uses,
  corridor?: string,
): Markup {
  const groups = rows.filter(({ node }) => node.children).length
  const entry = (name: string, value: string) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`
  return html`<dl class="figures">
    ${[
      entry('Groups', String(groups)),
      entry('Fields', String(rows.length - groups)),
      entry('Levels', String(Math.max(...rows.map(({ depth }) => depth)))),
      entry('Rules', String(rules.size)),
      entry('Code lists', String(lists.size)),
      entry('Edition', table.edition),
      entry('Namespace', table.namespace),
      corridor !== undefined && entry('Codes of the corridor', corridor),
    ]}
  </dl>`
}
