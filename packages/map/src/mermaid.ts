import { type Chart, hubsOf } from './chart.ts'

/**
 * The picture as a Mermaid flowchart (mermaid.js.org), for where Markdown draws those: administrations as boxes, hubs as hexagons, places
 * as drums; what is sealed for a third party is dotted.
 */
export function mermaidMapOf(chart: Chart): string {
  const hubs = hubsOf(chart)
  const nodes = chart.nodes.map(
    ({ id, name }) => `  ${named(id)}${hubs.has(id) ? `{{${quoted(name)}}}` : `[${quoted(name)}]`}`,
  )
  const places = chart.places.map(({ id, name }) => `  ${named(id)}[(${quoted(name)})]`)
  const drawn = new Set<string>()
  const links = chart.links.flatMap(({ between: [one, other], kind, at }) => {
    if (at === null) return [`  ${named(one)} <-->|${kind}| ${named(other)}`]
    if (hubs.has(at)) return [`  ${named(one)} <-.->|${kind} ${named(at)}| ${named(other)}`]
    return [one, other].flatMap((end) => {
      const line = `  ${named(end)} <-.->|sealed| ${named(at)}`
      if (drawn.has(line)) return []
      drawn.add(line)
      return [line]
    })
  })
  return ['flowchart LR', ...nodes, ...places, ...links, ''].join('\n')
}

/** Mermaid reads hyphens in names, but not the word `end`. */
const named = (id: string): string => (id === 'end' ? 'end_' : id)

const quoted = (text: string): string => `"${text.replaceAll('"', '#quot;')}"`
