import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import {
  connect,
  createDatabase,
  DatabaseFault,
  migrate,
  sqlState,
  statement,
  statements,
  type Database,
} from '../src/index.ts'
import { asFault } from '../src/faults.ts'
import { testDatabase, testServer, type TestDatabase } from '../src/testing.ts'

let made: TestDatabase
let database: Database
const folders: string[] = []

before(async () => {
  made = await testDatabase()
  database = connect(made.url)
})

after(async () => {
  await database.close()
  await made.drop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function folderWith(files: Record<string, string>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-sql-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return pathToFileURL(`${folder}/`)
}

function room(files: Record<string, string>, name = 'stamps') {
  return [{ room: name, directory: folderWith(files) }]
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, 'in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const codeIs = (code: string) => (error: unknown) => error instanceof DatabaseFault && error.code === code

test('values come back as documented', async () => {
  const [row] = await database.query(
    `select count(*) as n, 12.30::numeric as amount, '2026-11-24T10:00:00Z'::timestamptz as at,
            '\\x00ff'::bytea as bytes, '{"a":[1]}'::jsonb as doc, 9007199254740991::int8 as most`,
  )
  assert.deepEqual(row, {
    n: 1,
    amount: '12.30',
    at: new Date('2026-11-24T10:00:00Z'),
    bytes: Buffer.from([0, 255]),
    doc: { a: [1] },
    most: Number.MAX_SAFE_INTEGER,
  })
  await assert.rejects(database.query('select 9007199254740992::int8'), codeIs('database.number-too-large'))
  assert.deepEqual(await database.query('select 1 as one'), [{ one: 1 }])
})

test('statements are files, prepared by name; two rooms may use the same file name', async () => {
  const one = statements<'addUp'>(
    folderWith({ 'add-up.sql': 'select $1::int + 1 as sum', 'README.md': 'no statement' }),
  )
  const two = statements<'addUp'>(folderWith({ 'add-up.sql': 'select $1::int + 2 as sum' }))
  await database.session(async (session) => {
    assert.deepEqual(await session.run(one.addUp, [1]), [{ sum: 2 }])
    assert.deepEqual(await session.run(two.addUp, [1]), [{ sum: 3 }])
    const prepared = await session.query<{ name: string }>(
      "select name from pg_prepared_statements where name like 'add-up%'",
    )
    assert.equal(prepared.length, 2)
  })
  assert.throws(() => (one as Record<string, unknown>)['addUpp'], /no statement addUpp/)
})

test('a transaction keeps all or nothing, and a failed statement cannot be swallowed', async () => {
  await database.query('create table account (id int primary key, balance int not null)')
  await assert.rejects(
    database.transaction(async (tx) => {
      await tx.query('insert into account values (1, 10)')
      throw new Error('changed my mind')
    }),
    /changed my mind/,
  )
  await assert.rejects(
    database.transaction(async (tx) => {
      await tx.query('insert into account values (1, 10)')
      await tx.query('insert into account values (1, 10)').catch(() => {})
    }),
    /rolled back/,
  )
  assert.deepEqual(await database.query('select * from account'), [])
  await database.transaction((tx) => tx.query('insert into account values (1, 10), (2, 10)'))
  await assert.rejects(database.query('insert into account values (1, 0)'), (error) => sqlState(error) === '23505')
})

test('settings of a transaction end with it', async () => {
  const read = statement('setting', "select current_setting('enable_seqscan') as seqscan")
  const inside = await database.transaction((tx) => tx.run(read), {
    settings: { enable_seqscan: 'off', lock_timeout: 5 },
  })
  assert.deepEqual(inside, [{ seqscan: 'off' }])
  assert.deepEqual(await database.run(read), [{ seqscan: 'on' }])
})

test('F47 a deadlock and a serialisation failure are retried as a whole', async () => {
  const move = (from: number, to: number) =>
    database.transaction(async (tx) => {
      tries++
      await tx.query('update account set balance = balance - 1 where id = $1', [from])
      // Each waits for the other to hold its row; the one that tries again finds that both did.
      holding++
      await until(() => holding >= 2)
      await tx.query('update account set balance = balance + 1 where id = $1', [to])
    })
  let tries = 0
  let holding = 0
  await Promise.all([move(1, 2), move(2, 1)])
  // More often when the one that tries again is quicker than the one that it made way for.
  assert.ok(tries >= 3)
  assert.deepEqual(await database.query('select balance from account order by id'), [{ balance: 10 }, { balance: 10 }])

  let attempts = 0
  await Promise.all(
    [1, 2, 3].map(() =>
      database.transaction(
        async (tx) => {
          attempts++
          const [row] = await tx.query<{ balance: number }>('select balance from account where id = 1')
          await tx.query('update account set balance = $1 where id = 1', [(row?.balance ?? 0) + 1])
        },
        { isolation: 'serializable', tries: 20 },
      ),
    ),
  )
  assert.ok(attempts >= 3)
  assert.deepEqual(await database.query('select balance from account where id = 1'), [{ balance: 13 }])
})

test('listening survives the loss of its connection and says that there was a gap', async () => {
  const heard: string[] = []
  const quiet = await database.listen('news', (payload) => heard.push(payload))
  await database.query("select pg_notify('news', 'one')")
  await until(() => heard.length === 1)
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'corridor listen' and datname = current_database()",
  )
  await until(() => heard.length === 2)
  await database.query("select pg_notify('news', 'two')")
  await until(() => heard.length === 3)
  assert.deepEqual(heard, ['one', '', 'two'])
  await quiet()
  await database.query("select pg_notify('news', 'three')")
  await database.query('select pg_sleep(0.05)')
  assert.equal(heard.length, 3)
})

test('a connection that is cut in use is not used again', async () => {
  await assert.rejects(database.query('select pg_terminate_backend(pg_backend_pid())'), codeIs('database.unreachable'))
  await assert.rejects(
    database.transaction((tx) => tx.query('select pg_terminate_backend(pg_backend_pid())')),
    codeIs('database.unreachable'),
  )
  assert.deepEqual(await database.query('select 1 as one'), [{ one: 1 }])
})

test('a connection that the server ends in the moment in which it is made is a fault, and not the end of the process', async () => {
  const message = (type: string, body: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(body.length + 4)
    return Buffer.concat([Buffer.from(type), length, body])
  }
  const ended = message('E', Buffer.from('SFATAL\0C57P01\0Mthe server goes down\0\0'))
  // AuthenticationOk, ReadyForQuery and the farewell in one piece: how a dying server's last words may arrive.
  const words = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I')), ended])
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(words))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const db = connect(`postgres://nobody@127.0.0.1:${port}/nothing`)
  await assert.rejects(db.query('select 1'), { code: 'database.unreachable' })
  await assert.rejects(
    db.transaction((tx) => tx.query('select 1')),
    { code: 'database.unreachable' },
  )
  await db.close()
  server.close()
})

test('migrations run once in order, also from several processes; an edited or vanished one is a fault', async () => {
  const first = { '0001-stamp.sql': 'create table stamp (id int); insert into stamp values (1);' }

  const others = [connect(made.url), connect(made.url)]
  await Promise.all([database, ...others].map((each) => migrate(each, room(first))))
  await Promise.all(others.map((each) => each.close()))
  assert.deepEqual(await database.query('select id from stamp'), [{ id: 1 }])

  const broken = { ...first, '0002-more.sql': 'insert into stamp values (2); select 1/0;' }
  await assert.rejects(migrate(database, room(broken)), (error) => sqlState(error) === '22012')
  assert.deepEqual(await database.query('select id from stamp'), [{ id: 1 }])
  await migrate(database, room({ ...first, '0002-more.sql': 'insert into stamp values (2);' }))
  const applied = await database.query('select room, number, name from migration order by number')
  assert.deepEqual(applied, [
    { room: 'stamps', number: 1, name: 'stamp' },
    { room: 'stamps', number: 2, name: 'more' },
  ])
  const edited = {
    '0001-stamp.sql': 'create table stamp (id bigint)',
    '0002-more.sql': 'insert into stamp values (2);',
  }
  await assert.rejects(migrate(database, room(edited)), codeIs('migration.changed'))
  assert.deepEqual(await migrate(database, room(first)), ['stamps 2 more'], 'the program before it goes on')
  await assert.rejects(migrate(database, room({ '0002-gap.sql': '' })), codeIs('migration.bad-file'))
})

test('a migration that breaks the program before it says so, and that program does not start', async () => {
  const first = { '0001-one.sql': 'create table thing (n int);' }
  await migrate(database, room(first, 'things'))
  const second = '-- breaking: no program reads n any more\nalter table thing drop column n;'
  await migrate(database, room({ ...first, '0002-two.sql': second }, 'things'))
  await assert.rejects(migrate(database, room(first, 'things')), codeIs('migration.missing'))
})

test('a migration waits for a busy table without stopping the traffic on it', async () => {
  const first = { '0001-one.sql': 'create table busy (n int);' }
  const second = { ...first, '0002-two.sql': 'alter table busy add column m int;' }
  await migrate(database, room(first, 'busy'))
  let migrating: Promise<string[]> | undefined
  await database.transaction(async (tx) => {
    await tx.query('insert into busy values (1)')
    migrating = migrate(database, room(second, 'busy'))
    await until(
      async () =>
        (await database.query(`select from pg_locks where relation = 'busy'::regclass and not granted`)).length > 0,
    )
    // Behind the migration that waits for the open transaction, these wait too; they come through while it is still open.
    for (let n = 0; n < 3; n++) await database.query('insert into busy values (2)')
    await assert.rejects(database.query('select m from busy'))
  })
  assert.deepEqual(await migrating, [])
  assert.equal((await database.query('select m from busy')).length, 4)
})

test('a migration that meets others in a circle is tried again', async () => {
  const first = { '0001-tables.sql': 'create table left_one (n int); create table right_one (n int);' }
  const second = {
    ...first,
    '0002-both.sql': 'alter table left_one add column m int; alter table right_one add column m int;',
  }
  await migrate(database, room(first, 'circle'))
  let migrating: Promise<string[]> | undefined
  await database.transaction(async (tx) => {
    await tx.query('insert into right_one values (1)')
    migrating = migrate(database, room(second, 'circle'))
    await until(
      async () =>
        (await database.query(`select from pg_locks where relation = 'right_one'::regclass and not granted`)).length >
        0,
    )
    // The migration waits for longer by now: it is the one that notices the circle, and is ended.
    await tx.query('insert into left_one values (1)')
  })
  assert.deepEqual(await migrating, [])
  assert.equal((await database.query('select left_one.m from left_one, right_one')).length, 1)
})

test('a table of migrations from before there was a word on breaking is taken over', async () => {
  await migrate(database, room({ '0001-one.sql': 'select 1;' }, 'old'))
  await database.query('alter table migration drop column breaking')
  await migrate(database, room({ '0001-one.sql': 'select 1;', '0002-two.sql': 'select 2;' }, 'old'))
  assert.equal((await database.query(`select from migration where room = 'old' and not breaking`)).length, 2)
})

test('a database belongs to its role alone', async () => {
  const admin = await testServer()
  const other = await testDatabase()
  const stranger = new URL(other.url)
  stranger.pathname = new URL(made.url).pathname
  const strange = connect(stranger.href)
  await assert.rejects(strange.query('select 1'), (error) => sqlState(error) === '42501')
  await strange.close()

  const mine = connect(other.url)
  const [rights] = await mine.query(
    'select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin from pg_roles where rolname = current_user',
  )
  assert.deepEqual(Object.values(rights ?? {}), [false, false, false, false, false, true])
  await mine.query('create table mine (n int)')
  // Again with another password: what is there stays, the new password counts.
  const name = new URL(other.url).username
  const url = await createDatabase(admin, { database: name, user: name, password: 'pass word+%41' })
  const again = connect(url)
  assert.deepEqual(await again.query('select * from mine'), [])
  await Promise.all([mine.close(), again.close()])
  await other.drop()
  await assert.rejects(
    createDatabase(admin, { database: 'a"b', user: 'a', password: 'x' }),
    codeIs('database.bad-name'),
  )
  await assert.rejects(
    createDatabase(admin, { database: 'a', user: 'a', password: 'pä' }),
    codeIs('database.bad-password'),
  )
})

test('faults of the whole database have a code and a remedy', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  const nobody = connect(`postgres://a:b@127.0.0.1:${port}/c`)
  await assert.rejects(nobody.query('select 1'), codeIs('database.unreachable'))
  await nobody.close()
  const absent = new URL(made.url)
  absent.pathname = '/nosuch'
  const missing = connect(absent.href)
  await assert.rejects(missing.query('select 1'), codeIs('database.no-such-database'))
  await missing.close()
  // A full disk cannot be had here; PostgreSQL lets us raise its SQLSTATE.
  const full = statement('full', "do $$ begin raise exception 'no space left' using errcode = '53100'; end $$")
  await assert.rejects(
    database.run(full),
    (error: DatabaseFault) => codeIs('database.disk-full')(error) && error.remedy.length > 20,
  )
  const other = new Error('some other')
  assert.equal(asFault(other), other)
})
