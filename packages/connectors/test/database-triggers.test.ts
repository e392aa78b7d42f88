import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { install, pump, readMapping, triggerState, triggerSystem, uninstall } from '../src/index.ts'
import { captures, type NationalDatabase, nationalDatabase, put } from './national-database.ts'

let national: NationalDatabase
before(async () => {
  national = await nationalDatabase()
  await install(national.system, national.mapping)
})
after(() => national.drop())
beforeEach(async () => {
  await national.system.query('truncate sad.declaration')
  await install(national.system, national.mapping)
  await uninstall(national.system, true)
  await install(national.system, national.mapping)
})

const gateway = (leaseSeconds = 60) => triggerSystem(national.gateway, { leaseSeconds })
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const state = () => triggerState(national.gateway)

test('what is released is captured with its event; other states, and the same once more, are not', async () => {
  await put(national.system, 1, '<a>1</a>', 'STORED')
  await put(national.system, 1, '<a>1</a>')
  await put(national.system, 1, '<a>1</a>')
  await put(national.system, 1, '<a>2</a>')
  await put(national.system, 1, '<a>2</a>', 'PAID')
  await put(national.system, 1, '<a>2</a>', 'CANCELLED')
  const seen: string[] = []
  for (let round = 0; round < 4; round++)
    await pump(
      gateway(),
      async ({ declaration, event, bytes }) => {
        seen.push(`${declaration} ${event} ${textOf(bytes)}`)
        return 'accepted'
      },
      10,
    )
  assert.deepEqual(seen, [
    'SZNGW-2026-1 released <a>1</a>',
    'SZNGW-2026-1 released <a>2</a>',
    'SZNGW-2026-1 cancelled <a>2</a>',
  ])
  assert.deepEqual(await state(), { waiting: 0, leased: 0, done: 3, aside: 0, failures: 0, results: 0, oldest: null })
})

test('a transaction that the national system rolls back hands nothing over', async () => {
  await assert.rejects(
    national.system.transaction(async (tx) => {
      await tx.query(`insert into sad.declaration values ('SZNGW', 2026, 7, 'RELEASED', '<a/>')`)
      throw new Error('not today')
    }),
  )
  assert.deepEqual(await gateway().take(10), [])
})

test('of one declaration one thing at a time; others do not wait for it; a lease that ran out comes again under the same id', async () => {
  await put(national.system, 1, '<a>1</a>')
  await put(national.system, 1, '<a>2</a>')
  await put(national.system, 2, '<b>1</b>')
  const first = await gateway(0).take(10)
  assert.deepEqual(
    first.map(({ bytes }) => textOf(bytes)),
    ['<a>1</a>', '<b>1</b>'],
  )
  const again = await gateway().take(10)
  assert.deepEqual(
    again.map(({ id, before }) => [id, before]),
    first.map(({ id }) => [id, 1]),
  )
  assert.deepEqual(await gateway().take(10), [])
  await gateway().done([again[0]!.id])
  assert.deepEqual(
    (await gateway().take(10)).map(({ bytes }) => textOf(bytes)),
    ['<a>2</a>'],
  )
})

test('takers at the same time never have the same thing, and each thing is had once', async () => {
  for (let number = 1; number <= 60; number++) await put(national.system, number, `<a>${number}</a>`)
  const taken: string[] = []
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (;;) {
        const some = await gateway().take(3)
        if (some.length === 0) return
        for (const { id, declaration } of some) {
          taken.push(declaration)
          await gateway().done([id])
        }
      }
    }),
  )
  assert.equal(taken.length, 60)
  assert.equal(new Set(taken).size, 60)
})

test('rubbish is set aside with what is wrong, and holds up nothing, not even of its own declaration', async () => {
  await put(national.system, 1, 'rubbish')
  await put(national.system, 1, '<a/>')
  await put(national.system, 2, '<b/>')
  await national.admin.query(
    `insert into corridor_gateway.outbox (capture, declaration, event, content, digest) values ('exports', 'by hand', 'released', null, 'x')`,
  )
  const taken: string[] = []
  for (let round = 0; round < 3; round++)
    await pump(
      gateway(),
      async ({ bytes, declaration }) => {
        if (!textOf(bytes).startsWith('<'))
          return { wrong: [{ rule: 'not-xml', place: '/', text: 'It is no XML.', remedy: 'Give XML.' }] }
        taken.push(declaration)
        return 'accepted'
      },
      10,
    )
  assert.deepEqual(taken.toSorted(), ['SZNGW-2026-1', 'SZNGW-2026-2'])
  const aside = await national.admin.query<{ id: string; declaration: string; wrong: unknown }>(
    `select id, declaration, wrong from corridor_gateway.outbox where state = 'aside' order by number`,
  )
  assert.deepEqual(
    aside.map(({ declaration }) => declaration),
    ['SZNGW-2026-1', 'by hand'],
  )
  assert.deepEqual(aside[0]?.wrong, [{ rule: 'not-xml', place: '/', text: 'It is no XML.', remedy: 'Give XML.' }])
  await national.system.query('select corridor_gateway.again($1)', [aside[1]?.id])
  assert.deepEqual(
    (await gateway().take(10)).map(({ declaration }) => declaration),
    ['by hand'],
  )
})

test('what was set aside is not handed over again after something newer of the declaration', async () => {
  const again = async (number: number) => {
    const [row] = await national.system.query<{ again: boolean }>(
      `select corridor_gateway.again((select id from corridor_gateway.outbox order by number offset $1 limit 1)) as again`,
      [number - 1],
    )
    return row?.again
  }
  const aside = async () => {
    const [taken] = await gateway().take(1)
    await gateway().setAside(taken!.id, [])
    return textOf(taken!.bytes)
  }
  await put(national.system, 1, '<first/>')
  await put(national.system, 1, '<second/>')
  assert.deepEqual([await aside(), await aside()], ['<first/>', '<second/>'])
  assert.equal(await again(1), true, 'both were set aside: the first one comes first')
  assert.equal(await again(2), true)
  assert.equal(await aside(), '<first/>')
  await assert.rejects(again(1), { code: 'CG002', message: /SZNGW-2026-1/ }, 'the second one waits')
  const [second] = await gateway().take(1)
  await gateway().done([second!.id])
  await assert.rejects(again(1), { code: 'CG002' }, 'the second one was taken')
  assert.equal(await again(2), false, 'it is not aside')
  await put(national.system, 1, '<first/>')
  assert.equal(await aside(), '<first/>', 'the system may release it once more')
})

test('what ends its taker each time is set aside after ten times', async () => {
  await put(national.system, 1, '<poison/>')
  for (let time = 0; time < 10; time++) assert.equal((await gateway(0).take(1)).length, 1)
  assert.deepEqual(await gateway(0).take(1), [])
  assert.equal((await state()).aside, 1)
})

test('results come back once; the national system says which it has', async () => {
  const result = {
    id: 'r-1',
    declaration: 'SZNGW-2026-1',
    kind: 'receipt',
    mediaType: 'application/json',
    bytes: new TextEncoder().encode('{"ok":"yes"}'),
  }
  assert.equal(await gateway().give(result), 'given')
  assert.equal(await gateway().give(result), 'there')
  assert.equal(await gateway().give({ ...result, bytes: new Uint8Array([1]) }), 'conflict')
  const results = await national.system.query<{ id: string; kind: string; content: Buffer }>(
    'select id, kind, content from corridor_gateway.results',
  )
  assert.deepEqual(
    results.map(({ id, content }) => [id, content.toString()]),
    [['r-1', '{"ok":"yes"}']],
  )
  await national.system.query(`select corridor_gateway.result_taken('r-1')`)
  assert.deepEqual(await national.system.query('select from corridor_gateway.results'), [])
  assert.equal(await gateway().give(result), 'there')
  assert.equal(await gateway().give({ ...result, bytes: new Uint8Array() }), 'conflict')
  const [left] = await national.admin.query<{ bytes: number }>(
    'select sum(octet_length(content))::int as bytes from corridor_gateway.inbox',
  )
  assert.equal(left?.bytes, 0, 'who has it keeps it')
})

test('the gateway’s role has rights on its schema only: everything else is refused', async () => {
  await put(national.system, 1, '<a/>')
  const attempts = [
    'select * from sad.declaration',
    `update sad.declaration set status = 'PAID'`,
    'select * from corridor_gateway.outbox',
    `insert into corridor_gateway.outbox (capture, declaration, event, digest) values ('x', 'x', 'x', 'x')`,
    'delete from corridor_gateway.inbox',
    'do $$ begin lock table corridor_gateway.outbox in access exclusive mode; end $$',
    'select * from corridor_gateway.failure',
    'select * from corridor_gateway.recapture_exports()',
    `select corridor_gateway.capture('exports', 'x', 'released', 'x')`,
    'select corridor_gateway.again(gen_random_uuid())',
    `select corridor_gateway.result_taken('r-1')`,
    'create table corridor_gateway.mine (a int)',
    'create schema mine',
    'drop schema corridor_gateway cascade',
    'alter table sad.declaration disable trigger all',
    `set role ${new URL(national.systemUrl).username}`,
  ]
  for (const attempt of attempts) await assert.rejects(national.gateway.query(attempt), { code: '42501' }, attempt)
  assert.equal((await gateway().take(1)).length, 1)
})

test('whoever may change the table is captured, also a role that has no rights on the schema of the gateway', async () => {
  const clerk = `${national.mapping.gatewayRole}_c`
  await national.admin.query(
    `create role ${clerk}; grant usage on schema sad to ${clerk}; grant insert, update on sad.declaration to ${clerk}`,
  )
  await national.admin.transaction(async (tx) => {
    await tx.query(`set local role ${clerk}`)
    await tx.query(`insert into sad.declaration values ('SZNGW', 2026, 9, 'RELEASED', '<clerk/>')`)
  })
  await assert.rejects(
    national.admin.transaction(async (tx) => {
      await tx.query(`set local role ${clerk}`)
      await tx.query('select * from corridor_gateway.outbox')
    }),
    { code: '42501' },
  )
  assert.deepEqual(
    (await gateway().take(1)).map(({ bytes }) => textOf(bytes)),
    ['<clerk/>'],
  )
  await national.admin.query(`drop owned by ${clerk}; drop role ${clerk}`)
})

test('a role that the mapping does not name any more has no rights left', async () => {
  const other = `${national.mapping.gatewayRole}_b`
  await national.admin.query(`create role ${other}`)
  await install(national.system, { ...national.mapping, gatewayRole: other })
  await assert.rejects(gateway().take(1), { code: '42501' })
  await install(national.system, national.mapping)
  assert.deepEqual(await gateway().take(1), [])
  await national.admin.query(`drop owned by ${other}; drop role ${other}`)
})

test('what is installed can be installed again, and taken out; the national system goes on', async () => {
  await put(national.system, 1, '<a/>')
  await install(national.system, national.mapping)
  assert.equal((await state()).waiting, 1)
  await assert.rejects(uninstall(national.system), { code: 'connectors.waiting' })
  await uninstall(national.system, true)
  await put(national.system, 2, '<b/>')
  const left = await national.system.query(`select from pg_trigger where tgname like 'corridor%'`)
  assert.deepEqual(left, [])
  await assert.rejects(uninstall(national.system), { code: 'connectors.not-installed' })
  await assert.rejects(state(), { code: 'connectors.not-installed' })
  await install(national.system, national.mapping)
})

test('a mapping that does not fit is refused with its place, and nothing of it stays', async () => {
  const [capture] = captures
  const wrong: [unknown, RegExp][] = [
    [undefined, /the mapping/],
    [{ gatewayRole: 'x', captures: [] }, /captures/],
    [{ gatewayRole: '', captures }, /gatewayRole/],
    [{ gatewayRole: 'x', captures: [{ ...capture, table: 'declaration' }] }, /captures\[0\]\.table/],
    [{ gatewayRole: 'x', captures: [{ ...capture, name: 'a b' }] }, /captures\[0\]\.name/],
    [{ gatewayRole: 'x', captures: [{ ...capture, content: 'all' }] }, /captures\[0\]\.content/],
    [{ gatewayRole: 'x', captures: [{ ...capture, state: { column: 's', events: { A: "x'; drop" } } }] }, /events\.A/],
    [{ gatewayRole: 'x', captures: [{ ...capture, state: { column: 's', events: { A: 'canceled' } } }] }, /events\.A/],
    [{ gatewayRole: 'x', captures: [{ ...capture, table: 'sad.t\ndrop table sad.declaration; --' }] }, /\.table/],
    [{ gatewayRole: 'x', captures: [{ ...capture, key: ['a$trigger$'] }] }, /\.key\[0\]/],
    [
      { gatewayRole: 'x', captures: [{ ...capture, state: { column: 's', events: { $recapture$: 'released' } } }] },
      /events/,
    ],
    [{ gatewayRole: 'x\u2028', captures }, /gatewayRole/],
    [{ gatewayRole: 'x', captures: [capture, capture] }, /twice/],
    [{ gatewayRole: 'x', captures, also: 1 }, /also/],
  ]
  for (const [mapping, message] of wrong)
    assert.throws(() => readMapping(mapping), { code: 'connectors.mapping', message })
  await uninstall(national.system, true)
  const { gatewayRole } = national.mapping
  const misfits: [object, string][] = [
    [{ gatewayRole: 'nobody_here', captures }, 'connectors.no-role'],
    [{ gatewayRole, captures: [{ ...capture, table: 'sad.nothing' }] }, 'connectors.no-table'],
    [{ gatewayRole, captures: [{ ...capture, key: ['nothing'] }] }, 'connectors.no-table'],
    [{ gatewayRole, captures: [{ ...capture, content: { function: 'sad.nothing' } }] }, 'connectors.no-table'],
  ]
  for (const [mapping, code] of misfits) await assert.rejects(install(national.system, readMapping(mapping)), { code })
  await assert.rejects(install(national.gateway, national.mapping), { code: 'connectors.not-owner' })
  await assert.rejects(state(), { code: 'connectors.not-installed' })
})

test('names and values that are strange are only names and values', async () => {
  await national.system.query(`
    create schema "odd ""schema";
    create table "odd ""schema"."T'1" ("the key" text, "st{}ate" text, "b" bytea, "name" text)`)
  const odd = readMapping({
    gatewayRole: national.mapping.gatewayRole,
    captures: [
      {
        name: 'odd',
        table: `odd "schema.T'1`,
        key: ['the key'],
        state: { column: 'st{}ate', events: { "it's {name}": 'released' } },
        content: { bytes: 'b' },
      },
      {
        name: 'rows',
        table: `odd "schema.T'1`,
        key: ['the key'],
        state: { column: 'st{}ate', events: { row: 'released' } },
        content: 'row',
      },
    ],
  })
  await install(national.system, odd)
  await national.system.query(
    `insert into "odd ""schema"."T'1" values ('k', 'it''s {name}', 'bytes', 'n'), ('k', 'row', null, 'n')`,
  )
  const taken = await gateway().take(10)
  assert.deepEqual(
    taken.map(({ declaration, bytes }) => [declaration, textOf(bytes)]),
    [
      ['k', 'bytes'],
      ['k', '{"b": null, "name": "n", "st{}ate": "row", "the key": "k"}'],
    ],
  )
})
