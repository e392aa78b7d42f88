import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Database } from '@corridor/database'
import {
  closeOtherAccounts,
  deskOf,
  encodeSecret,
  findApiToken,
  findSession,
  forgetOldSecrets,
  issueApiToken,
  issueSignInLink,
  listApiTokens,
  openSession,
  rememberAnswer,
  revokeAccountSessions,
  revokeApiToken,
  revokeSession,
  saveAccount,
  setAccountDisabled,
  setAccountLocale,
  signIn,
} from '@corridor/registry'
import { durresOfficer, registryDatabase, secret, trader } from './support.ts'

describe('accounts, sessions, tokens and idempotency keys', () => {
  const start = new Date('2026-11-24T10:00:00Z')
  const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000)
  const hour = 60
  let db: Database
  let close: () => Promise<void>

  before(async () => {
    ;({ db, close } = await registryDatabase())
    await saveAccount(db, durresOfficer, start)
    await saveAccount(db, trader, start)
  })
  after(() => close())

  async function link(): Promise<string> {
    const token = secret()
    await issueSignInLink(db, { token, accountId: durresOfficer.id }, start)
    return token
  }

  test('an account keeps its language and its making when configuration is read again', async () => {
    await setAccountLocale(db, durresOfficer.id, 'sq')
    const again = await saveAccount(db, { ...durresOfficer, name: 'Arta Hoxha-Leka' }, at(5))
    assert.equal(again.name, 'Arta Hoxha-Leka')
    assert.equal(again.locale, 'sq')
    assert.deepEqual(again.createdAt, start)
  })

  test('an account without an office, or a trader or manager of reference data with one, is a fault; so is an outside system that is none', async () => {
    await assert.rejects(saveAccount(db, { ...durresOfficer, id: 'x', office: null }, start), { code: 'account-shape' })
    await assert.rejects(saveAccount(db, { ...trader, id: 'x', office: 'AL000101' }, start), { code: 'account-shape' })
    await assert.rejects(saveAccount(db, { ...trader, id: 'x', system: 'aes' }, start), { code: 'account-shape' })
    const system = { id: 'x', name: 'Export system', role: 'system', locale: 'en' } as const
    await assert.rejects(saveAccount(db, system, start), { code: 'account-shape' })
    const manager = { ...durresOfficer, id: 'x', role: 'reference' } as const
    await assert.rejects(saveAccount(db, manager, start), { code: 'account-shape' })
    assert.equal(deskOf({ ...manager, office: null }), undefined)
  })

  test('a link works once, until ten minutes are over', async () => {
    const inTime = await link()
    const signedIn = await signIn(db, { linkToken: inTime, sessionToken: secret() }, at(9.99))
    assert.equal(signedIn.kind === 'signed-in' && signedIn.account.id, durresOfficer.id)
    const twice = await signIn(db, { linkToken: inTime, sessionToken: secret() }, at(9.99))
    assert.deepEqual(twice, { kind: 'refused', reason: 'used' })
    const late = await link()
    assert.deepEqual(await signIn(db, { linkToken: late, sessionToken: secret() }, at(10)), {
      kind: 'refused',
      reason: 'expired',
    })
  })

  test('unknown and misshapen links give nothing', async () => {
    for (const linkToken of [secret(), '', 'x'.repeat(5000), "' or true --"]) {
      const outcome = await signIn(db, { linkToken, sessionToken: secret() }, start)
      assert.deepEqual(outcome, { kind: 'refused', reason: 'unknown' })
    }
  })

  test('a newer link ends the older one', async () => {
    const older = await link()
    const newer = await link()
    assert.deepEqual(await signIn(db, { linkToken: older, sessionToken: secret() }, start), {
      kind: 'refused',
      reason: 'voided',
    })
    assert.equal((await signIn(db, { linkToken: newer, sessionToken: secret() }, start)).kind, 'signed-in')
  })

  test('a session that cannot be opened leaves the link unused', async () => {
    const linkToken = await link()
    await assert.rejects(signIn(db, { linkToken, sessionToken: 'short' }, start), { code: 'secret-form' })
    assert.equal((await signIn(db, { linkToken, sessionToken: secret() }, start)).kind, 'signed-in')
  })

  test('a session lives eight idle hours, and twelve in all', async () => {
    const idle = secret()
    await openSession(db, { token: idle, accountId: durresOfficer.id }, start)
    assert.equal(await findSession(db, idle, at(8 * hour)), undefined)

    const busy = secret()
    await openSession(db, { token: busy, accountId: durresOfficer.id }, start)
    assert.ok(await findSession(db, busy, at(7 * hour)))
    assert.ok(await findSession(db, busy, at(12 * hour - 1)))
    assert.equal(await findSession(db, busy, at(12 * hour)), undefined)
  })

  test('looking without touching does not keep a session alive', async () => {
    const token = secret()
    await openSession(db, { token, accountId: durresOfficer.id }, start)
    assert.ok(await findSession(db, token, at(7 * hour), { touch: false }))
    assert.equal(await findSession(db, token, at(9 * hour)), undefined)
  })

  test('a revoked session is over, alone or with all of its account', async () => {
    const [one, two] = [secret(), secret()]
    for (const token of [one, two]) await openSession(db, { token, accountId: trader.id }, start)
    assert.equal(await revokeSession(db, one, start), true)
    assert.equal(await revokeSession(db, one, start), false)
    assert.equal(await findSession(db, one, start), undefined)
    assert.ok(await findSession(db, two, start))
    assert.equal(await revokeAccountSessions(db, trader.id, start), 1)
    assert.equal(await findSession(db, two, start), undefined)
  })

  test('a bearer token stands for its account until it is revoked; its name is taken meanwhile', async () => {
    const token = secret()
    const made = { token, accountId: trader.id, name: 'ERP' }
    await issueApiToken(db, made, start)
    assert.deepEqual((await findApiToken(db, token, at(1)))?.tokenName, 'ERP')
    assert.equal(await findApiToken(db, secret(), start), undefined)
    await assert.rejects(issueApiToken(db, { ...made, token: secret() }, start), { code: 'token-name-taken' })
    await assert.rejects(issueApiToken(db, { ...made, accountId: 'nobody' }, start), { code: 'unknown-account' })
    assert.equal(await revokeApiToken(db, trader.id, 'ERP', at(2)), true)
    assert.equal(await findApiToken(db, token, at(3)), undefined)
    await issueApiToken(db, { ...made, token: secret() }, at(4))
    const tokens = await listApiTokens(db, trader.id)
    assert.deepEqual(
      tokens.map(({ lastUsedAt, revokedAt }) => [lastUsedAt, revokedAt]),
      [
        [at(1), at(2)],
        [null, null],
      ],
    )
  })

  test('a disabled account has no link, session or token, and gets them back when enabled', async () => {
    const [session, bearer, linkToken] = [secret(), secret(), await link()]
    await openSession(db, { token: session, accountId: durresOfficer.id }, start)
    await issueApiToken(db, { token: bearer, accountId: durresOfficer.id, name: 'script' }, start)
    await setAccountDisabled(db, durresOfficer.id, at(1))
    assert.equal(await findSession(db, session, at(2)), undefined)
    assert.equal(await findApiToken(db, bearer, at(2)), undefined)
    assert.deepEqual(await signIn(db, { linkToken, sessionToken: secret() }, at(2)), {
      kind: 'refused',
      reason: 'disabled',
    })
    await setAccountDisabled(db, durresOfficer.id, null)
    assert.ok(await findSession(db, session, at(3)))
  })

  test('who is in the configuration no more is out at once, and in again when named again', async () => {
    const session = secret()
    const token = secret()
    await openSession(db, { token: session, accountId: durresOfficer.id }, start)
    await issueApiToken(db, { token, accountId: durresOfficer.id, name: 'desk' }, start)
    const unused = await link()
    assert.deepEqual(await closeOtherAccounts(db, [trader.id], at(1)), [{ id: durresOfficer.id, open: false }])
    assert.deepEqual(await closeOtherAccounts(db, [trader.id], at(2)), [])
    assert.equal(await findSession(db, session, at(2)), undefined)
    assert.equal(await findApiToken(db, token, at(2)), undefined)
    assert.deepEqual(await signIn(db, { linkToken: unused, sessionToken: secret() }, at(2)), {
      kind: 'refused',
      reason: 'disabled',
    })
    const both = [trader.id, durresOfficer.id]
    assert.deepEqual(await closeOtherAccounts(db, both, at(3)), [{ id: durresOfficer.id, open: true }])
    assert.equal((await findSession(db, session, at(3)))?.account.id, durresOfficer.id)
  })

  test('no secret is in the tables, only digests', async () => {
    const [linkToken, session, bearer] = [await link(), secret(), secret()]
    await openSession(db, { token: session, accountId: trader.id }, start)
    await issueApiToken(db, { token: bearer, accountId: trader.id, name: 'kept' }, start)
    for (const table of ['sign_in_link', 'account_session', 'api_token']) {
      const rows = await db.query<{ row: string; digest: Buffer }>(`select digest, ${table}::text as row from ${table}`)
      assert.ok(rows.length > 0)
      for (const { row, digest } of rows) {
        assert.equal(digest.length, 32)
        for (const token of [linkToken, session, bearer]) {
          assert.ok(!row.includes(token))
          assert.ok(!row.includes(Buffer.from(token, 'base64url').toString('hex')))
        }
      }
    }
  })

  test('a secret has 256 bits', () => {
    assert.match(encodeSecret(new Uint8Array(32)), /^[A-Za-z0-9_-]{43}$/)
    assert.throws(() => encodeSecret(new Uint8Array(16)), RangeError)
  })

  test('a key gives the first answer again, and refuses another request', async () => {
    const request = { accountId: trader.id, key: 'k1', requestDigest: Buffer.alloc(32, 1) }
    let runs = 0
    const work = async () => ({ status: 202, response: { run: ++runs } })
    const send = (changes = {}) => db.transaction((tx) => rememberAnswer(tx, { ...request, ...changes }, start, work))
    assert.deepEqual(await send(), { kind: 'first', status: 202, response: { run: 1 } })
    assert.deepEqual(await send(), { kind: 'repeat', status: 202, response: { run: 1 } })
    assert.deepEqual(await send({ requestDigest: Buffer.alloc(32, 2) }), { kind: 'key-reused' })
    assert.deepEqual(await send({ accountId: durresOfficer.id }), { kind: 'first', status: 202, response: { run: 2 } })
  })

  test('of many requests at once with one key, one runs and all get its answer', async () => {
    const request = { accountId: trader.id, key: 'k2', requestDigest: Buffer.alloc(32, 1) }
    let runs = 0
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        db.transaction((tx) => rememberAnswer(tx, request, start, async () => ({ status: 200, response: ++runs }))),
      ),
    )
    assert.equal(runs, 1)
    assert.equal(answers.filter((answer) => answer.kind === 'first').length, 1)
    assert.ok(answers.every((answer) => answer.kind !== 'key-reused' && answer.response === 1))
  })

  test('a key is free again after a rollback and after an answer without effect', async () => {
    const request = { accountId: trader.id, key: 'k3', requestDigest: Buffer.alloc(32, 1) }
    const failing = db.transaction((tx) =>
      rememberAnswer(tx, request, start, async () => {
        throw new Error('the effect failed')
      }),
    )
    await assert.rejects(failing, /the effect failed/)
    const conflict = await db.transaction((tx) =>
      rememberAnswer(tx, request, start, async () => ({ status: 409, response: 'changed' })),
    )
    assert.deepEqual(conflict, { kind: 'first', status: 409, response: 'changed' })
    const other = { ...request, requestDigest: Buffer.alloc(32, 2) }
    const done = await db.transaction((tx) =>
      rememberAnswer(tx, other, start, async () => ({ status: 200, response: 'done' })),
    )
    assert.deepEqual(done, { kind: 'first', status: 200, response: 'done' })
  })

  test('what is long over is forgotten, what may still be asked for is kept', async () => {
    const session = secret()
    await openSession(db, { token: session, accountId: trader.id }, at(39 * 24 * hour))
    const forgotten = await forgetOldSecrets(db, at(40 * 24 * hour))
    assert.ok(forgotten.links > 0 && forgotten.sessions > 0 && forgotten.keys > 0)
    assert.ok(await findSession(db, session, at(39 * 24 * hour + 1)))
    assert.deepEqual(await forgetOldSecrets(db, at(40 * 24 * hour)), { links: 0, sessions: 0, keys: 0 })
  })
})
