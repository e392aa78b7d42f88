/** Two nodes for declaration data: what they owe each other is carried as it is. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { type Block, putAt } from '@corridor/declarations'
import type { Account } from '@corridor/registry'
import { loadDeclarations } from '@corridor/tables'
import { exampleExport } from '../../declarations/test/example.ts'
import {
  declarationDocuments,
  type DeclarationOutcome,
  type DeclarationPorts,
  type DeclarationSummary,
  type DeclarationView,
  type DraftOutcome,
  usualTolerance,
} from '../src/index.ts'
import { consignee, declarant, startNode, type TestNode } from './nodes.ts'

const { blocks, imports, law } = loadDeclarations()
export { blocks }

export const ucr = '6ALL12345678A-INV88123'
export const number = '26ALDRS0004711'

const hasAttributes = (element: string): boolean =>
  ['@currencyID', '@unitCode'].some((name) => blocks.element(`${element}/${name}`) !== undefined)

/** A declaration with other texts at some paths. */
export function changed(block: Block, values: Record<string, string>): Block {
  const made = structuredClone(block)
  for (const [path, value] of Object.entries(values)) putAt(made, path, value, hasAttributes)
  return made
}

/** An export from Albania to Kosovo. */
export const exportBlock = (values: Record<string, string> = {}): Block =>
  changed(exampleExport(), {
    ResponsibleCountryCode: 'AL',
    'Declaration/ID': number,
    'Declaration/Exporter/ID': declarant,
    'Declaration/DeclarationOfficeID': 'AL000101',
    'Declaration/AcceptanceDateTime': '2026-11-24T08:00:00',
    'Declaration/GoodsShipment/Consignee/ID': consignee,
    'Declaration/GoodsShipment/Consignee/Address/CountryCode': 'XK',
    'Declaration/GoodsShipment/Destination/CountryCode': 'XK',
    'Declaration/GoodsShipment/ExportCountry/ID': 'AL',
    'Declaration/GoodsShipment/UCR/ID': ucr,
    ...values,
  })

/** What an importer adds to the draft of {@link exportBlock}. */
export const completion: Record<string, string> = {
  'Declaration/FunctionalReferenceID': 'SHARR-2026-9',
  'Declaration/DeclarationOfficeID': 'XK000301',
  'Declaration/Declarant/ID': consignee,
  'Declaration/Declarant/Name': 'Sharr Cargo',
}

const portsOf = (party: string, more: Partial<DeclarationPorts>): DeclarationPorts => ({
  blocks,
  imports,
  law,
  agreements: new Map([[party, { edition: '1.1', tells: 'import' }]]),
  agencies: [],
  traders: new Set(),
  mirror: { currency: 'EUR', rates: [{ currency: 'ZAR', perUnit: '20' }], tolerance: usualTolerance },
  hasNationalSystem: false,
  ...more,
})

export interface Pair {
  al: TestNode
  xk: TestNode
  /** Carries what both owe each other until nothing is left. @returns the types, in order */
  carry(options?: { backwards?: boolean; change?: (message: Owed) => Uint8Array }): Promise<string[]>
  stop(): Promise<void>
}

export interface Owed {
  id: number
  messageId: string
  type: string
  conversation: string
  payload: Uint8Array
}

/** Albania's and Kosovo's node. @param al what is otherwise at Albania's, @param xk at Kosovo's */
export async function startPair(al: Partial<DeclarationPorts> = {}, xk: Partial<DeclarationPorts> = {}): Promise<Pair> {
  const one = await startNode('al', undefined, {
    declarations: portsOf('NTA.XK', { traders: new Set([declarant]), ...al }),
  })
  const other = await startNode('xk', undefined, {
    declarations: portsOf('NTA.AL', { traders: new Set([consignee]), ...xk }),
  })
  const carried = new Map<TestNode, number>()
  return {
    al: one,
    xk: other,
    async carry({ backwards = false, change = ({ payload }: Owed): Uint8Array => payload } = {}) {
      const types: string[] = []
      for (let moved = -1; moved !== types.length;) {
        moved = types.length
        for (const [from, to] of [
          [one, other],
          [other, one],
        ] as const) {
          const messages = await owed(from, carried.get(from) ?? 0)
          carried.set(from, messages.at(-1)?.id ?? carried.get(from) ?? 0)
          for (const message of backwards ? messages.toReversed() : messages) {
            types.push(message.type)
            const { conversation, messageId } = message
            await to.take(message.type, change(message), { conversation, messageId })
          }
        }
      }
      return types
    },
    async stop() {
      await one.stop()
      await other.stop()
    },
  }
}

/** What a node owes its partner about declarations. */
export async function owed(node: TestNode, after: number): Promise<Owed[]> {
  const rows = await node.db.query<{ id: number; document_type: string; conversation: string; message_id: string }>(
    `select id, document_type, conversation, message_id from outbox where link = 'as4' and id > $1 and document_type = any ($2) order by id`,
    [after, declarationDocuments],
  )
  return Promise.all(
    rows.map(async ({ id, document_type: type, conversation, message_id: messageId }) => {
      const message = await node.exchange.message('out', String(id))
      return { id, messageId, type, conversation, payload: message?.payload ?? new Uint8Array() }
    }),
  )
}

/** A national system hands a declaration over. */
export const hand = (
  node: TestNode,
  block: Block,
  { event = 'released', id = randomUUID() }: { event?: string; id?: string } = {},
): Promise<DeclarationOutcome> => node.casework.declarations!.take({ id, actor: 'national-system', event }, block)

export const key = (account: Account) => ({
  accountId: account.id,
  key: randomUUID(),
  requestDigest: createHash('sha256').update(randomUUID()).digest(),
})

/** What an account sees in its list, as `side state version`. */
export async function listed(node: TestNode, account: string): Promise<string[]> {
  return (await summaries(node, account)).map(({ side, state, version }) => `${side} ${state} ${version}`).toSorted()
}

export async function summaries(node: TestNode, account: string): Promise<DeclarationSummary[]> {
  const page = await node.casework.declarations!.list(node.account(account), { page: 1, pageSize: 50 })
  return page?.items ?? assert.fail(`${account} sees no declarations`)
}

/** The page of the declaration of a side. */
export async function pageOf(node: TestNode, account: string, side: string): Promise<DeclarationView> {
  const found = (await summaries(node, account)).find((each) => each.side === side) ?? assert.fail(`no ${side}`)
  return (await node.casework.declarations!.view(node.account(account), found.id)) ?? assert.fail(found.id)
}

export async function lodge(
  node: TestNode,
  account: string,
  values: Record<string, string | null> = {},
  version = 1,
): Promise<DraftOutcome> {
  const { id } =
    (await summaries(node, account)).find(({ side }) => side === 'partner-export') ?? assert.fail('no draft')
  const idempotency = key(node.account(account))
  return node.casework.declarations!.lodge(node.account(account), id, {
    version,
    values: { ...completion, ...values },
    idempotency,
  })
}

export const claim = (node: TestNode, account: string, reference: string): Promise<DraftOutcome> =>
  node.casework.declarations!.claim(node.account(account), { ucr: reference, idempotency: key(node.account(account)) })

/** Codes of the journal about declarations, in order. */
export async function journal(node: TestNode): Promise<string[]> {
  const rows = await node.db.query<{ code: string }>(
    `select detail ->> 'code' as code from journal where kind = 'declaration' order by id`,
  )
  return rows.map(({ code }) => code)
}

/** What is in the mailbox of an account, by type, as JSON. */
export async function inMailbox(node: TestNode, participant: string): Promise<{ type: string; content: unknown }[]> {
  const items = await node.exchange.mailbox(participant, undefined, 50)
  return Promise.all(
    items.map(async ({ id, documentType: type }) => {
      const message = await node.exchange.mailboxMessage(participant, id)
      return { type, content: JSON.parse(Buffer.from(message?.payload ?? []).toString('utf8')) as unknown }
    }),
  )
}

/** What waits for the national system, as `kind declaration`. */
export async function results(node: TestNode): Promise<string[]> {
  const rows = await node.db.query<{ line: string }>(
    `select trim(kind || ' ' || declaration) as line from national_result order by number`,
  )
  return rows.map(({ line }) => line)
}
