/** {{name}} in the texts of a story. */
import { NodeFault } from '@corridor/node'

/** Fills {{name}} in a text. @throws NodeFault CORRIDOR_FILE */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new NodeFault('CORRIDOR_FILE', `{{${name}}} has no value at this step.`)
    return value
  })
}

/** Fills {{name}} in every text of a value as JSON has it. */
export function fillAll(value: unknown, values: Record<string, string>): unknown {
  if (typeof value === 'string') return fill(value, values)
  if (Array.isArray(value)) return value.map((each) => fillAll(each, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [fill(name, values), fillAll(each, values)]))
}
