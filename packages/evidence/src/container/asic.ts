import type { X509Certificate } from 'node:crypto'
import { type SealIdentity, signCades, verifyCades } from '@corridor/sealed'
import { containerType, differencesOf, manifestName, mimetypeName, signatureName, writeManifest } from './manifest.ts'
import { type Entry, readZip, writeZip } from './zip.ts'

/** Puts files into one signed container. @throws SealedFault, RangeError */
export async function writeContainer(files: readonly Entry[], own: SealIdentity, at: Date): Promise<Buffer> {
  const manifest = writeManifest(files)
  return writeZip([
    { name: mimetypeName, bytes: Buffer.from(containerType) },
    ...files,
    { name: manifestName, bytes: manifest },
    { name: signatureName, bytes: await signCades(manifest, 'application/xml', own, at) },
  ])
}

/** Something that was looked at: whether it holds, and why not. */
export interface Found {
  /** File, or part of it. */
  place: string
  /** What was looked at, or what is to be known, in words. */
  what: string
  result: 'holds' | 'fails' | 'note'
  /** Why it fails. */
  reason?: string
}

/** A container that was read; its files only when it has the form, so that nothing else need be looked at otherwise. */
export interface ReadContainer {
  files: Map<string, Uint8Array> | undefined
  signer: X509Certificate | undefined
  found: Found[]
}

/** Reads a container that anybody may have made, and compares signature and digests. */
export async function readContainer(bytes: Uint8Array): Promise<ReadContainer> {
  const zip = readZip(bytes)
  if (zip.kind === 'broken')
    return {
      files: undefined,
      signer: undefined,
      found: [
        { place: zip.place, what: 'the container is one as evidence has it', result: 'fails', reason: zip.reason },
      ],
    }
  const { entries } = zip
  const [mimetype, ...rest] = entries
  const [manifest, signature] = rest.splice(-2)
  const form =
    mimetype?.name !== mimetypeName || Buffer.from(mimetype.bytes).toString('latin1') !== containerType
      ? { place: mimetypeName, reason: `the first file does not say ${containerType}` }
      : manifest?.name !== manifestName || signature?.name !== signatureName
        ? { place: manifestName, reason: 'the last two files are not the manifest and its signature' }
        : undefined
  if (form !== undefined || manifest === undefined || signature === undefined)
    return {
      files: undefined,
      signer: undefined,
      found: [
        {
          place: form?.place ?? 'the file',
          what: 'the container is ASiC-E',
          result: 'fails',
          reason: form?.reason ?? 'it has too few files',
        },
      ],
    }
  const verified = await verifyCades(signature.bytes, manifest.bytes)
  const differences = differencesOf(manifest.bytes, rest)
  return {
    files: new Map(rest.map((entry) => [entry.name, entry.bytes])),
    signer: verified.kind === 'verified' ? verified.signer : undefined,
    found: [
      {
        place: 'the file',
        what: `the container is ASiC-E, ${entries.length} files, not a byte beside them`,
        result: 'holds',
      },
      verified.kind === 'verified'
        ? {
            place: signatureName,
            what: `signed by ${subjectOf(verified.signer)}, at ${verified.at.toISOString()} by its own clock`,
            result: 'holds',
          }
        : {
            place: signatureName,
            what: 'the signature is over this manifest',
            result: 'fails',
            reason: verified.detail,
          },
      ...(differences.length === 0
        ? [
            {
              place: manifestName,
              what: `the SHA-256 of ${rest.length} files, and there is no other file`,
              result: 'holds',
            } as const,
          ]
        : differences.map(
            ({ place, reason }) => ({ place, what: 'it is what the manifest says', result: 'fails', reason }) as const,
          )),
    ],
  }
}

/** Who a certificate is for, in one line. */
export const subjectOf = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ')
