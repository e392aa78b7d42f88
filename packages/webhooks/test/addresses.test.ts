import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback, isPublic } from '../src/addresses.ts'
import { checkedAddresses, readTarget } from '../src/target.ts'

const inside = [
  '0.0.0.0',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.170',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:a00:1',
  '::ffff:169.254.169.254',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::10.0.0.1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'no address',
  '',
]

const outside = [
  '8.8.8.8',
  '172.15.255.255',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
]

for (const address of inside) test(`not reached: ${address || 'nothing'}`, () => assert.equal(isPublic(address), false))
for (const address of outside) test(`reached: ${address}`, () => assert.equal(isPublic(address), true))

test('this machine is known in every way of writing it', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) assert.equal(isLoopback(address), true)
  for (const address of ['10.0.0.1', '::2', '128.0.0.1', 'localhost']) assert.equal(isLoopback(address), false)
})

test('what cannot be the URL of an endpoint, by its form', () => {
  const cases: [string, ReturnType<typeof readTarget>][] = [
    ['', 'not-a-url'],
    ['erp.example.com', 'not-a-url'],
    ['ftp://erp.example.com/', 'not-a-url'],
    ['file:///etc/passwd', 'not-a-url'],
    ['https:///', 'not-a-url'],
    [`https://erp.example.com/${'x'.repeat(2_000)}`, 'not-a-url'],
    ['http://erp.example.com/', 'not-https'],
    ['http://127.0.0.1/', 'not-https'],
    ['https://user:word@erp.example.com/', 'credentials'],
    ['https://erp.example.com:22/', 'port'],
    ['https://erp.example.com:5432/', 'port'],
  ]
  for (const [text, refusal] of cases) assert.equal(readTarget(text, {}), refusal, text)
  assert.equal(String(readTarget('https://erp.example.com/a?b=1#c', {})), 'https://erp.example.com/a?b=1')
  assert.equal(
    String(readTarget('https://erp.example.com:8443/', { ports: [443, 8443] })),
    'https://erp.example.com:8443/',
  )
  assert.equal(String(readTarget('http://127.0.0.1:8080/', { loopback: true })), 'http://127.0.0.1:8080/')
  assert.equal(readTarget('http://10.0.0.1/', { loopback: true }), 'not-https')
})

test('every address of a name is checked, however the address itself is written', async () => {
  const leads = (text: string, ...addresses: string[]) => checkedAddresses(new URL(text), {}, async () => addresses)
  assert.deepEqual(await leads('https://a.example/', '8.8.8.8', '2606:4700::1111'), ['8.8.8.8', '2606:4700::1111'])
  assert.deepEqual(await leads('https://a.example/', '8.8.8.8', '10.0.0.5'), [], 'one inside, and none is called')
  assert.deepEqual(await leads('https://a.example/'), [])
  for (const host of ['2130706433', '0x7f.1', '017700000001', '127.1', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254'])
    assert.deepEqual(await leads(`https://${host}/`, '8.8.8.8'), [], host)
  assert.deepEqual(await leads('https://8.8.8.8/'), ['8.8.8.8'])
  const away = async () => Promise.reject(new Error('no name server'))
  assert.deepEqual(await checkedAddresses(new URL('https://a.example/'), {}, away), [])
})

test('in a demonstration this machine may be called, and nothing else inside; over plain HTTP nothing but this machine', async () => {
  const leads = (text: string, ...addresses: string[]) =>
    checkedAddresses(new URL(text), { loopback: true }, async () => addresses)
  assert.deepEqual(await leads('http://127.0.0.1:81/'), ['127.0.0.1'])
  assert.deepEqual(await leads('https://a.example/', '10.0.0.1'), [])
  assert.deepEqual(await leads('https://a.example/', '127.0.0.1', '10.0.0.1'), [])
  assert.deepEqual(await leads('http://a.example/', '8.8.8.8'), [])
})
