import type { Chart } from './chart.ts'
import { type Box, type Layout, layoutOf, legendMargin, type Stroke } from './layout.ts'
import { englishWords, filled, type MapWords, wordFor } from './words.ts'

const legendRow = 26

/** Colours in pairs; a viewer that knows no dark side shows the light one. The ground is ours, so that both can be read wherever it stands. */
const style = `
.ground { fill: #f5f6f8 } .box { fill: #ffffff; stroke: #55606d; stroke-width: 1.5 } .hub, .place { fill: #e0ecf9; stroke: #0b5cad }
.name { fill: #141b24; font-weight: 600 } .note { fill: #55606d; font-size: 14px } text { font: 17px system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif }
.link { fill: none; stroke: #55606d; stroke-width: 2.5 } .sealed { stroke: #0b5cad; stroke-dasharray: 7 5 } .pull { stroke-dasharray: 2 4 } .tunnel { stroke: #0a6437; stroke-width: 7 } .inside { stroke: #f5f6f8; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
.ground { fill: #10151b } .box { fill: #1a2027; stroke: #a7b0bb } .hub, .place { fill: #16324f; stroke: #6fb3f5 }
.name { fill: #e9ecf0 } .note { fill: #a7b0bb }
.link { stroke: #a7b0bb } .sealed { stroke: #6fb3f5 } .tunnel { stroke: #7ed8a4 } .inside { stroke: #10151b }
}`

/** Kinds of links whose messages are sealed for a third party; they are dashed. */
const sealedKinds = new Set(['border-database', 'hub', 'cloud'])

/**
 * The picture of a corridor as SVG: no scripts, nothing from elsewhere, a title and a description for who does not see it. Labels are
 * centred, so they stand where they should in any direction of writing.
 */
export function svgOf(chart: Chart, words: MapWords = englishWords, language = 'en'): string {
  const layout = layoutOf(chart, words)
  const height = layout.height + layout.kinds.length * legendRow + 6
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.width} ${height}" role="img" aria-labelledby="map-title map-description" xml:lang="${escaped(language)}">`,
    `<title id="map-title">${escaped(chart.title)}</title>`,
    `<desc id="map-description">${escaped(descriptionOf(chart, words))}</desc>`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${layout.width}" height="${height}" rx="8"/>`,
    ...layout.strokes.flatMap(strokeSvg),
    ...layout.boxes.flatMap(boxSvg),
    ...legendSvg(layout, words, language),
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

/** The picture in words: every link, with what it passes, and who has a national system. */
export function descriptionOf(chart: Chart, words: MapWords): string {
  const names = new Map([...chart.nodes, ...chart.places].map(({ id, name }) => [id, name]))
  const links = chart.links.map(({ between: [one, other], kind, at }) =>
    filled(at === null ? words.direct : words.by, {
      one: names.get(one) ?? one,
      other: names.get(other) ?? other,
      at: at === null ? '' : (names.get(at) ?? at),
      how: wordFor(words.links, kind),
    }),
  )
  const systems = chart.nodes.filter(({ nationalSystem }) => nationalSystem)
  return [...links, ...systems.map(({ name }) => `${name}: ${words.national}.`)].join(' ')
}

const classOf = (kind: string): string =>
  sealedKinds.has(kind) ? 'link sealed' : kind === 'tunnel' || kind === 'pull' ? `link ${kind}` : 'link'

function strokeSvg({ kind, from, to, bend }: Stroke): string[] {
  const path = `M${from.x} ${from.y}${bend === null ? 'L' : `Q${bend.x} ${bend.y} `}${to.x} ${to.y}`
  const drawn = `<path class="${classOf(kind)}" d="${path}"/>`
  return kind === 'tunnel' ? [drawn, `<path class="link inside" d="${path}"/>`] : [drawn]
}

function boxSvg(box: Box): string[] {
  const { x, y, width, height, lines, shape, note } = box
  const [left, top] = [x - width / 2, y - height / 2]
  const isPlace = shape !== 'node' && shape !== 'hub'
  const firstY = y - (lines.length * 20) / 2 + 6
  return [
    isPlace
      ? `<path class="box place" d="${drum(left, top, width, height)}"/>`
      : `<rect class="box${shape === 'hub' ? ' hub' : ''}" x="${short(left)}" y="${short(top)}" width="${short(width)}" height="${height}" rx="${shape === 'hub' ? 24 : 6}"/>`,
    ...lines.map((line, at) => label(x, firstY + at * 20, line, 'name')),
    label(x, firstY + lines.length * 20, note, 'note'),
  ]
}

/** A store, as it is usually drawn: a drum, with the rim of its lid. */
function drum(left: number, top: number, width: number, height: number): string {
  const [l, t, r, b, m] = [left, top, left + width, top + height, left + width / 2].map(short)
  const lid = `C${l} ${short(top - 9)} ${r} ${short(top - 9)} ${r} ${t}`
  return `M${l} ${t}${lid}L${r} ${b}C${r} ${short(top + height + 9)} ${l} ${short(top + height + 9)} ${l} ${b}Z M${l} ${t}C${l} ${short(top + 9)} ${r} ${short(top + 9)} ${r} ${t}M${m} ${t}`
}

/** One row for each kind of link: a stroke as it is in the picture, and what it means; from the right where one reads from there. */
function legendSvg({ width, height, kinds }: Layout, words: MapWords, language: string): string[] {
  const isRightToLeft = /^(ar|fa)\b/.test(language)
  return kinds.flatMap((kind, at) => {
    const y = height + at * legendRow
    const [from, to, text] = isRightToLeft
      ? [width - 24, width - 74, width - legendMargin.start]
      : [24, 74, legendMargin.start]
    return [
      ...strokeSvg({ kind, from: { x: from, y }, to: { x: to, y }, bend: null }),
      `<text class="note" x="${text}" y="${y + 5}"${isRightToLeft ? ' direction="rtl"' : ''}>${escaped(wordFor(words.links, kind))}</text>`,
    ]
  })
}

const label = (x: number, y: number, text: string, kind: string): string =>
  `<text class="${kind}" x="${short(x)}" y="${short(y)}" text-anchor="middle" unicode-bidi="plaintext">${escaped(text)}</text>`

const short = (value: number): number => Math.round(value * 10) / 10

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (each) => entities[each] ?? each)
