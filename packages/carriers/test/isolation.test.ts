// A member that tries to get at what is not its own, with its own role and every statement that we could think of. What PostgreSQL
// answers stands beside each.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { connect, type Database, sqlState } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import { BorderFault, openBorderDatabase } from '../src/index.ts'
import { refused } from './attempts.ts'
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

test('everything else than the six functions is refused by PostgreSQL itself', async () => {
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
  const owners = await border.owner.query(
    `select proname as name, proowner::regrole::text as owner from pg_proc
     where pronamespace = 'border'::regnamespace and has_function_privilege($1, oid, 'execute') order by 1`,
    [border.roleOf(sy)],
  )
  assert.deepEqual(owners, [
    { name: 'channel', owner },
    { name: 'lies', owner },
    { name: 'mark', owner: door },
    { name: 'party', owner },
    { name: 'put', owner: door },
    { name: 'waiting', owner: door },
  ])
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
  for (const { id, bytes } of [others, mine, own])
    assert.deepEqual(
      await tried(`select border.lies('${id}', sha256('${Buffer.from(bytes).toString()}'))`),
      [{ lies: id === own.id }],
      'it tells of what it put itself',
    )
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
    for (const table of ['member', 'limits', 'put_total', 'put_pair', 'settled_total', 'access_log'])
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
    // One after the other: those that begin at the same moment all count one another, and more than one may be turned away.
    const answers: unknown[] = []
    for (const each of all) answers.push(await each.query('select 1').then(() => 'in', sqlState))
    assert.deepEqual(answers, [...Array.from({ length: 8 }, () => 'in'), '53300'])
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
