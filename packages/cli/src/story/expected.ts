import { type Checked, type Corridor, participantOf } from '@corridor/node'
import { nodeOf } from './places.ts'

/** Whether a code is in force at a node, on its own day. */
export interface ExpectedCode {
  node: string
  list: string
  code: string
  inForce: boolean
}

/** A document that must be new in the mailbox of an account: of a trader, or of an outside system. */
export interface ExpectedMail {
  account: string
  type: string
  /** Texts that must all stand in it. */
  naming: string[]
}

/** How a guarantee must stand. */
export interface ExpectedLedger {
  /** The officer of guarantee who sees it. */
  account: string
  /** The story's guarantee when it is null. */
  grn: string | null
  /** What is open for the movement of the step: `locked 5000.00`, `liable 5000.00`, `nothing`. */
  movement: string | null
  /** Balances: available, locked, liable, referenceAmount. */
  balances: Record<string, string>
}

/** What must follow a step. All of it is waited for. */
export interface Expected {
  /** Documents that must be there; those for another administration with its receipt. */
  documents: string[]
  /** Documents that were made, and have no receipt because their receiver is away. */
  waiting: string[]
  mailboxes: ExpectedMail[]
  /** Documents of the movement of which an account's software was told by webhook; see the step `listen`. */
  told: { account: string; type: string }[]
  /** State of the movement at the office of each account. */
  states: Record<string, string>
  /** Type of the document by which a submitted one is refused, and what it must name. */
  refused: { by: string; naming: string } | null
  ledger: ExpectedLedger[]
  /** States of the movements on which an act was done at the same moment, by account, in any order. */
  outcomes: Record<string, string[]>
  codes: ExpectedCode[]
  /** 17th character of the MRN: which security data the declaration has. */
  letter: string | null
}

const document = /^[A-Z]{2}\d{3}[A-Z]$/

const nothing: Expected = {
  documents: [],
  waiting: [],
  mailboxes: [],
  told: [],
  states: {},
  outcomes: {},
  refused: null,
  ledger: [],
  codes: [],
  letter: null,
}

/** Reads the `expect` of a step; everything in it may be left out. @throws NodeFault CORRIDOR_FILE with the place that is wrong */
export function expectedFrom(expect: Checked | null, corridor: Corridor): Expected {
  if (expect === null) return nothing
  const refused = expect.optionalGroup('refused')
  const states = expect.values('states')
  const officers = corridor.nodes.flatMap(({ accounts }) => accounts).filter(({ office }) => office !== null)
  const outcomes = expect.optionalGroup('outcomes')
  for (const account of [...Object.keys(states), ...(outcomes?.names() ?? [])])
    if (!officers.some(({ id }) => id === account)) expect.refuse('states', `there is no officer “${account}”`)
  return {
    documents: documentsOf(expect, 'documents'),
    waiting: documentsOf(expect, 'waiting'),
    mailboxes: mailboxesFrom(expect.optionalGroup('mailboxes'), corridor),
    told: toldFrom(expect.optionalGroup('told')),
    states,
    refused:
      refused === null ? null : { by: refused.text('by', document), naming: refused.optionalText('naming') ?? '' },
    ledger: expect.optionalList('ledger').map((ledger) => ledgerFrom(ledger, officers)),
    outcomes: Object.fromEntries(
      (outcomes?.names() ?? []).map((account) => [account, outcomes!.texts(account, /^[a-z-]+$/).toSorted()]),
    ),
    codes: expect.optionalList('codes').map((code) => codeFrom(code, corridor)),
    letter: expect.has('letter') ? expect.text('letter', /^[A-Z]$/) : null,
  }
}

/** `{ <account>: [CC225C, { document: CC037C, naming: [5000.00] }] }` */
function mailboxesFrom(mailboxes: Checked | null, { nodes }: Corridor): ExpectedMail[] {
  const owners = nodes.flatMap(({ accounts }) => accounts).filter((account) => participantOf(account) !== undefined)
  return (mailboxes?.names() ?? []).flatMap((account) => {
    if (!owners.some(({ id }) => id === account)) mailboxes!.refuse(account, 'has no mailbox')
    const given = mailboxes!.any(account)
    if (Array.isArray(given) && given.every((each) => typeof each === 'string'))
      return documentsOf(mailboxes!, account).map((type) => ({ account, type, naming: [] }))
    return mailboxes!.list(account).map((mail) => ({
      account,
      type: mail.text('document', document),
      naming: mail.optionalTexts('naming'),
    }))
  })
}

/** `{ <account>: [CC028C] }` */
function toldFrom(told: Checked | null): { account: string; type: string }[] {
  return (told?.names() ?? []).flatMap((account) => documentsOf(told!, account).map((type) => ({ account, type })))
}

const balances = ['available', 'locked', 'liable', 'referenceAmount']

function ledgerFrom(ledger: Checked, officers: readonly { id: string }[]): ExpectedLedger {
  const told = balances.filter((name) => ledger.has(name))
  const movement = ledger.has('movement') ? ledger.text('movement', /^(nothing|(locked|liable) \d+\.\d\d)$/) : null
  if (told.length === 0 && movement === null)
    return ledger.refuse('', `one of movement, ${balances.join(', ')} must be told`)
  return {
    account: ledger.text('account', (account) => officers.some(({ id }) => id === account)),
    grn: ledger.optionalText('grn'),
    movement,
    balances: Object.fromEntries(told.map((name) => [name, ledger.text(name, /^\d+\.\d\d$/)])),
  }
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
