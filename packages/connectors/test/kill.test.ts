/** A gateway that is killed again and again: what a stand-in released is in the node once, in its order, and each has its receipt. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect, type Database } from '@corridor/database'
import { testDatabase, type TestDatabase } from '@corridor/database/testing'
import { loadDeclarations } from '@corridor/tables'
import type { Doc } from '@corridor/customs'
import { exampleExport } from '../../declarations/test/example.ts'
import { install, readMapping } from '../src/index.ts'
import { databaseMapping, standInOnDatabase, standInOnFiles, standInOnRest, type StandIn } from '../stand-ins/index.ts'
import { nationalDatabase, type NationalDatabase } from './national-database.ts'

const { forms } = loadDeclarations()
const token = 'token-of-the-test'
const facts = { country: 'SZ', currency: 'ZAR' }
let node: Database
let nodeBase: TestDatabase
let national: NationalDatabase
let folder: string
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'corridor-kill-'))
  nodeBase = await testDatabase()
  node = connect(nodeBase.url)
  national = await nationalDatabase()
})
after(async () => {
  await node.close()
  await Promise.all([nodeBase.drop(), national.drop()])
  rmSync(folder, { recursive: true, force: true })
})

/** A declaration in its version, in the form of the stand-in. */
function document(form: string, number: number, version: number): Uint8Array {
  const block = exampleExport()
  const declaration = block['Declaration'] as Doc
  declaration['FunctionalReferenceID'] = `D-${number} v${version}`
  return forms.get(form)!.write(block, facts).bytes
}

async function killed(kind: string, where: string, form: string, standIn: StandIn): Promise<void> {
  await node.query(`
    drop table if exists received;
    create table received (number bigint generated always as identity, id text primary key, declaration text, block bytea)`)
  const script = fileURLToPath(new URL('pump-process.ts', import.meta.url))
  const start = () =>
    spawn(process.execPath, [script, kind, where, form, nodeBase.url, token], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const [declarations, versions] = [12, 3]
  const received = async (): Promise<number> => {
    const [row] = await node.query<{ count: number }>('select count(*) from received')
    return row?.count ?? 0
  }
  for (let version = 1; version <= versions; version++) {
    for (let number = 1; number <= declarations; number++)
      await standIn.release(`D-${number}`, document(form, number, version))
    await standIn.release(`rubbish-${version}`, new TextEncoder().encode(`rubbish ${version}`))
    const gateway = start()
    // In the middle of its work, wherever that is just then.
    while ((await received()) < version * 7) {
      assert.equal(gateway.exitCode, null, 'the gateway ended by itself')
      await setTimeout(3)
    }
    gateway.kill('SIGKILL')
    await once(gateway, 'exit')
  }
  const last = start()
  const [code] = (await once(last, 'exit')) as [number | null]
  assert.equal(code, 0)
  const rows = await node.query<{ declaration: string; block: Buffer }>(
    'select declaration, block from received order by number',
  )
  const seen = Map.groupBy(rows, ({ declaration }) => declaration)
  assert.equal(seen.size, declarations)
  for (const [declaration, own] of seen) {
    const references = own.map(({ block }) => /"FunctionalReferenceID":"([^"]+)"/.exec(block.toString())?.[1])
    assert.deepEqual(
      references,
      Array.from({ length: versions }, (_, at) => `${declaration} v${at + 1}`),
    )
  }
  const receipts = await standIn.results()
  assert.equal(new Set(receipts.map(({ bytes }) => Buffer.from(bytes).toString())).size, declarations * versions)
  assert.equal(receipts.length, declarations * versions)
}

test('database triggers, XML like that of ASYCUDA World', async () => {
  await national.system.query('drop schema sad cascade')
  const standIn = await standInOnDatabase(connect(national.systemUrl))
  await install(national.system, readMapping(databaseMapping(national.mapping.gatewayRole)))
  await killed('database', national.gatewayUrl, 'asycuda-world-like', standIn)
  const aside = await national.admin.query<{ declaration: string; wrong: { rule: string }[] }>(
    `select declaration, wrong from corridor_gateway.outbox where state = 'aside' order by declaration`,
  )
  assert.deepEqual(
    aside.map(({ declaration, wrong }) => [declaration, wrong[0]?.rule]),
    [1, 2, 3].map((version) => [`rubbish-${version}`, 'not-xml']),
  )
  await standIn.close()
})

test('a watched folder, files like those of ASYCUDA++', async () => {
  const where = join(folder, 'watched')
  await killed('files', where, 'asycuda-pp-like', await standInOnFiles(where))
})

test('REST, JSON of a system that is neither', async () => {
  const standIn = await standInOnRest(join(folder, 'rest.json'), token)
  await killed('rest', standIn.url, 'plain-json', standIn)
  assert.deepEqual(
    standIn.aside().map(({ declaration }) => declaration),
    ['rubbish-1', 'rubbish-2', 'rubbish-3'],
  )
  await standIn.close()
})
