import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { durresOfficer, secret, testApi, trader, type TestApi } from './support.ts'

describe('/session', () => {
  let api: TestApi
  before(async () => {
    api = await testApi()
  })
  after(() => api.close())

  const origin = 'http://localhost:80'

  test('a link token becomes a session in a strict cookie of this country', async () => {
    const token = await api.link(durresOfficer)
    const answer = await api.app.inject({ method: 'POST', url: '/session', payload: { token } })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), {
      user: {
        id: 'al-departure',
        name: 'Arta Hoxha',
        role: 'departure',
        office: 'AL000101',
        officeName: 'Durrës Port',
        trader: null,
      },
      node: { party: 'NTA.AL', country: 'AL', name: 'Albania' },
      locale: 'en',
      locales: ['en', 'sq', 'ar'],
    })
    const cookie = String(answer.headers['set-cookie'])
    assert.match(cookie, /^corridor_al=[A-Za-z0-9_-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/)
    const session = await api.app.inject({ url: '/session', headers: { cookie: cookie.split(';', 1)[0]! } })
    assert.equal(session.statusCode, 200)
    assert.equal(session.json().user.id, 'al-departure')
  })

  test('of twenty requests at once with one link, exactly one gets a session', async () => {
    const token = await api.link(durresOfficer)
    const [before] = await api.db.query<{ count: number }>('select count(*) from account_session')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.app.inject({ method: 'POST', url: '/session', payload: { token } })),
    )
    const byStatus = Object.groupBy(answers, (answer) => answer.statusCode)
    assert.equal(byStatus[200]?.length, 1)
    assert.equal(byStatus[401]?.length, 19)
    assert.equal(answers.filter((answer) => answer.headers['set-cookie'] !== undefined).length, 1)
    const [after] = await api.db.query<{ count: number }>('select count(*) from account_session')
    assert.equal(after!.count, before!.count + 1)
  })

  test('a used, an expired and an unknown link are refused with the reason, and no cookie', async () => {
    const used = await api.link(durresOfficer)
    await api.app.inject({ method: 'POST', url: '/session', payload: { token: used } })
    const expired = await api.link(trader)
    api.clock.forward(10 * 60_000)
    for (const [token, detail] of [
      [used, /used already/],
      [expired, /ten minutes/],
      [secret(), /no such link/],
    ] as const) {
      const answer = await api.app.inject({ method: 'POST', url: '/session', payload: { token } })
      assert.equal(answer.statusCode, 401)
      assert.equal(answer.json().type, 'urn:corridor:problem:link-refused')
      assert.match(answer.json().detail, detail)
      assert.equal(answer.headers['set-cookie'], undefined)
    }
  })

  test('a wrong body is refused field by field, and a token is never repeated', async () => {
    const answer = await api.app.inject({ method: 'POST', url: '/session', payload: { token: 12345, more: true } })
    assert.equal(answer.statusCode, 422)
    assert.deepEqual(answer.json().errors, [
      { field: 'more', value: 'true', remedy: 'Leave this out: there is no such field.' },
      { field: 'token', remedy: 'Give string.' },
    ])
    assert.ok(!answer.body.includes('12345'))
  })

  test('without a cookie, with a made-up or another country’s cookie, nobody is signed in', async () => {
    const cookie = await api.signIn(durresOfficer)
    const value = cookie.split('=')[1]!
    for (const header of [undefined, `corridor_al=${secret()}`, `corridor_xk=${value}`, 'corridor_al=']) {
      const answer = await api.app.inject({ url: '/session', headers: header === undefined ? {} : { cookie: header } })
      assert.equal(answer.statusCode, 401)
      assert.equal(answer.headers['www-authenticate'], 'Bearer realm="NTA.AL"')
    }
    assert.equal((await api.app.inject({ url: '/session', headers: { cookie } })).statusCode, 200)
  })

  test('a session ends after eight idle hours', async () => {
    const cookie = await api.signIn(durresOfficer)
    api.clock.forward(8 * 3_600_000 - 1)
    assert.equal((await api.app.inject({ url: '/session', headers: { cookie } })).statusCode, 200)
    api.clock.forward(8 * 3_600_000)
    assert.equal((await api.app.inject({ url: '/session', headers: { cookie } })).statusCode, 401)
  })

  test('the language is set for the person, in one of the node’s languages', async () => {
    const cookie = await api.signIn(durresOfficer)
    const patch = (locale: string) =>
      api.app.inject({ method: 'PATCH', url: '/session', headers: { cookie, origin }, payload: { locale } })
    assert.equal((await patch('sq')).json().locale, 'sq')
    assert.equal((await api.app.inject({ url: '/session', headers: { cookie } })).json().locale, 'sq')
    const refused = await patch('tlh')
    assert.equal(refused.statusCode, 422)
    assert.deepEqual(refused.json().errors, [{ field: 'locale', value: 'tlh', remedy: 'Use one of: en, sq, ar.' }])
  })

  test('signing out ends the session at the node, clears the cookie, and may be repeated', async () => {
    const cookie = await api.signIn(durresOfficer)
    const bare = await api.app.inject({ method: 'DELETE', url: '/session', headers: { cookie } })
    assert.equal(bare.statusCode, 403)
    assert.equal((await api.app.inject({ url: '/session', headers: { cookie } })).statusCode, 200)
    const out = () => api.app.inject({ method: 'DELETE', url: '/session', headers: { cookie, origin } })
    const answer = await out()
    assert.equal(answer.statusCode, 204)
    assert.equal(answer.body, '')
    assert.match(String(answer.headers['set-cookie']), /^corridor_al=; Max-Age=0;/)
    assert.equal((await api.app.inject({ url: '/session', headers: { cookie } })).statusCode, 401)
    assert.equal((await out()).statusCode, 204)
  })

  test('signing out with a bearer token says that there is no session to end', async () => {
    const headers = await api.bearer(trader)
    const answer = await api.app.inject({ method: 'DELETE', url: '/session', headers })
    assert.equal(answer.statusCode, 403)
    assert.equal(answer.json().type, 'urn:corridor:problem:not-a-session')
    assert.equal((await api.app.inject({ url: '/session', headers })).statusCode, 200)
  })

  test('signing in again in the same browser ends the session before', async () => {
    const older = await api.signIn(durresOfficer)
    const token = await api.link(durresOfficer)
    const headers = { cookie: older, origin }
    assert.equal(
      (await api.app.inject({ method: 'POST', url: '/session', headers, payload: { token } })).statusCode,
      200,
    )
    assert.equal((await api.app.inject({ url: '/session', headers })).statusCode, 401)
  })

  test('a bearer token, when there is one, decides alone', async () => {
    const cookie = await api.signIn(durresOfficer)
    const bearer = await api.bearer(trader)
    const both = await api.app.inject({ url: '/session', headers: { cookie, ...bearer } })
    assert.equal(both.json().user.id, trader.id)
    for (const authorization of [`Bearer ${secret()}`, 'Bearer', 'Basic YTpi', `bearer  ${'x'.repeat(9000)}`]) {
      const answer = await api.app.inject({ url: '/session', headers: { cookie, authorization } })
      assert.equal(answer.statusCode, 401)
      assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/)
    }
  })

  test('no secret is in the log', async () => {
    const token = await api.link(durresOfficer)
    await api.app.inject({ method: 'POST', url: '/session', payload: { token } })
    await api.app.inject({ url: `/session?token=${token}` })
    await api.app.inject({ url: `/nothing/${token}` })
    const { authorization } = await api.bearer(trader)
    await api.app.inject({ url: '/session', headers: { authorization } })
    const log = JSON.stringify(api.logged)
    assert.ok(api.logged.length > 4)
    for (const hidden of [token, authorization.split(' ')[1]!]) assert.ok(!log.includes(hidden))
  })
})
