import { readFileSync } from 'node:fs'
import { type Corridor, NodeFault } from '@corridor/node'
import { parse } from 'yaml'

/** One step of a story: somebody submits a document or does an act, and something must follow. */
export interface Step {
  step: string
  node: string
  account: string
  /** Path of the document to submit, beside the story. */
  submit?: string
  document?: string
  act?: string
  fields?: Record<string, string>
  expect: { documents: string[]; states: Record<string, string> }
}

/** A story: what is done in a corridor, in order. */
export interface Story {
  title: string
  holder: { node: string; account: string }
  guarantee: { grn: string; node: string }
  steps: Step[]
}

/** Reads the story of a corridor. @throws NodeFault CORRIDOR_FILE when it has none or the story is not one */
export function readStory(corridor: Corridor): Story {
  if (corridor.story === null) throw new NodeFault('CORRIDOR_FILE', `The corridor ${corridor.id} has no story.`)
  const content = parse(readFileSync(corridor.story, 'utf8')) as Story
  const accounts = new Set(corridor.nodes.flatMap((node) => node.accounts.map((account) => `${node.id} ${account.id}`)))
  for (const step of content.steps) {
    const known = accounts.has(`${step.node} ${step.account}`)
    const does = (step.submit === undefined) !== (step.act === undefined)
    if (!known || !does)
      throw new NodeFault(
        'CORRIDOR_FILE',
        `story.yaml, step ${step.step}: needs an account of its node, and either “submit” or “act”.`,
      )
    step.expect = { documents: step.expect?.documents ?? [], states: step.expect?.states ?? {} }
  }
  return content
}

/** The document of a step, with every {{name}} filled in. @throws NodeFault CORRIDOR_FILE for a name that has no value */
export function fillDocument(corridor: Corridor, path: string, values: Record<string, string>): string {
  return fill(readFileSync(new URL(path, corridor.folder), 'utf8'), values)
}

/** Fills {{name}} in a text. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new NodeFault('CORRIDOR_FILE', `{{${name}}} has no value at this step.`)
    return value
  })
}
