import { createHash } from 'node:crypto'
import { escapeAttribute } from '@corridor/xml'
import type { Entry } from './zip.ts'

/**
 * Names and types of an ASiC-E container with a CAdES signature (ETSI EN 319 162-1, 4.2, 4.4 and annex A): the type stands in the first file,
 * the signature is over a manifest, and the manifest has the digest of every other file.
 */
export const mimetypeName = 'mimetype'
export const containerType = 'application/vnd.etsi.asic-e+zip'
export const manifestName = 'META-INF/ASiCManifest.xml'
export const signatureName = 'META-INF/signature.p7s'

const asic = 'http://uri.etsi.org/02918/v1.2.1#'
const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

const mediaTypes: Record<string, string> = {
  xml: 'application/xml',
  json: 'application/json',
  jsonl: 'application/jsonl',
  txt: 'text/plain',
  tsv: 'text/tab-separated-values',
  pem: 'application/x-pem-file',
  gz: 'application/gzip',
}

/** ASiCManifest (EN 319 162-1, A.4) of the files, one line each. The same files give the same bytes. */
export function writeManifest(entries: readonly Entry[]): Buffer {
  const lines = entries.map(({ name, bytes }) => {
    const type = mediaTypes[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    const digest = createHash('sha256').update(bytes).digest('base64')
    return (
      `  <asic:DataObjectReference URI="${escapeAttribute(name)}" MimeType="${type}">` +
      `<ds:DigestMethod Algorithm="${sha256}"/><ds:DigestValue>${digest}</ds:DigestValue></asic:DataObjectReference>\n`
    )
  })
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<asic:ASiCManifest xmlns:asic="${asic}" xmlns:ds="${dsig}">\n` +
      `  <asic:SigReference URI="${signatureName}" MimeType="application/pkcs7-signature"/>\n${lines.join('')}</asic:ASiCManifest>\n`,
  )
}

/** One difference between a manifest and what is in the container. */
export interface Difference {
  place: string
  reason: string
}

/** What a manifest and the files beside it do not agree on; nothing when each digest is right and no file is there without one. */
export function differencesOf(manifest: Uint8Array, entries: readonly Entry[]): Difference[] {
  const due = writeManifest(entries)
  if (due.equals(manifest)) return []
  const digests = (text: string): Map<string, string> =>
    new Map(
      [...text.matchAll(/URI="([^"]+)" MimeType="[^"]+"><.*?<ds:DigestValue>([^<]+)</g)].map(
        ([, name = '', digest = '']) => [name, digest],
      ),
    )
  const [said, found] = [digests(Buffer.from(manifest).toString('utf8')), digests(due.toString('utf8'))]
  const differences = [
    ...[...found].flatMap(([name, digest]): Difference[] => {
      const listed = said.get(name)
      if (listed === digest) return []
      const reason =
        listed === undefined ? 'it is in the file but not in the manifest' : 'its SHA-256 is not that of the manifest'
      return [{ place: name, reason }]
    }),
    ...[...said.keys()]
      .filter((name) => !found.has(name))
      .map((name) => ({ place: name, reason: 'it is missing: the manifest has it' })),
  ]
  return differences.length > 0
    ? differences
    : [{ place: manifestName, reason: 'it is not written as evidence has it' }]
}
