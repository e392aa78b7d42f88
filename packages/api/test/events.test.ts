import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { revokeSession, saveAccount } from '@corridor/registry'
import { durresOfficer, operationsDesk, secretariat, testApi, type TestApi } from './support.ts'

// A stream that does not end is a failure, not a wait; on a busy machine the databases of seven tests alone take half a minute.
describe('/events', { timeout: 180_000 }, () => {
  let api: TestApi
  let base: string
  let open = true
  beforeEach(async () => {
    api = await testApi({ heartbeatMs: 40 })
    await api.app.listen({ host: '127.0.0.1', port: 0 })
    base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`
    open = true
  })
  afterEach(async () => {
    if (open) await api.close()
  })

  interface Listening {
    answer: Response
    /** Reads until what came so far fits; fails when the stream ends before. */
    until: (pattern: RegExp) => Promise<string>
    /** Reads to the end of the stream. */
    rest: () => Promise<string>
    leave: () => Promise<void>
  }

  async function listen(headers: Record<string, string>): Promise<Listening> {
    const answer = await fetch(`${base}/events`, { headers: { accept: 'text/event-stream', ...headers } })
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const more = async () => {
      const { done, value } = await reader.read()
      text += value ?? ''
      return !done
    }
    return {
      answer,
      until: async (pattern) => {
        while (!pattern.test(text)) assert.ok(await more(), `the stream ended with ${text}`)
        return text
      },
      rest: async () => {
        while (await more());
        return text
      },
      leave: () => reader.cancel(),
    }
  }

  test('changes of the own office come as events, those of other offices do not', async () => {
    const stream = await listen(await api.bearer(durresOfficer))
    assert.equal(stream.answer.status, 200)
    assert.equal(stream.answer.headers.get('content-type'), 'text/event-stream')
    assert.equal(stream.answer.headers.get('cache-control'), 'no-store')
    assert.equal(stream.answer.headers.get('x-content-type-options'), 'nosniff')
    await stream.until(/retry: 2000\n\n/)
    api.standIn.publish({ mrn: '26XKOTHER', version: 1, offices: ['XK000201', 'XK000301'] })
    api.standIn.publish({ mrn: '26ALOWN', version: 4, offices: ['XK000201', 'AL000101'] })
    const text = await stream.until(/26ALOWN/)
    assert.match(text, /event: movement\ndata: \{"mrn":"26ALOWN","version":4\}\n\n/)
    assert.doesNotMatch(text, /26XKOTHER/)
    // That what is known of systems changed is for everybody, also for who is of no office.
    const desk = await listen(await api.bearer(operationsDesk))
    await desk.until(/retry/)
    api.standIn.publish('availability')
    for (const each of [stream, desk]) {
      await each.until(/event: availability\ndata: \{\}\n\n/)
      await each.leave()
    }
  })

  test('the board of a hub is told of to its secretariat alone, and nothing else is told to that', async () => {
    const [officer, board] = [
      await listen(await api.bearer(durresOfficer)),
      await listen(await api.bearer(secretariat)),
    ]
    await Promise.all([officer.until(/retry/), board.until(/retry/)])
    for (const event of ['regional', 'availability'] as const) api.standIn.publish(event)
    api.standIn.publish({ mrn: '26ALOWN', version: 5, offices: ['AL000101'] })
    assert.doesNotMatch(await officer.until(/26ALOWN/), /event: regional/)
    assert.doesNotMatch(await board.until(/event: regional\ndata: \{\}\n\n[^]*event: ping/), /availability|26ALOWN/)
    await Promise.all([officer.leave(), board.leave()])
  })

  test('a heartbeat comes, and goes on', async () => {
    const stream = await listen(await api.bearer(durresOfficer))
    await stream.until(/(event: ping\ndata: \{\}\n\n[^]*){2}/)
    await stream.leave()
  })

  test('a stream ends with its session, and listening does not keep a session alive', async () => {
    const cookie = await api.signIn(durresOfficer)
    const revoked = await listen({ cookie })
    await revoked.until(/ping/)
    await revokeSession(api.db, cookie.split('=')[1]!, api.clock.now)
    await revoked.rest()

    const idle = await listen({ cookie: await api.signIn(durresOfficer) })
    for (let hours = 0; hours < 7; hours += 1) {
      api.clock.forward(3_600_000)
      await pause(45)
    }
    await idle.until(/ping/)
    api.clock.forward(3_600_000)
    await idle.rest()
  })

  test('an officer who moves to another office loses the stream of the first', async () => {
    const stream = await listen(await api.bearer(durresOfficer))
    await stream.until(/ping/)
    await saveAccount(api.db, { ...durresOfficer, office: 'AL000901' }, api.clock.now)
    await stream.rest()
  })

  test('when changes may have been missed, streams end so that readers come back and ask anew', async () => {
    const headers = await api.bearer(durresOfficer)
    const stream = await listen(headers)
    await stream.until(/ping/)
    api.standIn.publish(undefined)
    await stream.rest()
    const again = await listen(headers)
    api.standIn.publish({ mrn: '26ALOWN', version: 5, offices: ['AL000101'] })
    await again.until(/26ALOWN/)
    await again.leave()
  })

  test('closing the server ends open streams at once, and nobody listens any more', async () => {
    const stream = await listen(await api.bearer(durresOfficer))
    await stream.until(/ping/)
    const began = Date.now()
    open = false
    await Promise.all([api.close(), stream.rest()])
    assert.ok(Date.now() - began < 2000)
    assert.equal(api.standIn.listeners, 0)
  })

  test('a reader that does not read is cut off instead of filling the memory', async () => {
    const stream = await listen(await api.bearer(durresOfficer))
    const padding = 'x'.repeat(10_000)
    let sent = 0
    for (; sent < 5000; sent += 1) api.standIn.publish({ mrn: padding, version: sent, offices: ['AL000101'] })
    await assert.rejects(stream.rest())
  })
})
