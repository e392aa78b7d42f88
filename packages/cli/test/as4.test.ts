import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeAuthority } from '@corridor/as4/testing'
import { as4 as as4Here } from '../src/commands/as4.ts'

const whole = fileURLToPath(new URL('../corridor.mjs', import.meta.url))
const command = fileURLToPath(new URL('as4-process.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'corridor-as4-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string): string => join(folder, name)

const authority = await makeAuthority('Command Line CA')
writeFileSync(path('ca.pem'), authority.certificatePem)
for (const name of ['a', 'b', 'c']) {
  const { certificatePem, privateKeyPem } = await authority.issue({ commonName: `party-${name}` })
  writeFileSync(path(`${name}.pem`), privateKeyPem + certificatePem)
  writeFileSync(path(`${name}.crt`), certificatePem)
}
writeFileSync(path('order.xml'), '<order>ë</order>')
writeFileSync(path('scan.pdf'), Buffer.alloc(5000, 7))

interface Ran {
  code: number
  out: string
  err: string
  /** What was printed with --json. */
  events: Record<string, unknown>[]
}

function as4(...typed: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, CORRIDOR_KEY_PASSWORD: '' }
    execFile(process.execPath, [command, ...typed], { env, timeout: 30_000 }, (error, out, err) => {
      const lines = typed.includes('--json') && typed[0] !== 'explain' ? out.trim().split('\n') : []
      const events = lines.filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
      resolve({ code: error ? Number(error.code) : 0, out, err, events })
    })
  })
}

/** Serves for as long as `work` takes; `heard` are the events so far. */
async function whileServing(
  typed: string[],
  work: (url: string, heard: Record<string, unknown>[]) => Promise<void>,
): Promise<void> {
  const child: ChildProcess = spawn(
    process.execPath,
    [command, 'serve', '--port', '0', '--host', '127.0.0.1', '--json', '--key', path('b.pem'), ...typed],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const heard: Record<string, unknown>[] = []
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const event = JSON.parse(line) as Record<string, unknown>
      heard.push(event)
      if (event.event === 'listening') resolve(event.url as string)
    })
  })
  child.removeAllListeners('exit')
  try {
    await work(url, heard)
  } finally {
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number]
    assert.equal(code, 0)
  }
}

const partnerOfB = ['--partner', path('a.crt')]
const asA = ['--key', path('a.pem'), '--partner', path('b.crt')]

test('what is typed wrong is answered with what is wrong, and 2', async (t) => {
  const url = 'http://127.0.0.1:9/as4'
  writeFileSync(path('keys.p12'), Buffer.from('3082', 'hex'))
  const wrong: [string[], RegExp][] = [
    [['sennd'], /There is no command “as4 sennd”/],
    [['send'], /Say where/],
    [['send', 'partner'], /“partner” is no address/],
    [['send', 'ftp://partner/x'], /is no address of an endpoint; one looks like https:/],
    [['send', url], /Give --key/],
    [['send', url, '--key', path('none.pem')], /There is no file “.*none.pem”/],
    [['send', url, '--key', path('keys.p12')], /no PEM file.*openssl pkcs12 -in .*keys.p12 -nodes -out .*keys.pem/s],
    [['send', url, '--key', path('order.xml')], /no PEM file.*PEM is text/s],
    [['send', url, '--key', path('a.crt')], /There is no private key in/],
    [['send', url, '--key', path('a.pem'), '--cert', path('b.crt')], /No certificate in .*b.crt” belongs to the key/],
    [['send', url, '--key', path('a.pem')], /Give --partner/],
    [['send', url, ...asA, '--token', 'x'], /--token is one of x509v3/],
    [['send', url, ...asA, '--retry', '-1'], /--retry/],
    [['send', url, ...asA, '--retry', 'many'], /--retry takes a whole number/],
    [['send', url, ...asA, '--port', '1'], /There is no option --port here/],
    [['send', url, ...asA, '--nonsense'], /There is no option --nonsense/],
    [['send', url, ...asA, '--json=yes'], /--json takes no value/],
    [['send', url, ...asA, '--action'], /--action needs a value/],
    [['send', url, ...asA, '--property', 'x'], /NAME=VALUE, not “x”/],
    [['send', url, path('order.xml'), ...asA], /Give --service/],
    [['send', url, path('order.xml'), ...asA, '--service', 's'], /Give --action/],
    [['serve', '--out', path('x'), ...asA], /Give --port/],
    [['serve', '--port', '0', ...asA], /Give --out/],
    [['serve', '--port', '0', '--out', path('x'), ...asA, '--fail', '4'], /takes a code like EBMS:0004/],
    [['serve', '--port', '0', '--out', path('x'), ...asA, path('order.xml')], /Give --mpc/],
    [['pull', url, '--out', path('x'), ...asA], /Give --mpc/],
    [['explain'], /Say which file/],
    [['explain', 'a', 'b'], /“b” is one word too many/],
  ]
  for (const [typed, message] of wrong) {
    const said = t.mock.method(process.stderr, 'write', () => true)
    const code = await as4Here(typed)
    said.mock.restore()
    const text = said.mock.calls.map(({ arguments: [line] }) => String(line)).join('')
    assert.equal(code, 2, `${typed.join(' ')}: ${text}`)
    assert.match(text, message)
  }
  const fault = await as4('send', url, ...asA, '--profile', 'edelivery-3.0')
  assert.equal(fault.code, 1)
  assert.match(fault.err, /There is no profile "edelivery-3.0"/)
  const help = await promisify(execFile)(process.execPath, [whole, 'as4', 'help'])
  assert.match(help.stdout, /corridor as4 serve/)
})

test('files are sent, received into a folder, receipted; the same message again gets the same receipt', async () => {
  const out = path('received')
  const message = [
    '--service',
    'urn:s',
    '--action',
    'Order',
    '--message-id',
    '../../1@a',
    '--property',
    'n=1=2',
    '--json',
  ]
  await whileServing([...partnerOfB, '--out', out], async (url, heard) => {
    const sent = await as4('send', url, path('order.xml'), path('scan.pdf'), ...asA, ...message)
    assert.equal(sent.code, 0, sent.err)
    assert.deepEqual(
      sent.events.map(({ event }) => event),
      ['sending', 'receipt'],
    )
    const received = heard.find(({ event }) => event === 'received')
    assert.deepEqual([received?.messageId, received?.from, received?.to], ['../../1@a', 'party-a', 'party-b'])
    const [xml = '', pdf = ''] = (received?.files ?? []) as string[]
    assert.ok(xml.startsWith(out) && xml.endsWith('.1.xml') && pdf.endsWith('.2.pdf'))
    assert.equal(readFileSync(xml, 'utf8'), '<order>ë</order>')
    assert.deepEqual(readFileSync(pdf), Buffer.alloc(5000, 7))
    const record = JSON.parse(readFileSync(xml.replace(/\.1\.xml$/, '.json'), 'utf8')) as Record<string, unknown>
    assert.deepEqual(record.properties, [{ name: 'n', value: '1=2' }])
    const again = await as4('send', url, path('order.xml'), path('scan.pdf'), ...asA, ...message)
    // Sealed anew, its signature is another, so the kept receipt is not for it: that is said, not hidden.
    assert.equal(again.code, 1)
    assert.match(String(again.events[1]?.reason), /another digest/)
    assert.equal(heard.filter(({ event }) => event === 'received').length, 1)
  })
  // A server that was restarted has the folder and no other memory.
  await whileServing([...partnerOfB, '--out', out], async (url, heard) => {
    await as4('send', url, path('order.xml'), path('scan.pdf'), ...asA, ...message)
    assert.deepEqual(
      heard.map(({ event }) => event),
      ['listening'],
    )
    const other = await as4('send', url, path('order.xml'), ...asA, ...message)
    const [refusal] = (other.events[1]?.errors ?? []) as { code: string }[]
    assert.equal(refusal?.code, 'EBMS:0004')
  })
  assert.equal(readdirSync(out).length, 3)
})

test('a message to the test service needs no files and leaves none', async () => {
  await whileServing([...partnerOfB, '--out', path('pings')], async (url, heard) => {
    const ping = await as4('send', url, ...asA)
    assert.equal(ping.code, 0, ping.out)
    assert.match(ping.out, /^receipt .* signed by party-b, every digest is ours/m)
    assert.equal(heard[1]?.event, 'test')
    assert.deepEqual(readdirSync(path('pings')), ['.spool'])
  })
})

test('refusals are said on both sides, each with what it may know', async () => {
  await whileServing([...partnerOfB, '--out', path('none'), '--action', 'Order'], async (url, heard) => {
    const stranger = await as4(
      'send',
      url,
      '--key',
      path('c.pem'),
      '--partner',
      path('b.crt'),
      '--action',
      'Order',
      '--service',
      's',
    )
    assert.equal(stranger.code, 1)
    assert.match(stranger.out, /EBMS:0101 FailedAuthentication .*signed by party-b/)
    const unknown = await as4('send', url, ...asA, '--action', 'Other', '--service', 's')
    assert.match(unknown.out, /EBMS:0010/)
    assert.deepEqual(
      heard.slice(1).map(({ event, code, detail }) => [event, code, detail]),
      [
        ['refused', 'EBMS:0101', 'the signer is not the pinned partner'],
        ['refused', 'EBMS:0010', 'there is no agreement for this header'],
      ],
    )
  })
  await whileServing([...partnerOfB, '--out', path('none'), '--fail', 'EBMS:0303'], async (url) => {
    assert.match((await as4('send', url, ...asA, '--service', 's', '--action', 'A')).out, /EBMS:0303 Decompression/)
  })
  const nobody = await as4('send', 'http://127.0.0.1:9/as4', ...asA)
  assert.equal(nobody.code, 1)
  assert.match(nobody.out, /no receipt \(EBMS:0301\) {2}connect ECONNREFUSED/)
})

test('over TLS with client certificates', async () => {
  const server = ['--tls-cert', path('b.crt'), '--tls-key', path('b.pem'), '--client-ca', path('ca.pem')]
  await whileServing([...partnerOfB, '--out', path('tls'), ...server], async (url) => {
    assert.match(url, /^https:/)
    const client = ['--ca', path('ca.pem'), '--tls-cert', path('a.crt'), '--tls-key', path('a.pem')]
    assert.equal((await as4('send', url, ...asA, ...client, '--pin', path('b.crt'))).code, 0)
    const wrong = await as4('send', url, ...asA, ...client, '--pin', path('c.crt'))
    assert.match(wrong.out, /not one that is pinned/)
  })
})

test('offered files are pulled oldest first, once, with receipts', async () => {
  const offered = ['--mpc', 'urn:m', '--service', 'urn:s', '--action', 'Notify', path('order.xml'), path('scan.pdf')]
  await whileServing([...partnerOfB, '--out', path('none'), ...offered], async (url, heard) => {
    const out = path('pulled')
    const typed = ['pull', url, '--mpc', 'urn:m', '--out', out, ...asA, '--json']
    const first = await as4(...typed, '--max', '1')
    assert.equal(first.code, 0, first.err)
    const rest = await as4(...typed)
    assert.equal(rest.code, 0)
    assert.deepEqual(
      [...first.events, ...rest.events].map(({ event, kind }) => kind ?? event),
      ['received', 'message', 'received', 'message', 'empty'],
    )
    assert.deepEqual(
      heard.filter(({ event }) => event === 'settled').map(({ kind }) => kind),
      ['receipt', 'receipt'],
    )
    const [file] = (first.events[0]?.files as string[]) ?? []
    assert.equal(readFileSync(file ?? '', 'utf8'), '<order>ë</order>')
    const other = await as4('pull', url, '--mpc', 'urn:other', '--out', out, ...asA)
    assert.equal(other.code, 1)
    assert.match(other.out, /EBMS:0010/)
  })
})

test('large files are sealed into files and come out of them, sent, captured and pulled; nothing else is left', async () => {
  const [scan, list] = [randomBytes(5_000_000), Buffer.from(`<list>${randomBytes(2_500_000).toString('hex')}</list>`)]
  writeFileSync(path('large.pdf'), scan)
  writeFileSync(path('large.xml'), list)
  const out = path('large')
  const message = ['--service', 'urn:s', '--action', 'Take']
  const offered = [...message, '--mpc', 'urn:m', path('large.pdf'), path('large.pdf')]
  await whileServing([...partnerOfB, '--out', out, ...offered], async (url, heard) => {
    const sent = path('large-sent')
    for (const more of [['--capture', sent], ['--no-compress']]) {
      const ran = await as4('send', url, path('large.pdf'), path('large.xml'), ...asA, ...message, ...more)
      assert.equal(ran.code, 0, ran.out + ran.err)
    }
    const files = heard.filter(({ event }) => event === 'received').flatMap((each) => each.files as string[])
    assert.deepEqual(
      files.map((file) => readFileSync(file).equals(file.endsWith('.pdf') ? scan : list)),
      [true, true, true, true],
    )
    const known = await as4(
      'explain',
      join(sent, '0001.request.raw'),
      '--key',
      path('b.pem'),
      '--partner',
      path('a.crt'),
    )
    assert.match(known.out, /^nothing is wrong with it$/m)
    const pulled = await as4('pull', url, '--mpc', 'urn:m', '--out', path('large-pulled'), ...asA, '--max', '1')
    assert.equal(pulled.code, 0, pulled.out + pulled.err)
  })
  const name = readdirSync(path('large-pulled')).find((each) => each.endsWith('.pdf')) ?? ''
  assert.ok(readFileSync(join(path('large-pulled'), name)).equals(scan))
  for (const each of [out, path('large-pulled')]) assert.ok(!existsSync(join(each, '.spool')), 'the spool stayed')
})

test('P-Modes in JSON say all that options would', async () => {
  const pmode = (partner: string, more: object): object => ({
    id: 'orders',
    profile: 'edelivery-1.15',
    initiator: { id: 'A', role: 'buyer' },
    responder: { id: 'B', role: 'seller' },
    service: { value: 'urn:orders' },
    actions: ['Order'],
    partnerCertificate: readFileSync(path(partner), 'utf8'),
    ...more,
  })
  const notices = {
    id: 'notices',
    actions: ['Note'],
    mpc: 'urn:m',
    initiator: { id: 'B', role: 'seller' },
    responder: { id: 'A', role: 'buyer' },
  }
  for (const [name, partner] of [
    ['at-a.json', 'b.crt'],
    ['at-b.json', 'a.crt'],
  ] as const) {
    writeFileSync(path(name), JSON.stringify([pmode(partner, {}), pmode(partner, notices)]))
  }
  const a = ['--key', path('a.pem'), '--pmodes', path('at-a.json')]
  await whileServing(
    ['--pmodes', path('at-b.json'), '--out', path('by-p-mode'), '--mpc', 'urn:m', path('order.xml')],
    async (url, heard) => {
      const sent = await as4('send', url, path('order.xml'), ...a, '--pmode', 'orders')
      assert.equal(sent.code, 0, sent.out + sent.err)
      const received = heard.find(({ event }) => event === 'received')
      assert.deepEqual([received?.from, received?.to, received?.action], ['A', 'B', 'Order'])
      const pulled = await as4('pull', url, ...a, '--pmode', 'notices', '--out', path('noted'), '--json')
      assert.deepEqual(
        pulled.events.map(({ event, kind, action }) => action ?? kind ?? event),
        ['Note', 'message', 'empty'],
      )
    },
  )
  const url = 'http://127.0.0.1:9/as4'
  for (const [typed, message] of [
    [[...a], /Give --pmode. There are: orders, notices/],
    [[...a, '--pmode', 'x'], /There is no P-Mode “x”. There are/],
    [[...a, '--pmode', 'orders', '--service', 's'], /--service and --pmodes do not go together/],
    [['--key', path('a.pem'), '--pmodes', path('order.xml')], /has no sound P-Modes:\n.*is no JSON/],
  ] as const) {
    const ran = await as4('send', url, ...typed)
    assert.equal(ran.code, 2, ran.err)
    assert.match(ran.err, message)
  }
})

test('captures are explained: who, what, how protected, verified by the keys that are given', async () => {
  const [sent, got] = [path('sent'), path('got')]
  const server = [...partnerOfB, '--out', path('kept'), '--capture', got]
  await whileServing(server, async (url) => {
    const message = ['--service', 'urn:s', '--action', 'Order', '--capture', sent]
    assert.equal((await as4('send', url, path('order.xml'), ...asA, ...message)).code, 0)
  })
  const request = join(sent, '0001.request.raw')
  const keys = ['--key', path('b.pem'), '--partner', path('a.crt')]
  const known = await as4('explain', join(got, '0001.request.raw'), ...keys, '--out', path('opened'))
  assert.equal(known.code, 0, known.err)
  for (const line of [
    /^user message\n {2}size {9}[\d,]+ bytes, envelope [\d,]+ bytes$/m,
    /^ {2}from {9}party-a {2}role http/m,
    /^ {2}protection {3}signed, encrypted, compressed$/m,
    /^ {2}begins {7}<order>ë<\/order>$/m,
    /^ {2}verified {5}HOLDS, made by the certificate that was given: CN=party-a$/m,
    /^ {2}covers {7}the part .* digest right/m,
    /^ {2}decrypted {4}opened with the key/m,
    /^ {2}edelivery-1.15$/m,
    /^nothing is wrong with it$/m,
  ]) {
    assert.match(known.out, line)
  }
  const [opened = ''] = readdirSync(path('opened'))
  assert.equal(readFileSync(join(path('opened'), opened), 'utf8'), '<order>ë</order>')

  const stranger = await as4('explain', request)
  assert.match(stranger.out, /for which nobody vouches \(give --partner\)/)
  assert.match(stranger.out, /decrypted {4}not opened \(give --key\)/)
  const receipt = await as4('explain', join(sent, '0002.answer.raw'), '--partner', path('b.crt'), '--sent', request)
  assert.equal(receipt.code, 0)
  assert.match(receipt.out, /all 3 digests are those that were sent/)
  const wrong = await as4('explain', request, '--key', path('c.pem'), '--json')
  assert.equal(wrong.code, 1)
  assert.deepEqual((JSON.parse(wrong.out) as { problems: string[] }).problems, [
    'EBMS:0102 none of the given keys decrypts the message',
  ])
  writeFileSync(path('noise'), Buffer.from('\u001b[31mnoise\u0007'))
  const noise = await as4('explain', path('noise'))
  assert.equal(noise.code, 1)
  assert.match(noise.out, /NOT READABLE as AS4/)
  assert.ok(!existsSync(path('x')))
})
