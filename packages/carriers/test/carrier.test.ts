import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, before, test } from 'node:test'
import { connect } from '@corridor/database'
import type { CarriedObject, Carrier } from '@corridor/exchange'
import { BorderFault, openBorderDatabase, prepareBorderDatabase, tidyBorderDatabase } from '../src/index.ts'
import { type Border, iq, jo, makeBorder, object, sy } from './border.ts'

let border: Border
const carriers: Carrier[] = []

before(async () => {
  border = await makeBorder()
})

// A role has so many connections and no more: each test gives its own back.
afterEach(async () => {
  for (const carrier of carriers.splice(0)) await carrier.close()
})

after(async () => {
  await border.drop()
})

function carrierOf(party: string, more: Partial<Parameters<typeof openBorderDatabase>[0]> = {}): Carrier {
  const carrier = openBorderDatabase({ url: border.urlOf(party), party, ...more })
  carriers.push(carrier)
  return carrier
}

const faultIs = (code: string) => (error: unknown) => error instanceof BorderFault && error.code === code

const plain = ({ shownAt, ...each }: CarriedObject): CarriedObject => {
  if (shownAt !== undefined) assert.ok(Math.abs(shownAt.getTime() - Date.now()) < 60_000, 'the time of the place')
  return { ...each, bytes: Buffer.from(each.bytes) }
}

async function emptied(carrier: Carrier): Promise<void> {
  for (const each of await carrier.waiting(1_000)) await carrier.mark(each, 'refused')
}

test('an object is put, read by its addressee byte for byte, marked, and then shown no more', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const one = object()
  assert.equal(await from.put(one), 'put')
  assert.deepEqual((await to.waiting(10)).map(plain), [plain(one)])
  assert.deepEqual(await from.waiting(10), [], 'the sender does not see it')
  assert.deepEqual(await carrierOf(iq).waiting(10), [], 'a third member does not see it')
  await to.mark(one, 'taken')
  assert.deepEqual(await to.waiting(10), [])
  await to.mark(one, 'refused')
  const [row] = await border.owner.query('select dealt_as, bytes, size from border.object where id = $1', [one.id])
  assert.deepEqual(row, { dealt_as: 'taken', bytes: null, size: 300 }, 'the first word stands, and the bytes are gone')
})

test('the same id again: with the same bytes it is there, with others a conflict; also after it was taken', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const one = object()
  assert.equal(await from.put(one), 'put')
  for (const taken of [false, true]) {
    if (taken) await to.mark(one, 'taken')
    assert.equal(await from.put(one), 'there')
    assert.equal(await from.put({ ...one, bytes: randomBytes(300) }), 'conflict')
  }
  assert.deepEqual(await to.waiting(10), [])
  const other = object({ id: one.id, sender: iq, addressee: jo })
  assert.equal(await carrierOf(iq).put(other), 'put', 'an id is unique per sender')
  await emptied(to)
})

test('whether an object lies there is asked without its bytes: of the own ones alone, and of these very bytes', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const one = object()
  assert.equal(await from.lies?.(one), false)
  await from.put(one)
  assert.equal(await from.lies?.(one), true)
  assert.equal(await from.lies?.({ ...one, bytes: randomBytes(300) }), false)
  assert.equal(await to.lies?.({ ...one, sender: jo }), false, 'of another’s it tells nothing')
  await emptied(to)
  assert.equal(await from.lies?.(one), true, 'it was dealt with')
})

test('one put by two processes at the same moment is put once', async () => {
  const [here, there, to] = [carrierOf(sy), carrierOf(sy), carrierOf(jo)]
  const objects = Array.from({ length: 20 }, () => object())
  const answers = await Promise.all(objects.map((each) => Promise.all([here.put(each), there.put(each)])))
  for (const both of answers) assert.deepEqual(both.toSorted(), ['put', 'there'])
  assert.equal((await to.waiting(100)).length, 20)
  await emptied(to)
})

test('what one sender puts is shown in the order of its commits; the senders take turns', async () => {
  const to = carrierOf(jo)
  const mine = Array.from({ length: 5 }, (_, at) => object({ id: `sy-${at}` }))
  for (const each of mine) await carrierOf(sy).put(each)
  await carrierOf(iq).put(object({ id: 'iq-0', sender: iq }))
  const ids = async (limit: number) => (await to.waiting(limit)).map(({ id }) => id)
  assert.deepEqual(await ids(3), ['sy-0', 'iq-0', 'sy-1'])
  assert.deepEqual(await ids(100), ['sy-0', 'iq-0', 'sy-1', 'sy-2', 'sy-3', 'sy-4'])
  await emptied(to)
})

test('a put that is committed late is not skipped: what waits is what is not marked, not what comes after a number', async () => {
  const [to, other] = [carrierOf(jo), carrierOf(iq)]
  const member = connect(border.urlOf(sy), { max: 1 })
  try {
    await member.transaction(async (tx) => {
      await tx.query(`select border.put('late', '${jo}', 'message', now() + interval '1 hour', 'x')`)
      await other.put(object({ id: 'early', sender: iq }))
      for (const each of await to.waiting(10)) await to.mark(each, 'taken')
    })
    assert.deepEqual(
      (await to.waiting(10)).map(({ id }) => id),
      ['late'],
    )
  } finally {
    await member.close()
    await emptied(to)
  }
})

test('one reading takes so many bytes at most, but always one object; one too large for the reader is refused unread', async () => {
  const from = carrierOf(sy)
  const told: unknown[] = []
  const to = carrierOf(jo, { mostBytesAtOnce: 2_500, largestObjectBytes: 5_000, log: (...line) => told.push(line) })
  for (const [id, size] of [
    ['a', 1_000],
    ['b', 1_000],
    ['c', 4_000],
    ['huge', 6_000],
    ['d', 10],
  ] as const)
    await from.put(object({ id, bytes: randomBytes(size) }))
  const seen: string[][] = []
  for (let reading = await to.waiting(10); reading.length > 0; reading = await to.waiting(10)) {
    seen.push(reading.map(({ id }) => id))
    for (const each of reading) await to.mark(each, 'taken')
  }
  assert.deepEqual(seen, [['a', 'b', 'c'], ['d']])
  assert.deepEqual(told, [['warn', 'border.refused-unread', { sender: sy, id: 'huge', size: 6_000 }]])
  for (const [id, size] of [
    ['e', 7_000],
    ['f', 7_000],
    ['g', 10],
  ] as const)
    await from.put(object({ id, bytes: randomBytes(size) }))
  const behind = await to.waiting(1)
  assert.deepEqual(
    behind.map(({ id }) => id),
    ['g'],
    'rubbish does not hide what comes after it',
  )
  await emptied(to)
})

test('limits: size, what waits of one sender, time of expiry, an addressee that is no member', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  await border.prepare({ limits: { objectBytes: 2_000, waitingObjects: 3, waitingBytes: 3_000 } })
  const small = carrierOf(sy, { largestObjectBytes: 1_000 })
  for (const [put, size] of [
    [from.put, 2_001],
    // What the border database would take and no node reads.
    [small.put, 1_001],
  ] as const)
    await assert.rejects(put(object({ bytes: randomBytes(size) })), (error) => {
      assert.equal((error as BorderFault).isFinal, true)
      return faultIs('border.too-large')(error)
    })
  await assert.rejects(from.put(object({ addressee: 'XX' })), faultIs('border.unknown-addressee'))
  const days = (count: number) => new Date(Date.now() + count * 86_400_000)
  await assert.rejects(from.put(object({ expiresAt: days(-2) })), faultIs('border.expiry'))
  await assert.rejects(from.put(object({ expiresAt: days(400) })), faultIs('border.expiry'))
  const lying = [object(), object(), object()]
  for (const each of lying) assert.equal(await from.put(each), 'put')
  await assert.rejects(from.put(object()), (error: Error) => {
    assert.match(error.message, /border\.full: .*SY\.CUSTOMS for JO\.CUSTOMS.*4 objects, 1200 bytes.*3 and 3000/s)
    assert.equal((error as BorderFault).isFinal, false)
    return faultIs('border.full')(error)
  })
  assert.equal(await from.put(lying[0]!), 'there', 'the same again needs no room')
  assert.equal(await from.put(object({ addressee: iq })), 'put', 'what is for another has room of its own')
  await emptied(carrierOf(iq))
  // Who has too much waiting can still say what he has taken, as often as he may have messages.
  for (let receipts = 0; receipts < 3; receipts++)
    assert.equal(await from.put(object({ kind: 'receipt', bytes: randomBytes(1_900) })), 'put')
  await assert.rejects(from.put(object({ kind: 'receipt' })), faultIs('border.full'))
  await assert.rejects(from.put(object()), faultIs('border.full'))
  for (const each of (await to.waiting(10)).filter(({ kind }) => kind === 'receipt')) await to.mark(each, 'taken')
  assert.equal(await carrierOf(iq).put(object({ sender: iq })), 'put', 'another sender has room of its own')
  await to.mark(lying[0]!, 'taken')
  await from.put(object())
  await emptied(to)
  for (const bytes of [1_500, 1_500]) await from.put(object({ bytes: randomBytes(bytes) }))
  await assert.rejects(from.put(object({ bytes: randomBytes(1) })), faultIs('border.full'))
  await emptied(to)
  await border.prepare({ limits: { objectBytes: 16_000_000 } })
  await assert.rejects(
    from.put(object({ kind: 'receipt', bytes: randomBytes(65_537) })),
    faultIs('border.too-large'),
    'the room of receipts is for nothing else',
  )
  await border.prepare({ limits: { objectBytes: 16_000_000, waitingObjects: 10_000, waitingBytes: 1_000_000_000 } })
})

test('the addressee hears that something is there, without a word of what', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  let heard = 0
  let heardAgain = () => {}
  const stop = await to.onNew(() => {
    heard += 1
    heardAgain()
  })
  assert.equal(heard, 1, 'once at the beginning: something may have come before')
  const hearing = new Promise<void>((resolve) => (heardAgain = resolve))
  await from.put(object())
  await hearing
  await stop()
  await emptied(to)
})

test('housekeeping removes what expired and what was dealt with long ago, and ends what hangs; the log stays', async () => {
  const [from, to] = [carrierOf(sy), carrierOf(jo)]
  const [expired, dealt, fresh] = [object(), object(), object()]
  for (const each of [expired, dealt, fresh]) await from.put(each)
  await to.mark(dealt, 'taken')
  await border.owner.query('alter table border.object disable trigger on_mark')
  await border.owner.query("update border.object set expires_at = now() - interval '25 hours' where id = $1", [
    expired.id,
  ])
  await border.owner.query("update border.object set dealt_at = now() - interval '8 days' where id = $1", [dealt.id])
  await border.owner.query('alter table border.object enable trigger on_mark')
  const report = await tidyBorderDatabase(border.ownerUrl)
  assert.deepEqual({ ...report, waiting: [] }, { expired: 1, forgotten: 1, logLines: 0, ended: 0, waiting: [] })
  assert.deepEqual(
    report.waiting.find(({ party, addressee }) => party === sy && addressee === jo),
    { party: sy, addressee: jo, objects: 1, bytes: 300 },
  )
  assert.equal(await from.put(dealt), 'put', 'what is forgotten may come again')
  const log = await border.owner.query<{ party: string; act: string }>(
    'select party, act from border.access_log where id = $1 order by number',
    [expired.id],
  )
  assert.deepEqual(log, [
    { party: sy, act: 'put' },
    { party: null, act: 'expired' },
  ])
  const hanging = connect(border.urlOf(sy), { max: 1, idleInTransactionTimeoutMs: 0 })
  try {
    await assert.rejects(
      hanging.transaction(async (tx) => {
        await tx.query('select 1')
        const { ended } = await tidyBorderDatabase(border.ownerUrl, { longestTransactionSeconds: 0 })
        assert.equal(ended, 1)
        await tx.query('select 1')
      }),
    )
  } finally {
    await hanging.close()
  }
  await emptied(to)
})

test('a member is taken away: it can do nothing more, what lay there for and of it is gone, and it may come back', async () => {
  const [from, gone] = [carrierOf(sy), carrierOf(iq)]
  const [forGone, ofGone] = [object({ addressee: iq }), object({ sender: iq })]
  await from.put(forGone)
  await gone.put(ofGone)
  const report = await border.prepare({ remove: [iq] })
  assert.deepEqual(report.removed, [{ party: iq, objects: 2 }])
  await assert.rejects(gone.put(object({ sender: iq })), (error: unknown) =>
    ['border.unreachable', 'border.wrong-password'].includes((error as BorderFault).code),
  )
  await assert.rejects(from.put(forGone), faultIs('border.unknown-addressee'))
  assert.deepEqual(await carrierOf(jo).waiting(10), [], 'a receipt for it could not be put')
  await assert.rejects(border.prepare({ remove: [iq] }), faultIs('border.no-such-member'))
  const again = await border.prepare({ members: [iq] })
  assert.equal(again.members.find(({ party }) => party === iq)?.did, 'made')
  assert.equal(await from.put(forGone), 'put', 'the sender, which has no receipt, puts it again')
  assert.equal((await carrierOf(iq).waiting(10)).length, 1)
})

test('preparing again keeps passwords, and renews the one that is asked for', async () => {
  const old = border.urlOf(sy)
  const kept = await border.prepare({})
  assert.deepEqual([kept.migrations, kept.open], [0, []])
  assert.ok(kept.members.every(({ did, url }) => did === 'kept' && url === null))
  await border.prepare({ newPasswords: [sy] })
  assert.notEqual(border.urlOf(sy), old)
  await assert.rejects(openedAndRead(old, sy), faultIs('border.wrong-password'))
  await openedAndRead(border.urlOf(sy), sy)
  const own = 'a-password-of-the-operators'
  const given = await border.prepare({ newPasswords: [jo], passwords: new Map([[jo, own]]) })
  assert.equal(given.members.find(({ party }) => party === jo)?.url, null, 'one that was given is not shown')
  const url = new URL(border.urlOf(sy))
  url.username = border.roleOf(jo)
  url.password = own
  await openedAndRead(url.href, jo)
  await border.prepare({ newPasswords: [jo] })
})

async function openedAndRead(url: string, party: string): Promise<void> {
  const carrier = openBorderDatabase({ url, party })
  try {
    await carrier.waiting(1)
  } finally {
    await carrier.close()
  }
}

test('what is wrong is said: address, TLS, a superuser, an owner who is none, passwords, parties, the role of another', async () => {
  const faulty = (url: string) => () => openBorderDatabase({ url, party: sy })
  assert.throws(faulty('nonsense'), faultIs('border.bad-url'))
  assert.throws(faulty('mysql://a:b@localhost/x'), faultIs('border.bad-url'))
  assert.throws(faulty('postgres://a:b@localhost/x?host=10.0.0.1'), faultIs('border.bad-url'))
  for (const mode of ['', '?sslmode=require', '?sslmode=no-verify', '?sslmode=verify-full&sslmode=disable'])
    assert.throws(faulty(`postgres://a:b@border.example/x${mode}`), faultIs('border.no-tls'), mode)
  await openBorderDatabase({ url: 'postgres://a:b@border.example/x?sslmode=verify-full', party: sy }).close()
  const superuser = new URL(process.env['CORRIDOR_TEST_POSTGRES'] ?? border.ownerUrl)
  if (process.env['CORRIDOR_TEST_POSTGRES'])
    await assert.rejects(prepareBorderDatabase(superuser.href), faultIs('border.superuser'))
  await assert.rejects(prepareBorderDatabase(border.urlOf(sy)), faultIs('border.not-owner'))
  await assert.rejects(border.prepare({ members: ['with space'] }), faultIs('border.bad-party'))
  await assert.rejects(border.prepare({ newPasswords: ['NOBODY'] }), faultIs('border.no-such-member'))
  await assert.rejects(
    border.prepare({ newPasswords: [sy], passwords: new Map([[sy, 'short']]) }),
    faultIs('border.bad-password'),
  )
  const wrongly = openBorderDatabase({ url: border.urlOf(sy), party: jo })
  await assert.rejects(wrongly.waiting(1), faultIs('border.other-party'))
  await wrongly.close()
})
