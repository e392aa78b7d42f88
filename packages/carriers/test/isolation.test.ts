// A member that tries to get at what is not its own, with its own role and every statement that we could think of. What PostgreSQL
// answers stands beside each.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect, type Database, sqlState } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import { BorderFault, openBorderDatabase } from '../src/index.ts'
import { type Border, iq, jo, makeBorder, object, sy } from './border.ts'

let border: Border
/** SY, who tries. */
let member: Database
const others = object({ id: 'of-iq', sender: iq, addressee: jo, bytes: Buffer.from('what IQ tells JO') })
const own = object({ id: 'of-sy', sender: sy, addressee: jo, bytes: Buffer.from('what SY tells JO') })
const mine = object({ id: 'for-sy', sender: jo, addressee: sy, bytes: Buffer.from('what JO tells SY') })

before(async () => {
  border = await makeBorder()
  for (const each of [others, own, mine]) {
    const carrier = openBorderDatabase({ url: border.urlOf(each.sender), party: each.sender })
    assert.equal(await carrier.put(each), 'put')
    await carrier.close()
  }
  member = connect(border.urlOf(sy), { max: 2 })
})

after(async () => {
  await member.close()
  await border.drop()
})

/** Everything that lies in the border database, as its owner sees it. */
const everything = () => border.owner.query('select * from border.object order by sender, id')

/** Runs a statement in a session, after others, and ends what is open then. @returns its rows, or its SQLSTATE */
async function tried(text: string, { as = member, first = '' } = {}): Promise<unknown> {
  try {
    return await as.session(async (session) => {
      try {
        if (first !== '') await session.query(first)
        return await session.query(text)
      } finally {
        await session.query('rollback; reset all').catch(() => {})
      }
    })
  } catch (error) {
    const code = sqlState(error)
    if (code === undefined) throw error
    return code
  }
}

/** What is tried, the statement (undone if it worked), and the SQLSTATE that must come. 42501: insufficient privilege. */
const refused: readonly [what: string, statement: string, code: string][] = [
  ['read objects', 'select * from border.object', '42501'],
  ['read objects, one column', 'select id from border.object', '42501'],
  ['count objects', 'select count(*) from border.object', '42501'],
  ['read by a cursor', 'begin; declare c cursor for select bytes from border.object', '42501'],
  ['read by a prepared statement', 'prepare p as select bytes from border.object; execute p', '42501'],
  [
    'be told how many rows a scan passes over',
    "explain analyze select 1 from border.object where sender = 'IQ.CUSTOMS'",
    '42501',
  ],
  ['be told what the planner knows', "explain select 1 from border.object where sender = 'IQ.CUSTOMS'", '42501'],
  ['read by COPY', 'copy border.object to stdout', '42501'],
  ['lock the table', 'begin; lock table border.object in access share mode', '42501'],
  ['lock rows', 'begin; select id from border.object for update', '42501'],
  ['turn row security off', 'set row_security = off; select id from border.object', '42501'],
  [
    'insert past the function',
    `insert into border.object (sender, id, addressee, kind, expires_at, bytes) values ('${iq}', 'x', '${jo}', 'message', now(), 'x')`,
    '42501',
  ],
  [
    'insert in the own name past the function',
    `insert into border.object (sender, id, addressee, kind, expires_at, bytes) values ('${sy}', 'x', '${jo}', 'message', now(), 'x')`,
    '42501',
  ],
  ['insert by COPY', 'copy border.object (sender) from stdin', '42501'],
  ['change bytes', "update border.object set bytes = 'x'", '42501'],
  ['change the addressee', `update border.object set addressee = '${sy}'`, '42501'],
  ['merge', `merge into border.object o using (select 1) s on true when matched then delete`, '42501'],
  ['delete', 'delete from border.object', '42501'],
  ['truncate', 'truncate border.object', '42501'],
  ['read the access log', 'select * from border.access_log', '42501'],
  ['read who is a member', 'select * from border.member', '42501'],
  [
    'become another in the list of members',
    `update border.member set role = session_user where party = '${iq}'`,
    '42501',
  ],
  ['read the limits', 'select * from border.limits', '42501'],
  ['raise the limits', 'update border.limits set waiting_objects = 1000000', '42501'],
  ['read how much others put', 'select * from border.put_total', '42501'],
  ['read who deals with whom', 'select * from border.settled_total', '42501'],
  ['read the counter of objects', 'select last_value from border.object_number', '42501'],
  ['use up numbers', "select nextval('border.object_number')", '42501'],
  ['do the housekeeping', 'select border.remove_waiting(null, 1)', '42501'],
  ['ask the helper of the door', "select * from border.own('of-iq')", '42501'],
  ['call a trigger', 'select border.on_put()', '42501'],
  ['make a table in the schema', 'create table border.mine (a int)', '42501'],
  ['make a table in public', 'create table public.mine (a int)', '42501'],
  ['make a schema', 'create schema mine', '42501'],
  ['make a temporary table', 'create temp table mine (a int)', '42501'],
  [
    'make a function where the door would look',
    'create function border.now() returns int language sql as $$ select 1 $$',
    '42501',
  ],
  ['make a temporary function', 'create function pg_temp.f() returns int language sql as $$ select 1 $$', '42501'],
  ['make a leaky view', 'create view border.leak as select * from border.object', '42501'],
  [
    'make an operator that is thought harmless',
    'create function border.leak(text) returns bool language sql leakproof as $$ select true $$',
    '42501',
  ],
  ['run a program of its own', 'do $$ begin perform 1; end $$', '42501'],
  [
    'replace a function',
    'create or replace function border.party() returns text language sql as $$ select $a$IQ.CUSTOMS$a$ $$',
    '42501',
  ],
  ['own a function', 'alter function border.party() owner to session_user', '42501'],
  [
    'take the search path from a function',
    'alter function border.put(text, text, text, timestamptz, bytea) reset all',
    '42501',
  ],
  [
    'put a trigger on the table',
    'create trigger t before insert on border.object for each row execute function border.on_mark()',
    '42501',
  ],
  ['disable the triggers', 'alter table border.object disable trigger all', '42501'],
  ['disable the triggers of a session', 'set session_replication_role = replica', '42501'],
  ['disable row security', 'alter table border.object disable row level security', '42501'],
  ['add a policy', 'create policy p on border.object using (true)', '42501'],
  ['drop a policy', 'drop policy member_reads on border.object', '42501'],
  ['drop the table', 'drop table border.object', '42501'],
  ['drop the schema', 'drop schema border cascade', '42501'],
  ['add an extension', 'create extension dblink', '42501'],
  ['add a file as a table', 'create extension file_fdw', '42501'],
  ['add a server', 'create server s foreign data wrapper dblink_fdw', '42704'],
  ['connect out', "select dblink('host=127.0.0.1', 'select 1')", '42883'],
  ['subscribe to another server', "create subscription s connection 'host=127.0.0.1' publication p", '42501'],
  ['publish the table', 'create publication p for table border.object', '42501'],
  ['read the log of changes', "select pg_create_logical_replication_slot('s', 'pgoutput')", '42501'],
  ['read passwords', 'select rolpassword from pg_authid', '42501'],
  ['read passwords otherwise', 'select passwd from pg_shadow', '42501'],
  ['see which roles there are', 'select rolname from pg_roles', '42501'],
  ['see who is connected', 'select usename from pg_stat_activity', '42501'],
  ['see how much passes', 'select n_tup_ins from pg_stat_user_tables', '42501'],
  ['see how much passes, without the view', "select pg_stat_get_tuples_inserted('border.object'::regclass)", '42501'],
  ['see how much lies there', "select pg_total_relation_size('border.object')", '42501'],
  ['see how much lies there, roughly', 'select reltuples from pg_class', '42501'],
  ['see what the planner knows', 'select * from pg_stats', '42501'],
  ['see the settings that concern secrets', 'select * from pg_hba_file_rules', '42501'],
  ['see tables by information_schema', 'select * from information_schema.tables', '42501'],
  ['read a file', "select pg_read_file('postgresql.conf')", '42501'],
  ['list a folder', "select pg_ls_dir('.')", '42501'],
  ['read a file by COPY', "copy (select 1) to '/tmp/x'", '42501'],
  ['start a program', "copy (select 1) to program 'id'", '42501'],
  ['make a large object', "select lo_from_bytea(0, 'x')", '42501'],
  ['import a large object', "select lo_import('/etc/passwd')", '42501'],
  ['hold the lock of the migrations', 'select pg_advisory_lock(7210331)', '42501'],
  ['sleep', 'select pg_sleep(0)', '42501'],
  ['have temporary files without a limit', 'set temp_file_limit = -1', '42501'],
  ['have the settings read again', 'select pg_reload_conf()', '42501'],
  ['change the server', 'alter system set fsync = off', '42501'],
  ['change the database', 'alter database template1 connection limit 0', '42501'],
  ['make a database', 'create database mine', '42501'],
  ['make a role', 'create role mine', '42501'],
  ['give itself the right to make roles', 'alter role current_user createrole', '42501'],
  ['bypass row security', 'alter role current_user bypassrls', '42501'],
  ['have more connections', 'alter role current_user connection limit 100', '42501'],
  ['have temporary files without a limit from now on', 'alter role current_user set temp_file_limit = -1', '42501'],
]

test('everything else than the four functions is refused by PostgreSQL itself', async () => {
  const before = await everything()
  for (const [what, statement, code] of refused) {
    assert.equal(await tried(statement), code, what)
  }
  assert.deepEqual(await everything(), before)
})

test('a member does not become another: owner, door, other member, superuser', async () => {
  const [{ owner, superuser } = { owner: '', superuser: '' }] = await border.owner.query<{
    owner: string
    superuser: string
  }>('select current_user as owner, (select rolname from pg_roles where rolsuper limit 1) as superuser')
  const [{ door } = { door: '' }] = await border.owner.query<{ door: string }>(
    "select proowner::regrole::text as door from pg_proc where oid = 'border.waiting'::regproc",
  )
  assert.match(door, /^border_door_/)
  for (const other of [owner, door, superuser, border.roleOf(iq)]) {
    assert.equal(await tried(`set role "${other}"`), '42501', other)
    assert.equal(await tried(`set session authorization "${other}"`), '42501', other)
    assert.equal(await tried(`grant "${other}" to current_user`), '42501', other)
    assert.equal(await tried(`alter role "${other}" set search_path = border`), '42501', other)
    assert.equal(await tried(`alter role "${other}" password 'a-password-of-ours'`), '42501', other)
    assert.equal(await tried(`drop role "${other}"`), '42501', other)
  }
  await border.owner.session(async (session) => {
    const [{ pid } = { pid: 0 }] = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
    assert.equal(await tried(`select pg_terminate_backend(${pid})`), '42501', 'its session is not ended either')
    assert.equal(await tried(`select pg_cancel_backend(${pid})`), '42501')
  })
})

test('no function gives what is not the caller’s: reads, marks and answers are about its own alone', async () => {
  const before = await everything()
  assert.deepEqual(
    await tried("select id, convert_from(bytes, 'UTF8') as text from border.waiting(1000, 1000000, 1000000)"),
    [{ id: 'for-sy', text: 'what JO tells SY' }],
  )
  for (const text of [
    'null, null, null',
    '-1, 0, 0',
    '0, 9223372036854775807, 9223372036854775807',
    '2147483647, -1, -1',
  ])
    assert.ok(['2201W', 'other'].includes(await notOthers(text)), text)
  assert.deepEqual(await tried(`select border.mark('${iq}', 'of-iq', 'taken')`), [{ mark: false }], 'what is for JO')
  assert.deepEqual(
    await tried(`select border.mark('${sy}', 'of-sy', 'taken')`),
    [{ mark: false }],
    'what it put itself',
  )
  assert.equal(await tried(`select border.mark('${jo}', 'for-sy', 'read')`), '23514', 'a word that there is not')
  assert.deepEqual(await tried(`select border.mark('${jo}', 'for-sy', null)`), [{ mark: false }], 'no word')
  assert.deepEqual(await tried('select border.party()'), [{ party: sy }])
  assert.deepEqual(await everything(), before)
})

/** Reads with odd arguments. @returns its SQLSTATE, or `other` when it shows nothing of others */
async function notOthers(values: string): Promise<string> {
  const answer = await tried(`select addressee from border.waiting(${values})`)
  if (typeof answer === 'string') return answer
  for (const row of answer as { addressee: string }[]) assert.equal(row.addressee, sy)
  return 'other'
}

test('an id tells nothing of others: the key is per sender, and a clash is with one’s own only', async () => {
  const putAs = (id: string) => `select border.put('${id}', '${jo}', 'message', now() + interval '1 hour', 'guess')`
  assert.deepEqual(await tried(putAs('of-iq'), { first: 'begin' }), [{ put: 'put' }])
  assert.deepEqual(await tried(putAs('of-sy')), [{ put: 'conflict' }])
  const plan = (await tried(
    'explain (analyze, costs off, timing off, buffers off) select * from border.waiting(1, 1, 1)',
  )) as {
    'QUERY PLAN': string
  }[]
  assert.match(plan[0]!['QUERY PLAN'], /^Function Scan on waiting/)
  assert.equal(
    plan.some((line) => /Filter|object/.test(line['QUERY PLAN'])),
    false,
  )
})

test('the search path, casts and settings of the caller change nothing in what the functions do', async () => {
  const settings = [
    'search_path = border, public',
    "search_path = ''",
    'plan_cache_mode = force_custom_plan',
    'enable_indexscan = off',
    'enable_seqscan = off',
    "DateStyle = 'German'",
    'bytea_output = escape',
    'client_min_messages = debug5',
    'debug_print_plan = on',
    'backslash_quote = on',
  ]
  for (const setting of settings) {
    const answer = await tried('select id from border.waiting(1000, 1000000, 1000000)', { first: `set ${setting}` })
    assert.deepEqual(answer, [{ id: 'for-sy' }], setting)
  }
})

test('who listens to the channel of another must know its name, which only the other is told; and a notice says nothing', async () => {
  const [{ channel } = { channel: '' }] = (await tried('select border.channel() as channel')) as { channel: string }[]
  const all = await border.owner.query<{ party: string; channel: string }>('select party, channel from border.member')
  assert.equal(all.find(({ party }) => party === sy)?.channel, channel)
  for (const each of all) assert.match(each.channel, /^border_[0-9a-f]{32}$/)
  const heard: string[] = []
  const listening = connect(border.urlOf(jo), { max: 1 })
  try {
    const known = all.find(({ party }) => party === jo)!.channel
    const told = new Promise<void>((resolve) => {
      void listening.listen(known, (payload) => {
        heard.push(payload)
        resolve()
      })
    })
    // The listening connection is there when it answers; only then is something put.
    await listening.listen(known, () => {})
    const carrier = openBorderDatabase({ url: border.urlOf(sy), party: sy })
    await carrier.put(object())
    await told
    await carrier.close()
  } finally {
    await listening.close()
  }
  assert.deepEqual(heard, [''])
})

test('row security holds also where an operator by mistake gives a member rights on the tables', async () => {
  const role = border.roleOf(sy)
  await border.owner.query(`grant all on all tables in schema border to "${role}"`)
  try {
    assert.deepEqual(await tried('select id from border.object'), [{ id: 'for-sy' }])
    const putAs = (sender: string) =>
      `insert into border.object (sender, id, addressee, kind, expires_at, bytes) values ('${sender}', 'forged', '${jo}', 'message', now() + interval '1 hour', 'x')`
    assert.equal(await tried(putAs(iq)), '42501')
    await tried("update border.object set dealt_as = 'taken' where id in ('of-iq', 'of-sy')")
    await tried("delete from border.object where id in ('of-iq', 'of-sy')")
    for (const table of ['member', 'limits', 'put_total', 'settled_total', 'access_log'])
      assert.deepEqual(await tried(`select * from border.${table}`), [], table)
    await tried('update border.limits set waiting_objects = 5')
    const left = await border.owner.query(
      "select id from border.object where id like 'of-%' and dealt_as is null order by id",
    )
    assert.deepEqual(left, [{ id: 'of-iq' }, { id: 'of-sy' }])
    assert.deepEqual(await border.owner.query('select waiting_objects from border.limits'), [
      { waiting_objects: 10_000 },
    ])
  } finally {
    await border.owner.query(`revoke all on all tables in schema border from "${role}"`)
  }
})

test('what a member may set for itself is its own timeouts and password; the next `prepare` takes back the timeouts', async () => {
  await member.query('alter role current_user set statement_timeout = 0')
  const settings = () =>
    border.owner.query<{ setting: string }>(
      'select unnest(setconfig) as setting from pg_db_role_setting where setrole = (select oid from pg_roles where rolname = $1)',
      [border.roleOf(sy)],
    )
  assert.ok((await settings()).some(({ setting }) => setting === 'statement_timeout=0'))
  await border.prepare({})
  const after = (await settings()).map(({ setting }) => setting)
  assert.ok(after.includes('statement_timeout=30s') && after.includes('temp_file_limit=128MB'), after.join())
})

test('a role has eight connections and no more', async () => {
  const all = Array.from({ length: 9 }, () => connect(border.urlOf(iq), { max: 1 }))
  try {
    const answers = await Promise.all(all.map((each) => each.query('select 1').then(() => 'in', sqlState)))
    assert.deepEqual(answers.toSorted(), ['53300', ...Array.from({ length: 8 }, () => 'in')].toSorted())
  } finally {
    for (const each of all) await each.close()
  }
})

test('who has a wrong password, is of another database, or is no member, gets nothing', async () => {
  const wrong = new URL(border.urlOf(sy))
  wrong.password = 'not-the-password-of-sy'
  await rejectsWith(wrong.href, sy, 'border.wrong-password')
  const elsewhere = await makeBorder()
  try {
    const stranger = new URL(elsewhere.urlOf(sy))
    stranger.pathname = new URL(border.ownerUrl).pathname
    const fault = await rejectsWith(stranger.href, sy, 'border.not-a-member')
    assert.equal(sqlState(fault.cause), '42501', 'it may not even connect')
    const back = new URL(border.urlOf(sy))
    back.pathname = '/template1'
    await rejectsWith(back.href, sy, 'border.not-a-member')
  } finally {
    await elsewhere.drop()
  }
  // A role that may connect, and was never made a member.
  const admin = connect(await testServer(), { max: 1 })
  const name = `stranger_${Date.now()}`
  try {
    await admin.query(`create role ${name} login password 'a-password-of-a-stranger'`)
    await border.owner.query(`grant connect on database "${new URL(border.ownerUrl).pathname.slice(1)}" to ${name}`)
    const url = new URL(border.ownerUrl)
    url.username = name
    url.password = 'a-password-of-a-stranger'
    await rejectsWith(url.href, sy, 'border.not-a-member')
    const stranger = connect(url.href, { max: 1 })
    for (const text of [
      'select border.party()',
      'select * from border.waiting(1, 1, 1)',
      'select * from border.object',
    ])
      assert.equal(await tried(text, { as: stranger }), '42501', text)
    await stranger.close()
  } finally {
    await border.owner.query(`revoke connect on database "${new URL(border.ownerUrl).pathname.slice(1)}" from ${name}`)
    await admin.query(`drop role ${name}`)
    await admin.close()
  }
})

async function rejectsWith(url: string, party: string, code: string): Promise<BorderFault> {
  const carrier = openBorderDatabase({ url, party })
  try {
    await carrier.waiting(1)
  } catch (error) {
    assert.ok(error instanceof BorderFault, String(error))
    assert.equal(error.code, code, error.message)
    return error
  } finally {
    await carrier.close()
  }
  return assert.fail('it was let in')
}
