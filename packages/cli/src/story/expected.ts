import { type Checked, type Corridor, participantOf } from '@corridor/node'
import { nodeOf } from './places.ts'

/** Whether a code is in force at a node, on its own day. */
export interface ExpectedCode {
  node: string
  list: string
  code: string
  inForce: boolean
}

/** What must follow a step. All of it is waited for. */
export interface Expected {
  /** Documents that must be there; those for another administration with its receipt. */
  documents: string[]
  /** Documents that were made, and have no receipt because their receiver is away. */
  waiting: string[]
  /** Documents that are new in the mailbox of an account: of a trader, or of an outside system. */
  mailboxes: Record<string, string[]>
  /** State of the movement at the office of each account. */
  states: Record<string, string>
  /** Type of the document by which a submitted one is refused, and what it must name. */
  refused: { by: string; naming: string } | null
  codes: ExpectedCode[]
  /** 17th character of the MRN: which security data the declaration has. */
  letter: string | null
}

const document = /^[A-Z]{2}\d{3}[A-Z]$/

/** Reads the `expect` of a step; everything in it may be left out. @throws NodeFault CORRIDOR_FILE with the place that is wrong */
export function expectedFrom(expect: Checked | null, corridor: Corridor): Expected {
  if (expect === null)
    return { documents: [], waiting: [], mailboxes: {}, states: {}, refused: null, codes: [], letter: null }
  const refused = expect.optionalGroup('refused')
  const states = expect.values('states')
  const officers = corridor.nodes.flatMap(({ accounts }) => accounts).filter(({ office }) => office !== null)
  for (const account of Object.keys(states))
    if (!officers.some(({ id }) => id === account)) expect.refuse('states', `there is no officer “${account}”`)
  return {
    documents: documentsOf(expect, 'documents'),
    waiting: documentsOf(expect, 'waiting'),
    mailboxes: mailboxesFrom(expect.optionalGroup('mailboxes'), corridor),
    states,
    refused:
      refused === null ? null : { by: refused.text('by', document), naming: refused.optionalText('naming') ?? '' },
    codes: expect.optionalList('codes').map((code) => codeFrom(code, corridor)),
    letter: expect.has('letter') ? expect.text('letter', /^[A-Z]$/) : null,
  }
}

function mailboxesFrom(mailboxes: Checked | null, { nodes }: Corridor): Record<string, string[]> {
  const owners = nodes.flatMap(({ accounts }) => accounts).filter((account) => participantOf(account) !== undefined)
  return Object.fromEntries(
    (mailboxes?.names() ?? []).map((name) => {
      if (!owners.some(({ id }) => id === name)) mailboxes?.refuse(name, 'has no mailbox')
      return [name, mailboxes === null ? [] : documentsOf(mailboxes, name)]
    }),
  )
}

function codeFrom(code: Checked, corridor: Corridor): ExpectedCode {
  const inForce = code.any('inForce')
  if (typeof inForce !== 'boolean') return code.refuse('inForce', 'must be true or false')
  return { node: nodeOf(code, corridor), list: code.text('list'), code: code.text('code'), inForce }
}

function documentsOf(expect: Checked, name: string): string[] {
  const types = expect.optionalTexts(name)
  for (const type of types) if (!document.test(type)) expect.refuse(name, `“${type}” is no document`)
  return types
}
