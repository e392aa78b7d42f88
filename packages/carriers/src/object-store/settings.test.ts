import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreFault, type StoreFaultCode } from './faults.ts'
import { storeSettings, writeStoreSettings } from './settings.ts'

const given = {
  endpoint: 'https://store.example:9000',
  bucket: 'sacu',
  region: 'af-south-1',
  accessKeyId: 'BWCUSTOMS',
  secretAccessKey: 'a-secret-of-enough-characters',
}
const read = (change: Record<string, unknown>) => storeSettings(JSON.stringify({ ...given, ...change }))

function refused(text: string, code: StoreFaultCode, names: RegExp): void {
  assert.throws(
    () => storeSettings(text),
    (error: unknown) => {
      assert.ok(error instanceof StoreFault)
      assert.equal(error.code, code)
      assert.match(error.message, names)
      assert.equal(error.message.includes(given.secretAccessKey), false, 'a secret is told')
      return true
    },
  )
}

test('what the operator gave is read, and written as it was', () => {
  const settings = read({})
  assert.equal(settings.endpoint.href, 'https://store.example:9000/')
  assert.deepEqual(JSON.parse(writeStoreSettings(settings)), given)
  assert.equal(read({ endpoint: 'http://127.0.0.1:9000' }).endpoint.port, '9000')
  const authority = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
  assert.equal(read({ authority }).authority, authority)
})

test('what cannot be used is named, and no secret is told', () => {
  const text = (change: Record<string, unknown>) => JSON.stringify({ ...given, ...change })
  refused(`{"secretAccessKey":"${given.secretAccessKey}"`, 'store.bad-settings', /no JSON object/)
  for (const other of ['[]', 'null', '"x"', '']) refused(other, 'store.bad-settings', /no JSON object/)
  for (const name of ['bucket', 'region', 'accessKeyId', 'secretAccessKey'])
    for (const value of [undefined, 5, '', 'ä b'])
      refused(text({ [name]: value }), 'store.bad-settings', new RegExp(`“${name}” is missing`))
  refused(text({ bucket: 'a/b' }), 'store.bad-settings', /bucket/)
  for (const endpoint of [undefined, 'store.example', 'ftp://store.example', 'file:///x'])
    refused(text({ endpoint }), 'store.bad-settings', /“endpoint” is no URL/)
  for (const more of ['/bucket', '?a=b', '#x'])
    refused(text({ endpoint: `https://store.example${more}` }), 'store.bad-settings', /nothing but scheme/)
  refused(text({ endpoint: `https://${given.secretAccessKey}@store.example` }), 'store.bad-settings', /nothing but/)
  refused(text({ endpoint: 'http://store.example' }), 'store.no-tls', /not https/)
  refused(text({ authority: 'PEM' }), 'store.bad-settings', /“authority”/)
  refused(text({ sessionToken: 'x' }), 'store.bad-settings', /“sessionToken” is no member/)
})
