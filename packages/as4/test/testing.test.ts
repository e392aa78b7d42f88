import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connect, createServer } from 'node:tls'
import { isValidAt } from '@corridor/as4'
import { makeAuthority } from '@corridor/as4/testing'
import { albania, authority, kosovo, NOW } from './support.ts'

test('test certificates serve for TLS with client certificates on 127.0.0.1', async () => {
  const ca = authority.certificatePem
  const server = createServer(
    { key: albania.privateKeyPem, cert: albania.certificatePem, ca, requestCert: true, rejectUnauthorized: true },
    (socket) => socket.end(String(socket.getPeerCertificate().subject.CN)),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ host: '127.0.0.1', port, ca, key: kosovo.privateKeyPem, cert: kosovo.certificatePem })
  const [text] = await once(client, 'data')
  assert.equal(String(text), 'NTA.XK')
  client.destroy()
  server.close()
})

test('a test certificate has the time it is given, and only its own authority vouches for it', async () => {
  const notAfter = new Date(Math.floor(NOW.getTime() / 1000) * 1000 - 1000)
  const old = await authority.issue({ commonName: 'NTA.OLD', notAfter })
  assert.equal(isValidAt(old.certificate, notAfter), true)
  assert.equal(isValidAt(old.certificate, NOW), false)
  assert.equal(old.certificate.verify(authority.certificate.publicKey), true)
  const other = await makeAuthority('Another')
  assert.equal(old.certificate.verify(other.certificate.publicKey), false)
})
