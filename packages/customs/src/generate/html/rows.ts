/** The table of a message page: one row a group or field. */
import type { Code } from '../../codelists/code-lists.ts'
import type { Format } from '../../format/format.ts'
import { rulesOf } from '../rules-of.ts'
import { html, Markup } from './markup.ts'
import type { Row } from './outline.ts'
import { flatten } from './outline.ts'
import type { PageContext } from './page.ts'
import { count, formatInWords, optionalityInWords } from './words.ts'

/** Lists with at most this many codes are unfolded where they are used. */
const fewCodes = 16

/** The whole table: a body for each row directly in the document element, so that its heading stays in view while its rows pass. */
export function table(type: string, phases: readonly string[], rows: readonly Row[], context: PageContext): Markup {
  const bodies: Row[][] = []
  for (const row of rows) {
    const last = bodies.at(-1)
    if (!row.node.children && last?.every(({ node }) => !node.children)) last.push(...flatten([row]))
    else bodies.push(flatten([row]))
  }
  const phase = html`<tr role="row" class="field" style="--depth:1">
    <th role="rowheader" scope="row"><span class="name">@PhaseID</span></th>
    <td role="cell">${status('O')}</td>
    <td role="cell" class="often">1×</td>
    <td role="cell" class="format">attribute</td>
    <td role="cell" class="codes">${phases.join(', ')}</td>
    <td role="cell" class="rules"></td>
  </tr>`
  return html`<table role="table" aria-label="Groups and fields of ${type}">
    <thead role="rowgroup">
      <tr role="row">
        ${['Element', 'Status', 'Times', 'Format', 'Codes', 'Rules'].map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}
      </tr>
    </thead>
    ${bodies.map(
      (body, at) =>
        html`<tbody role="rowgroup">
          ${at === 0 && phases.length > 0 && phase}${body.map((row) => line(row, type, context))}
        </tbody> `,
    )}
  </table>`
}

function line({ node, label, times, path, depth, fields }: Row, type: string, context: PageContext): Markup {
  const rules = rulesOf(node, type)
  const kind = node.children ? (depth === 1 ? 'group top' : 'group') : 'field'
  const form = node.format ? format(node.format) : html`<span class="quiet">${count(fields, 'field')}</span>`
  return html`<tr role="row" id="${path}" class="${kind}" style="--depth:${depth}">
    <th role="rowheader" scope="row">
      <a class="name" href="#${path}" title="/${type}/${path}">${breakable(label)}</a>
    </th>
    <td role="cell">${status(node.optionality)}</td>
    <td role="cell" class="often${node.repeats ? ' many' : ''}">${times}</td>
    <td role="cell" class="format">${form}</td>
    <td role="cell" class="codes">${node.codeList !== undefined && codes(node.codeList, context)}</td>
    <td role="cell" class="rules">${rules.map((id) => chip(id, context))}</td>
  </tr> `
}

/** A name or path that may be broken before its capitals and after its slashes. */
export function breakable(name: string): Markup {
  const parts = name.split(/(?<=[a-z])(?=[A-Z])|(?<=\/)/)
  return html`${parts.map((part, at) => html`${at > 0 && new Markup('<wbr>')}${part}`)}`
}

function status(optionality: 'R' | 'O' | 'D'): Markup {
  return html`<abbr class="status ${optionality}" title="${optionalityInWords[optionality]}">${optionality}</abbr>`
}

function format(of: Format): Markup {
  const [official = '', ...qualifiers] = of.notation.split(' ')
  const more = qualifiers.length > 0 && html` <span class="quiet">${qualifiers.join(' ')}</span>`
  return html`<a href="#${formatId(of)}" title="${formatInWords(of)}"><code>${official}</code>${more}</a>`
}

/** The id of a format's explanation. */
export function formatId({ notation }: Format): string {
  return `format-${notation.replaceAll(' ', '_')}`
}

function codes(list: string, { codeLists, date }: PageContext): Markup {
  const link = html`<a href="#${list}"><code>${list}</code></a>`
  if (!codeLists.knows(list)) return html`${link} <span class="quiet">not here</span>`
  const valid = codeLists.codes(list, date)
  const added = valid.filter(({ addition }) => addition !== undefined).length
  const says = `${count(valid.length, 'code')}${added > 0 ? `, ${added} of the corridor` : ''}`
  if (valid.length > fewCodes) return html`${link} <span class="quiet">${says}</span>`
  return html`${link}
    <details>
      <summary class="quiet">${says}</summary>
      ${codeTable(valid)}
    </details>`
}

/** Codes with their texts, as a list of definitions. */
export function codeTable(codes: readonly Code[]): Markup {
  return html`<dl class="values">
    ${codes.map(
      ({ code, text }) =>
        html`<div>
          <dt><code>${code}</code></dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`
}

function chip(id: string, { rules }: PageContext): Markup {
  return html`<a class="chip" href="#${id}" title="${rules.get(id)?.meaning}">${id}</a> `
}
