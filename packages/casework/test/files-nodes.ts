/** Two nodes for files of supporting documents: what they owe each other is carried as it is, whatever its kind. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { pdfPage } from '@corridor/files/testing'
import type { Account } from '@corridor/registry'
import type { AttachOutcome, FileSettings, FilesOutcome, MovementFiles } from '../src/index.ts'
import { fileDocuments } from '../src/index.ts'
import { accepted, released, startNode, type TestNode } from './nodes.ts'

export const invoice = { type: 'N380', reference: 'INV-2026-0417' }
export const pdf = pdfPage('Invoice INV-2026-0417')
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const key = (account: Account) => ({
  accountId: account.id,
  key: randomUUID(),
  requestDigest: createHash('sha256').update(randomUUID()).digest(),
})

/** Attaches a file; a PDF of the invoice unless told. */
export function attach(
  node: TestNode,
  account: string,
  reference: string,
  change: Partial<{
    content: Uint8Array
    mediaType: string
    name: string
    document: { type: string; reference: string; item?: number }
    replaces: string
    idempotency: ReturnType<typeof key>
  }> = {},
): Promise<AttachOutcome> {
  return node.casework.attachFile(node.account(account), reference, {
    content: pdf,
    mediaType: 'application/pdf',
    name: 'invoice.pdf',
    document: invoice,
    idempotency: key(node.account(account)),
    ...change,
  })
}

/** Attaches a file that must be taken. @returns its UUID and its id in the node */
export async function attached(...given: Parameters<typeof attach>): Promise<{ id: string; file: string }> {
  const outcome = await attach(...given)
  assert.equal(outcome.kind, 'done', JSON.stringify(outcome))
  return outcome.kind === 'done' ? outcome.file : assert.fail()
}

/** An officer asks the other administration. */
export function ask(
  node: TestNode,
  account: string,
  mrn: string,
  document: { type: string; reference: string } | null = null,
): Promise<FilesOutcome> {
  const idempotency = key(node.account(account))
  return node.casework.askForFiles(node.account(account), mrn, { document, reason: 'The value looks low', idempotency })
}

export const decide = (
  node: TestNode,
  account: string,
  mrn: string,
  id: string,
  decision: 'give' | 'refuse',
  note = '',
): Promise<FilesOutcome> => {
  const idempotency = key(node.account(account))
  return node.casework.decideOnFiles(node.account(account), mrn, id, { decision, note, idempotency })
}

export const list = async (node: TestNode, account: string, reference: string): Promise<MovementFiles> =>
  (await node.casework.files(node.account(account), reference)) ?? assert.fail(`${account} sees no files`)

/** Lines of the journal about files, as `code note`. */
export async function notes(node: TestNode, mrn: string): Promise<{ code: string; detail: Record<string, string> }[]> {
  const rows = await node.db.query<{ detail: Record<string, string> }>(
    `select detail from journal where conversation = $1 and kind = 'movement' and detail ->> 'code' like 'file%' order by id`,
    [mrn],
  )
  return rows.map(({ detail }) => ({ code: detail['code'] ?? '', detail }))
}

/** A message about files that a node owes to the other. */
export interface Owed {
  id: number
  type: string
  conversation: string
  payload: Buffer
}

/** What a node owes about files, oldest first. */
export async function owed(node: TestNode, after = 0): Promise<Owed[]> {
  const rows = await node.db.query<{ id: number; document_type: string; conversation: string }>(
    `select id, document_type, conversation from outbox where link = 'as4' and id > $1 and document_type = any ($2) order by id`,
    [after, fileDocuments],
  )
  return Promise.all(
    rows.map(async ({ id, document_type: type, conversation }) => {
      const message = await node.exchange.message('out', String(id))
      return { id, type, conversation, payload: Buffer.from(message?.payload ?? []) }
    }),
  )
}

/** Number of the last message of a node that was carried. */
const carried = new WeakMap<TestNode, number>()

/** Carries what two nodes owe each other about files until nothing is left. @param change what comes of a message on its way @returns the types */
export function fileCarrier(
  one: TestNode,
  other: TestNode,
  change: (message: Owed) => Buffer = ({ payload }) => payload,
): (order?: 'as-sent' | 'backwards') => Promise<string[]> {
  return async (order = 'as-sent') => {
    const types: string[] = []
    for (let moved = -1; moved !== types.length;) {
      moved = types.length
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const) {
        const messages = await owed(from, carried.get(from))
        carried.set(from, messages.at(-1)?.id ?? carried.get(from) ?? 0)
        for (const message of order === 'as-sent' ? messages : messages.toReversed()) {
          types.push(message.type)
          await to.take(message.type, change(message), { conversation: message.conversation })
        }
      }
    }
    return types
  }
}

export interface Two {
  al: TestNode
  xk: TestNode
  stop(): Promise<void>
}

/** Albania's and Kosovo's node. @param al how Albania's deals with files, @param xk how Kosovo's does */
export async function startTwo(al: Partial<FileSettings> = {}, xk: Partial<FileSettings> = {}): Promise<Two> {
  const usual = { answer: 'automatically', fileBytes: 5_000_000, movementBytes: 25_000_000, movementFiles: 50 } as const
  const nodes = [
    await startNode('al', undefined, { files: { ...usual, ...al } }),
    await startNode('xk', undefined, { files: { ...usual, ...xk } }),
  ] as const
  return {
    al: nodes[0],
    xk: nodes[1],
    stop: async () => {
      for (const node of nodes) await node.stop()
    },
  }
}

/** A movement that is released in Albania and known to Kosovo's offices. @returns its MRN */
export async function underWay({ al, xk }: Two): Promise<string> {
  const { mrn, CD001C, CD050C } = await released(al)
  await xk.take('CD001C', CD001C, { conversation: mrn })
  await xk.take('CD050C', CD050C, { conversation: mrn })
  assert.ok(await xk.view('prizren', mrn), 'Prizren has the movement')
  return mrn
}

export { accepted }
