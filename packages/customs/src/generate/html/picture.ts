/** The structure of a message in one picture: every group a bar, as wide as it has fields; every field a tick below its group. */
import { html, type Markup } from './markup.ts'
import { flatten, type Row } from './outline.ts'
import { count, optionalityInWords } from './words.ts'

const width = 1240
const barHeight = 28
const gap = 3
const tickHeight = 7
/** sizes of letters, as the style has them, and the width of an average one for its size */
const oneLine = 11.5
const twoLines = 9.5
const letterWidth = 0.56
/** a label that is cut says nothing with fewer letters in a line */
const fewLetters = 6

/** The picture as inline SVG. Groups lead to their rows; the table says everything that the picture says. */
export function picture(type: string, rows: readonly Row[]): Markup {
  const all = flatten(rows)
  const fields = rows.reduce((sum, row) => sum + row.fields, 0)
  const deepest = Math.max(...all.map(({ depth }) => depth))
  const unit = width / fields
  const height = deepest * (barHeight + gap) + tickHeight + 1
  const groups = all.filter(({ node }) => node.children)
  const ticks = all.filter(({ node }) => !node.children)
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    role="group"
    aria-label="Structure of ${type}: ${count(groups.length, 'group')}, ${count(fields, 'field')}, ${deepest} levels"
  >
    <rect class="bar root" x="0.5" y="0.5" width="${width - 1}" height="${barHeight - 1}" />
    <text class="on-root" x="8" y="18">${type}</text>
    ${ticks.map((row) => tick(row, unit))} ${groups.map((row) => bar(row, unit))}
  </svg>`
}

function bar({ node, label: name, times, path, depth, from, fields }: Row, unit: number): Markup {
  const x = from * unit
  const wide = Math.max(fields * unit - 1, 1)
  const y = depth * (barHeight + gap)
  const often = node.repeats ? ` ${times}` : ''
  const title = `${path}: ${optionalityInWords[node.optionality]}, ${times}, ${count(fields, 'field')}`
  return html`<a href="#${path}"
    ><title>${title}</title
    ><rect
      class="bar ${node.optionality}"
      x="${round(x + 0.5)}"
      y="${y + 0.5}"
      width="${round(Math.max(wide - 0.5, 0.5))}"
      height="${barHeight - 1}"
    />${label(name, often, x, wide, y)}</a
  > `
}

/** A name in one line, or in two, or cut in the second; one that has no room is left to the outline and to the tooltip. */
function label(name: string, often: string, x: number, wide: number, y: number): Markup | undefined {
  const room = (size: number) => Math.floor((wide - 8) / (size * letterWidth))
  if (name.length <= room(oneLine)) {
    const times = (name + often).length <= room(oneLine) && html`<tspan class="often">${often}</tspan>`
    return html`<text x="${round(x + 6)}" y="${y + 18}">${name}${times}</text>`
  }
  const lines = inTwo(name, room(twoLines))?.map(
    (line, at) => html`<tspan x="${round(x + 4)}" y="${y + 12 + at * 11}">${line}</tspan>`,
  )
  return lines && html`<text class="two">${lines}</text>`
}

/** `TransitOperation` → `Transit`, `Operation`: divided before a capital, as evenly as can be; the second part is cut when it must. */
function inTwo(name: string, room: number): [string, string] | undefined {
  const places = [...name.matchAll(/(?<=[a-z])[A-Z]/g)].map(({ index }) => index).filter((at) => at <= room)
  const [best] = places.sort((a, b) => Math.max(a, name.length - a) - Math.max(b, name.length - b))
  if (best === undefined || room < fewLetters) return undefined
  const rest = name.slice(best)
  return [name.slice(0, best), rest.length <= room ? rest : `${rest.slice(0, room - 1)}…`]
}

function tick({ node, depth, from }: Row, unit: number): Markup {
  const thick = Math.min(Math.max(unit - 1.5, 1), 14)
  const x = from * unit + 0.5
  return html`<rect
    class="tick ${node.optionality}"
    x="${round(x)}"
    y="${depth * (barHeight + gap)}"
    width="${round(thick)}"
    height="${tickHeight}"
  />`
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}
