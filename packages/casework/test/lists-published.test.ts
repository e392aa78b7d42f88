/** What is published in the store is what documents are checked with: at once, in every process, at the movement's day. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type CodeLists, codeListsUsed, type ReadEntry } from '@corridor/customs'
import { connect, type Database, migrate } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { migrations, reference } from '@corridor/registry'
import { loadOfficeLists } from '@corridor/tables'
import { type CurrentCodeLists, followCodeLists } from '../src/index.ts'
import {
  accepted,
  clock,
  declaration,
  directoryOf,
  errorsOf,
  law,
  put,
  rules,
  startNode,
  type TestNode,
} from './nodes.ts'

const used = codeListsUsed(law.messages, rules)
const source = { source: 'this test', version: '1', illustrative: true, completeness: 'complete', note: '' } as const
const heads = [
  { id: 'CL017', names: ['KindOfPackages'], kind: 'common', ...source },
  { id: 'CL141/NTA.AL', names: ['CustomsOffices'], kind: 'national', owner: 'NTA.AL', country: 'AL', ...source },
  { id: 'CL171', names: ['CustomsOfficeDeparture'], kind: 'common', ...source },
] as const

interface Entry {
  code: string
  validFrom?: string
  validTo?: string
  roles?: string[]
}

/** Puts a version of a list into use. */
async function publish(db: Database, list: string, entries: Entry[], covers: 'whole' | 'addition' = 'whole') {
  const read = entries.map(({ code, validFrom = '', validTo = '', roles }, at): ReadEntry => {
    const competences = (roles ?? []).map((Role) => ({
      name: 'CustomsOfficeRoleTrafficCompetence',
      items: { Role, TrafficType: 'R' },
      groups: [],
    }))
    const line = { name: 'CustomsOfficeTimetableLine', items: {}, groups: competences }
    const groups = roles ? [{ name: 'CustomsOfficeTimetable', items: {}, groups: [line] }] : []
    const items: Record<string, string> = roles ? { CountryCode: code.slice(0, 2) } : {}
    const rest = { state: 'valid', texts: { en: code, sq: 'shqip' }, items, keyItems: 0, groups } as const
    return { line: at + 1, entry: { list, code, validFrom, validTo, ...rest } }
  })
  const options = { author: 'test', at: clock(), effective: '2026-11-24', covers, ending: true }
  const report = await db.transaction((tx) => reference.importEntries(tx, read, options))
  assert.deepEqual(report.wrong, [])
}

const logged: string[] = []
const follow = (db: Database): Promise<CurrentCodeLists> =>
  followCodeLists({
    db,
    files: law.codeLists,
    used,
    offices: loadOfficeLists(),
    log: (_level, event, { lists }) => logged.push(`${event} ${(lists as string[]).join(', ')}`),
    later: () => assert.fail('the store could not be read'),
  })

async function until(lists: CurrentCodeLists, holds: (now: CodeLists) => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!holds(lists.current())) {
    assert.ok(performance.now() < deadline, 'the lists were not taken up')
    await pause(5)
  }
}

const dayMs = 86_400_000
let aheadMs = 0
const today = Date.UTC(2026, 10, 24, 14)
const moving = (): Date => new Date(today + aheadMs)

/** A node that works with what its store has. */
async function following(id: 'al' | 'xk'): Promise<{ node: TestNode; lists: CurrentCodeLists }> {
  let lists: CurrentCodeLists | undefined
  const own: typeof law = {
    ...law,
    get codeLists() {
      return lists?.current() ?? law.codeLists
    },
  }
  const node = await startNode(id, directoryOf(id), { clock: moving, law: own })
  await reference.declareLists(node.db, heads)
  await publish(node.db, 'CL017', [{ code: 'CT' }, { code: 'Q9' }])
  lists = await follow(node.db)
  return { node, lists }
}

let al: Awaited<ReturnType<typeof following>>
let xk: Awaited<ReturnType<typeof following>>
let own: TestDatabase
before(async () => {
  ;[al, xk, own] = await Promise.all([following('al'), following('xk'), testDatabase()])
})
after(async () => {
  for (const { node, lists } of [al, xk]) {
    await lists.stop()
    await node.stop()
  }
  await own.drop()
})

const packedIn = (kind: string) => put(declaration(), 'typeOfPackages', kind)
const pointer = '/CC015C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging[1]/typeOfPackages'

test('a code that ends holds for a movement from before, and one that begins tomorrow is taken from midnight on, without more', async () => {
  const mrn = await accepted(al.node, packedIn('Q9'))
  aheadMs = dayMs
  const after: Entry[] = [
    { code: 'CT' },
    { code: 'Q9', validTo: '2026-11-24' },
    { code: 'Q8', validFrom: '2026-11-26' },
  ]
  for (const { node, lists } of [al, xk]) {
    await publish(node.db, 'CL017', after)
    await until(lists, (now) => !now.has('CL017', 'Q9', '2026-11-25'))
  }
  assert.equal((await al.node.act('durres', mrn, 'release', { controlResult: 'A2' })).kind, 'done')
  await xk.node.take('CD001C', (await al.node.lastSent('CD001C')).payload)
  assert.deepEqual(await xk.node.sent(), [])
  assert.equal((await xk.node.view('prizren', mrn))?.status.code, 'expected')

  for (const kind of ['Q9', 'Q8']) {
    await al.node.post('adria', packedIn(kind))
    assert.deepEqual(errorsOf((await al.node.lastSent('CC056C')).doc), [`${pointer} 12 CL017 ${kind}`])
  }
  aheadMs = Date.UTC(2026, 10, 26) - today
  assert.ok(await accepted(al.node, packedIn('Q8')))
})

test('every process of a node hears of a version, reads only what changed, and keeps what files have and the store does not', async () => {
  const [one, other] = [connect(own.url), connect(own.url)]
  await migrate(one, [{ room: 'registry', directory: migrations }])
  await reference.declareLists(one, heads)
  const both = [await follow(one), await follow(other)]
  assert.equal(both[0]!.current(), law.codeLists)
  logged.length = 0
  await publish(one, 'CL017', [{ code: 'Q9' }])
  for (const lists of both) await until(lists, (now) => now.has('CL017', 'Q9', '2026-11-25'))
  assert.deepEqual(logged, ['reference.taken-up CL017 1', 'reference.taken-up CL017 1'])
  const before = both[0]!.current()
  assert.equal(before.has('CL017', 'BX', '2026-11-25'), false)
  assert.equal(before.codes('CL251', '2026-11-25').length, law.codeLists.codes('CL251', '2026-11-25').length)
  assert.equal(before.text('CL017', 'Q9'), 'Q9')
  // A draft is nobody's law, and what was taken before does not change under who works with it.
  await publish(one, 'CL017', [{ code: 'Q8' }])
  for (const lists of both) await until(lists, (now) => now.has('CL017', 'Q8', '2026-11-25'))
  assert.equal(before.has('CL017', 'Q8', '2026-11-25'), false)
  for (const lists of both) await lists.stop()
  await Promise.all([one.close(), other.close()])
})

test('an office that its administration publishes is in the lists of its roles, whatever those lists said', async () => {
  const { db } = al.node
  await publish(db, 'CL171', [{ code: 'AL000777' }, { code: 'FR000001' }])
  await publish(db, 'CL141/NTA.AL', [
    { code: 'AL000777', roles: ['DES', 'GUA'] },
    { code: 'AL000778', roles: ['DEP'], validFrom: '2026-12-01' },
  ])
  await until(
    al.lists,
    (now) => now.has('CL141', 'AL000777', '2026-11-25') && now.has('CL171', 'FR000001', '2026-11-25'),
  )
  await al.lists.settled()
  const now = al.lists.current()
  const inLists = (code: string, day: string) =>
    ['CL141', 'CL171', 'CL172', 'CL173', 'CL174'].filter((list) => now.has(list, code, day))
  assert.deepEqual(inLists('AL000777', '2026-11-25'), ['CL141', 'CL172', 'CL174'])
  assert.deepEqual(inLists('AL000778', '2026-11-30'), [])
  assert.deepEqual(inLists('AL000778', '2026-12-01'), ['CL141', 'CL171'])
  assert.deepEqual(inLists('FR000001', '2026-11-25'), ['CL171'])
  assert.equal(now.knows('CL176'), false)
  assert.deepEqual(
    now.sources('CL141').map(({ owner }) => owner),
    ['NTA.AL'],
  )
})

test('what was published while the connection was away is taken up when it is back', async () => {
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [{ room: 'registry', directory: migrations }])
  await reference.declareLists(db, heads)
  const lists = await follow(db)
  await db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
  await publish(db, 'CL017', [{ code: 'Q9' }])
  await until(lists, (now) => now.has('CL017', 'Q9', '2026-11-25') && !now.has('CL017', 'BX', '2026-11-25'))
  await lists.stop()
  await db.close()
  await made.drop()
})

test('a store that cannot be read leaves the lists as they are; they are taken up later', async () => {
  const made = await testDatabase()
  const db = connect(made.url)
  await migrate(db, [{ room: 'registry', directory: migrations }])
  await reference.declareLists(db, heads)
  const asked = Promise.withResolvers<() => void>()
  const lists = await followCodeLists({
    db,
    files: law.codeLists,
    used,
    offices: [],
    log: () => undefined,
    later: asked.resolve,
  })
  await db.query('alter table reference_list rename to hidden')
  await db.query(`select pg_notify('reference', 'CL017')`)
  const again = await asked.promise
  assert.equal(lists.current(), law.codeLists)
  await db.query('alter table hidden rename to reference_list')
  await publish(db, 'CL017', [{ code: 'Q9' }])
  again()
  await until(lists, (now) => !now.has('CL017', 'BX', '2026-11-25'))
  await lists.stop()
  await db.close()
  await made.drop()
})
