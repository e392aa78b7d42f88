import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect, type ConnectionOptions } from 'node:tls'
import { listening, whileServing } from './http-support.ts'
import { authority, kosovo } from './support.ts'

const certificates = { certificate: kosovo.certificatePem, key: kosovo.privateKeyPem }

/** What is agreed on with an endpoint, or why nothing is. */
function agree(url: string, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), ca: authority.certificatePem, ...options })
    socket.once('secureConnect', () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`)
      socket.destroy()
    })
    socket.once('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message))
  })
}

const only = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): ConnectionOptions => ({
  minVersion: version,
  maxVersion: version,
  // Old versions are only offered at all at this level.
  ciphers: 'DEFAULT@SECLEVEL=0',
})

test('TLS 1.2 and 1.3 are served by default, nothing older, and no weak ciphers', async () => {
  await whileServing({ ...listening(), tls: certificates }, async ({ url }) => {
    assert.match(await agree(url, only('TLSv1.2')), /^TLSv1\.2 /)
    assert.match(await agree(url, only('TLSv1.3')), /^TLSv1\.3 /)
    for (const old of ['TLSv1', 'TLSv1.1'] as const) assert.match(await agree(url, only(old)), /ALERT_PROTOCOL_VERSION/)
    for (const ciphers of ['NULL-SHA256@SECLEVEL=0', 'AECDH-AES128-SHA@SECLEVEL=0']) {
      assert.match(await agree(url, { maxVersion: 'TLSv1.2', ciphers }), /ALERT_HANDSHAKE_FAILURE/, ciphers)
    }
  })
})

test('the versions and ciphers of TLS can be set', async () => {
  await whileServing({ ...listening(), tls: { ...certificates, minVersion: 'TLSv1.3' } }, async ({ url }) => {
    assert.match(await agree(url, only('TLSv1.2')), /ALERT_PROTOCOL_VERSION/)
    assert.match(await agree(url, only('TLSv1.3')), /^TLSv1\.3 /)
  })
  const ciphers = 'ECDHE-RSA-AES256-GCM-SHA384'
  await whileServing({ ...listening(), tls: { ...certificates, ciphers } }, async ({ url }) => {
    const offered = 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384'
    assert.equal(await agree(url, { maxVersion: 'TLSv1.2', ciphers: offered }), `TLSv1.2 ${ciphers}`)
    assert.match(
      await agree(url, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }),
      /ALERT_HANDSHAKE_FAILURE/,
    )
  })
})
