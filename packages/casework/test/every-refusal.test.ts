/**
 * Every row of refusals.tsv, reached by a real document: the negative document that the procedure has, to who sent it, with the row's code,
 * reason and place. No record, amount or entry of the ledger changes, and nothing is given up.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { groups, text } from '@corridor/procedures'
import { law, type SentDocument, type TestNode } from './nodes.ts'
import { arriving, unconfirmedExport } from './refusal-cases/arriving.ts'
import { makeWorld, type RefusalCase, type World } from './refusal-cases/case.ts'
import { declaring } from './refusal-cases/declaring.ts'
import { guaranteeing } from './refusal-cases/guaranteeing.ts'

const cases: Record<string, RefusalCase> = { ...declaring, ...arriving, ...guaranteeing }

/** Refusals whose place says which of several groups it is about. */
const placedByDocument = new Set(['N0011', 'N0012', 'N0013', 'N0017', 'N0018', 'N0019', 'N0091', 'N0010', 'N0009'])

let usual: World
before(async () => {
  usual = await makeWorld()
})
after(() => stop(usual))

const stop = ({ al, xk }: World) => Promise.all([al.stop(), xk.stop()])

/** @param counted whether the count of what was decided on a record is looked at: a request for a record is counted, whatever the answer */
const everything = (nodes: TestNode[], counted: boolean): Promise<unknown[]> =>
  Promise.all(
    nodes.map((node) =>
      node.db.query(
        `select (select jsonb_agg(jsonb_build_array(id, state, data${counted ? ', version' : ''}) order by id) from movement) as movements,
          (select jsonb_agg(jsonb_build_array(grn, state, available, locked, liable) order by grn) from guarantee) as guarantees,
          (select jsonb_agg(jsonb_build_array(movement, timer, due, paused_at) order by movement, timer) from movement_timer) as timers,
          (select count(*) from guarantee_transaction) as entries,
          (select jsonb_agg(paper order by mrn) from fallback_paper paper) as papers`,
      ),
    ),
  )

/** The reasons of a refusal, as its document says them. */
const saidIn = ({ doc }: SentDocument) =>
  groups(doc, 'FunctionalError').map((error) => {
    const said = (name: string) => text(error, name) ?? ''
    return { pointer: said('errorPointer'), code: said('errorCode'), reason: said('errorReason') }
  })

test('each row of the table has its case here', () => {
  assert.deepEqual([...Object.keys(cases), 'N0093'].sort(), [...law.refusals.keys()].sort())
})

for (const [id, row] of law.refusals) {
  const one = cases[id]
  if (one === undefined) continue
  test(`${id} (${row.code}) by ${one.by}`, async () => {
    const world = one.world === undefined ? usual : await one.world()
    try {
      const refused = await one.reach(world)
      const nodes = [world.al, world.xk]
      const judged = one.onlyAtDeparture === true ? [world.al] : nodes
      const last = await Promise.all(nodes.map(async (node) => (await node.sent()).at(-1)?.id ?? 0))
      const counted = one.onlyAtDeparture !== true
      const before = await everything(judged, counted)
      await refused()
      for (const node of nodes) await node.settle()
      assert.deepEqual(await everything(judged, counted), before)
      const sent = (await Promise.all(nodes.map((node, at) => node.sent(last[at])))).flat()
      const refusals = sent.filter(({ type }) => /^C[CD](056|057|906|917)C$/.test(type))
      assert.deepEqual(
        refusals.map(({ type, recipient }) => [type, recipient]),
        [[one.by, one.to]],
      )
      const said = saidIn(refusals[0] ?? assert.fail())
      const meant = said.find(({ reason }) => reason === id)
      assert.ok(meant !== undefined, JSON.stringify(said))
      assert.equal(meant.code, row.code)
      if (!placedByDocument.has(id)) assert.equal(meant.pointer, row.path)
      for (const node of nodes) assert.deepEqual(await node.parked(), [])
    } finally {
      if (world !== usual) await stop(world)
    }
  })
}

test('N0093 (14) by CC022C: no refusal of a document, but the answer of the export system, told to the declarant', async () => {
  const doc = await unconfirmedExport(usual)
  const [error] = groups(doc, 'FunctionalError')
  assert.deepEqual(
    [text(error, 'errorCode'), text(error, 'errorReason'), text(error, 'originalAttributeValue')],
    ['14', 'N0093', '26AL000101EXP001A7'],
  )
})
