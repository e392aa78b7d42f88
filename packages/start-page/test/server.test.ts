import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { type ChangeOutcome, serveStartPage, type StartPage, type StoryLine, type WishOutcome } from '../src/index.ts'
import { catalogues } from '../src/words.ts'

const node = { id: 'a', name: 'A', country: 'AL' }
const corridor = {
  id: 'one',
  title: 'One',
  about: { en: 'A sentence.' },
  chart: { title: 'One', nodes: [node], places: [], links: [] },
  command: 'npm start -- one',
}
const wishes: string[] = []
let outcome: WishOutcome = 'wished'
let changed: ChangeOutcome = { kind: 'taken' }
let page: StartPage
let base: URL
let secret: string

before(async () => {
  page = await serveStartPage(
    {
      corridors: () => [corridor],
      signInLink: async (id, account) =>
        id === 'a' && account === 'officer' ? 'http://127.0.0.1:1/sign-in#x' : undefined,
      start: (id) => {
        wishes.push(id)
        return outcome
      },
      change: async (id, configuration) => {
        wishes.push(`${id} ${configuration}`)
        return changed
      },
    },
    0,
  )
  base = new URL(page.url)
  secret = base.hash.slice(1)
})
after(() => page.close())

interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** Asks as no browser would: any Host, any Origin. */
function ask(
  path: string,
  { method = 'GET', headers = {}, body = '' }: Asked = {},
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: base.port, path, method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const withSecret = (): Record<string, string> => ({ authorization: `Bearer ${secret}` })

test('the address carries a secret of its own in each start, where no browser sends it', async () => {
  assert.match(page.url, /^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{32}$/)
  const another = await serveStartPage(
    { corridors: () => [], signInLink: async () => undefined, start: () => 'unknown', change: async () => changed },
    0,
  )
  assert.notEqual(new URL(another.url).hash, base.hash)
  await another.close()
})

test('nothing of what runs is given, and nothing done, without the secret', async () => {
  const wrong: Record<string, string>[] = [
    {},
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${secret}x` },
    { authorization: secret },
  ]
  for (const headers of wrong)
    for (const [path, method] of [
      ['/feed', 'GET'],
      ['/sign-in-links', 'POST'],
      ['/corridors/one/start', 'POST'],
      ['/corridors/one/change', 'POST'],
      ['/nothing', 'GET'],
    ] as const)
      assert.equal((await ask(path, { method, headers })).status, 401, `${method} ${path} ${JSON.stringify(headers)}`)
  assert.deepEqual(wishes, [])
})

test('a page of another origin, or under another name, is refused whatever it knows', async () => {
  for (const headers of [{ host: 'evil.example' }, { host: `evil.example:${base.port}` }])
    assert.equal((await ask('/', { headers })).status, 421)
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:1`, `https://127.0.0.1:${base.port}`]) {
    const asked = { method: 'POST', headers: { ...withSecret(), origin } }
    for (const act of ['start', 'change']) assert.equal((await ask(`/corridors/one/${act}`, asked)).status, 403)
  }
  assert.deepEqual(wishes, [])
  const own = { method: 'POST', headers: { ...withSecret(), origin: `http://127.0.0.1:${base.port}` } }
  assert.equal((await ask('/corridors/one/start', own)).status, 202)
  assert.deepEqual(wishes.splice(0), ['one'])
})

test('what anybody on the machine may have is the page, its words and pictures, each under a policy', async () => {
  for (const path of [
    '/',
    '/start.css',
    '/start.js',
    '/elements.js',
    '/language.js',
    '/lines.js',
    '/icon.svg',
    '/locales/fa-AF.json',
    '/maps/one.svg?language=ar',
    '/maps/one.svg?language=xx',
  ]) {
    const { status, headers, text } = await ask(path)
    assert.equal(status, 200, path)
    assert.match(String(headers['content-security-policy']), /default-src 'none'/)
    assert.deepEqual([headers['cache-control'], headers['x-content-type-options']], ['no-store', 'nosniff'])
    assert.ok(!text.includes(secret))
    assert.doesNotMatch(text.replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\//, `${path} names another place`)
  }
  for (const path of [
    '/../package.json',
    '/locales/..%2f..%2fpackage.json',
    '/locales/constructor.json',
    '/maps/two.svg',
    '/locales/en',
  ])
    assert.ok([401, 404].includes((await ask(path)).status), path)
  assert.equal((await ask('/', { method: 'POST' })).status, 405)
})

test('a link is made for who signs in, and for nobody else', async () => {
  const post = (body: string) => ask('/sign-in-links', { method: 'POST', headers: withSecret(), body })
  const made = await post('{"node":"a","account":"officer"}')
  assert.deepEqual([made.status, JSON.parse(made.text)], [200, { link: 'http://127.0.0.1:1/sign-in#x' }])
  assert.equal((await post('{"node":"a","account":"trader"}')).status, 404)
  for (const body of ['', '[]', 'null', '{"node":1}', '{', `{"node":"a","account":"${'x'.repeat(9_000)}"}`])
    assert.ok([400, 404].includes((await post(body)).status), body.slice(0, 20))
  assert.equal((await ask('/sign-in-links', { headers: withSecret() })).status, 405)
})

test('a wish that comes at the wrong time, or for nothing, is said', async () => {
  const wish = () => ask('/corridors/one/start', { method: 'POST', headers: withSecret() })
  for (const [each, status] of [
    ['busy', 409],
    ['unknown', 404],
    ['wished', 202],
  ] as const) {
    outcome = each
    assert.equal((await wish()).status, status)
  }
  assert.equal((await ask('/corridors/%ff/start', { method: 'POST', headers: withSecret() })).status, 202)
  assert.deepEqual(wishes.splice(0).at(-1), '')
})

test('another configuration is wished by its name; what came of it is said, with the reason', async () => {
  const wish = (body: string) => ask('/corridors/one/change', { method: 'POST', headers: withSecret(), body })
  for (const [each, status] of [
    [{ kind: 'taken' }, 200],
    [{ kind: 'unknown' }, 404],
    [{ kind: 'busy' }, 409],
    [{ kind: 'refused', why: 'links: no node zz' }, 422],
  ] as const) {
    changed = each
    const answer = await wish('{"configuration":"more.yaml"}')
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [status, each])
  }
  assert.deepEqual(wishes.splice(0), Array.from({ length: 4 }).fill('one more.yaml'))
  for (const body of ['', 'null', '{"configuration":7}', '{', `{"configuration":"${'x'.repeat(9_000)}"}`])
    assert.equal((await wish(body)).status, 400, body.slice(0, 20))
  assert.equal((await ask('/corridors/one/change', { headers: withSecret() })).status, 405)
  assert.deepEqual(wishes, [])
})

test('a page hears the state and the lines from the first, then each that follows', async () => {
  const line = (document: string): StoryLine => ({
    at: '2026-12-01T08:00:00.000Z',
    who: 'A',
    document,
    title: '',
    to: '',
    receiptMs: null,
    isPartners: false,
  })
  const view = { id: 'one', title: 'One', name: 'one', said: '', nodes: [], configurations: [], change: null }
  page.show({ ...view, phase: 'playing' })
  page.say(line('CC015C'))
  const answer = await fetch(new URL('/feed', base), { headers: withSecret() })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async (): Promise<Record<string, unknown>> => {
    while (!text.includes('\n')) text += (await reader.read()).value ?? ''
    const [first = '', ...rest] = text.split('\n')
    text = rest.join('\n')
    return JSON.parse(first) as Record<string, unknown>
  }
  const first = await next()
  assert.deepEqual([first['running'], first['lines']], [{ ...view, phase: 'playing' }, [line('CC015C')]])
  const [known] = first['corridors'] as Record<string, unknown>[]
  assert.deepEqual(
    [known?.['command'], known?.['about'], known?.['chart']],
    [corridor.command, corridor.about, undefined],
  )
  page.say(line('CC028C'))
  assert.deepEqual(await next(), { lines: [line('CC028C')] })
  page.show({ ...view, id: 'two', phase: 'starting' })
  const started = await next()
  assert.deepEqual([(started['running'] as { id: string }).id, started['afresh']], ['two', true])
  await reader.cancel()
})

test('every catalogue has the same words with the same gaps, and the page asks for no other', () => {
  const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).toSorted()
  const english = catalogues['en']!
  for (const [language, words] of Object.entries(catalogues)) {
    assert.deepEqual(Object.keys(words), Object.keys(english), language)
    for (const [key, text] of Object.entries(words))
      assert.deepEqual(gaps(text), gaps(english[key as keyof typeof english]), `${language} ${key}`)
  }
  const sources = ['start.js', 'elements.js', 'language.js', 'lines.js', 'start.html'].map((name) =>
    readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8'),
  )
  const asked = sources.flatMap((text) =>
    [
      ...text.matchAll(
        /(?:say|tell)\('([\w.]+)'|data-word="([\w.]+)"|'((?:story\.(?:receipt|taken))|change\.(?:underWay|refused|busy))'/g,
      ),
    ].map(([, one, other, third]) => one ?? other ?? third!),
  )
  assert.ok(asked.length > 15)
  for (const key of asked) assert.ok(Object.hasOwn(english, key), key)
})
