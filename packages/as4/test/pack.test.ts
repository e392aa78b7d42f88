import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeAuthority } from '@corridor/as4/testing'

// What a stranger gets: both packages packed, installed in an empty folder and used there. The copy that is packed lies
// outside of the checkout, because packing changes package.json for a moment and others may be running from it.

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'corridor-pack-'))
const user = join(folder, 'user')
after(() => rmSync(folder, { recursive: true, force: true }))

function examples(): string[] {
  const readme = readFileSync(join(user, 'node_modules/@corridor/as4/README.md'), 'utf8')
  return [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code!)
}

interface Published {
  exports: Record<string, string | Record<'types' | 'default', string>>
}

interface Packed {
  filename: string
  files: { path: string }[]
}

const sourceOf = (name: string): string => join(root, 'packages', name)
const copyOf = (name: string): string => join(folder, 'packages', name)

function copy(name: string): void {
  const there = readdirSync(sourceOf(name))
  for (const each of ['src', 'docs', 'scripts', 'package.json', 'README.md'].filter((each) => there.includes(each))) {
    cpSync(join(sourceOf(name), each), join(copyOf(name), each), { recursive: true })
  }
}

async function pack(name: string): Promise<Packed> {
  const [from, to] = [sourceOf(name), copyOf(name)]
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: to })
  // npm answers with a list or, from version 12 on, with an object by name.
  const [packed] = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as Record<string, Packed>)
  assert.ok(packed)
  assert.deepEqual(readFileSync(join(to, 'package.json')), readFileSync(join(from, 'package.json')), 'put back')
  return packed
}

/** npm says so in several ways when it can reach neither its cache nor a registry. */
const NO_REGISTRY = /ENOTCACHED|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ECONNRESET|E401|E403|E5\d\d|network/

async function install(t: TestContext, tarballs: string[]): Promise<boolean> {
  mkdirSync(user)
  writeFileSync(join(user, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  try {
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], { cwd: user })
    return true
  } catch (error) {
    if (!NO_REGISTRY.test((error as { stderr?: string }).stderr ?? '')) throw error
    t.skip('needs a package registry, or saxes in the cache of npm')
    return false
  }
}

test('both packages are packed, installed in an empty folder, and serve JavaScript and TypeScript', async (t) => {
  for (const each of ['LICENSE', 'NOTICE']) cpSync(join(root, each), join(folder, each))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const each of ['xml', 'as4']) copy(each)
  const packed = [await pack('xml'), await pack('as4')]
  for (const { files } of packed) {
    const paths = files.map(({ path }) => path)
    for (const each of ['LICENSE', 'NOTICE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']) {
      assert.ok(paths.includes(each), each)
    }
    const strange = paths.filter(
      (path) => !/^(dist\/.+\.(js|d\.ts)|docs\/.+\.md|LICENSE|NOTICE|README\.md|package\.json)$/.test(path),
    )
    assert.deepEqual(strange, [])
    assert.deepEqual(
      paths.filter((path) => /test/.test(path)),
      [],
    )
  }
  const installed = await install(
    t,
    packed.map(({ filename }) => join(folder, filename)),
  )
  if (!installed) return
  assert.deepEqual(
    readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['@corridor', 'saxes', 'xmlchars'],
  )

  await t.test(
    'whatever the exports promise loads, and has declarations; certificates for tests are not promised',
    async () => {
      const names: string[] = []
      for (const name of ['@corridor/xml', '@corridor/as4']) {
        const folder = join(user, 'node_modules', name)
        const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Published
        for (const [entry, target] of Object.entries(exports)) {
          const files = typeof target === 'string' ? [target] : Object.values(target)
          for (const file of files) assert.ok(existsSync(join(folder, file)), `${name}: ${file}`)
          if (typeof target !== 'string') names.push(`${name}${entry.slice(1)}`)
        }
      }
      assert.deepEqual(names, ['@corridor/xml', '@corridor/as4', '@corridor/as4/fastify', '@corridor/as4/http'])
      const load = `for (const name of ${JSON.stringify([...names, '@corridor/as4/testing'])})
      console.log(name, await import(name).then((all) => Object.keys(all).length > 0, ({ code }) => code))`
      writeFileSync(join(user, 'load.js'), load)
      const { stdout } = await run(process.execPath, ['load.js'], { cwd: user, timeout: 30_000 })
      const loaded = names.map((name) => `${name} true`)
      const lines = [...loaded, '@corridor/as4/testing ERR_PACKAGE_PATH_NOT_EXPORTED']
      assert.deepEqual(stdout.trim().split('\n'), lines)
    },
  )

  await t.test('the example of the README runs', async () => {
    const authority = await makeAuthority('Example')
    for (const name of ['a', 'b']) {
      const { certificatePem, privateKeyPem } = await authority.issue({ commonName: name })
      writeFileSync(join(user, `${name}.pem`), certificatePem)
      writeFileSync(join(user, `${name}.key`), privateKeyPem)
    }
    const [example = ''] = examples()
    assert.ok(example.trim().split('\n').length <= 24)
    writeFileSync(join(user, 'example.js'), example)
    const { stdout } = await run(process.execPath, ['example.js'], { cwd: user, timeout: 30_000 })
    assert.equal(stdout, 'store Order <order/> true\nreceipt undefined\n')
  })

  await t.test('the example with a large message runs', async () => {
    const [example = '', large = ''] = examples()
    const keys = example.slice(0, example.indexOf('const onMessage'))
    writeFileSync(join(user, 'large.js'), `${keys}\n${large}`)
    writeFileSync(join(user, 'large.bin'), randomBytes(3_000_000))
    const { stdout } = await run(process.execPath, ['large.js'], { cwd: user, timeout: 30_000 })
    const sha256 = createHash('sha256')
      .update(readFileSync(join(user, 'large.bin')))
      .digest('hex')
    assert.equal(stdout, `store 3000000 ${sha256}\nreceipt undefined\n`)
    assert.deepEqual(readFileSync(join(user, 'received.bin')), readFileSync(join(user, 'large.bin')))
    for (const each of ['spool', 'outgoing']) assert.deepEqual(readdirSync(join(user, each)), [])
  })

  await t.test('the declarations hold for a strict TypeScript program', async () => {
    const types = join(root, 'node_modules/@types')
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck', 'false']
    const args = ['--ignoreConfig', ...strict, '--typeRoots', types, '--types', 'node', 'consumer.ts']
    const complaints = async (program: string): Promise<string> => {
      writeFileSync(join(user, 'consumer.ts'), program)
      const failed = run('tsc', args, { cwd: user, timeout: 60_000 }).then(() => ({ stdout: '' }))
      return (await failed.catch((error: { stdout: string }) => error)).stdout
    }
    assert.equal(await complaints(CONSUMER), '')
    assert.match(await complaints(CONSUMER.replace("action: 'A'", 'action: 1')), /not assignable/)
  })
})

const CONSUMER = `
import type { IncomingMessage } from 'node:http'
import { open, sealUserMessage, type Identity, type PMode, type SealedMessage, type UserMessage } from '@corridor/as4'
import { as4 } from '@corridor/as4/fastify'
import { nodeHandler, pullMessage, sendMessage, type ReceiverOptions, type SendOutcome } from '@corridor/as4/http'
import { parse } from '@corridor/xml'

declare const pmode: PMode
declare const identity: Identity
declare const options: ReceiverOptions
const { initiator: from, responder: to, service } = pmode
const message: UserMessage = {
  messageId: 'a@b', timestamp: new Date(0), conversationId: '1', from, to, service, action: 'A', properties: [], parts: [],
}
const sealed: SealedMessage = sealUserMessage(message, pmode, identity)
export const outcome: Promise<SendOutcome> = sendMessage('https://partner.example/as4', sealed, { pmode, now: () => new Date() })
const opened = open(sealed, { identity, findPMode: () => pmode, now: new Date() })
export const kind: 'user' | 'receipt' | 'error' | 'refused' = opened.kind
export const listener: (request: IncomingMessage, response: never) => void = nodeHandler(options)
export const plugin: Promise<void> = as4({} as Parameters<typeof as4>[0], { ...options, path: '/as4' })
export const pulled = pullMessage('https://partner.example/as4', pmode, { ...options, identity })
export const root: string = parse(Buffer.from('<a/>')).local
`
