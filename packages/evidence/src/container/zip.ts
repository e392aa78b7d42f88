import { crc32 } from 'node:zlib'

/** One file of a container. */
export interface Entry {
  /** Path in the container, with `/`. */
  name: string
  bytes: Uint8Array
}

/** What a container may be at most. */
export const LIMITS = {
  bytes: 1024 ** 3,
  entries: 20_000,
  /** Characters of a name. */
  name: 200,
} as const

/*
 * A ZIP file (APPNOTE 6.3.10) in one form only: entries stored and not compressed, one after the other, all at the first moment that ZIP
 * can tell, nothing between them and no comment. So what is in it decides every byte of it: a reader writes it again and compares. Nothing
 * can hide in it, and no part of it unfolds into more than it is.
 */
const localMark = 0x04034b50
const centralMark = 0x02014b50
const endMark = 0x06054b50
const localLength = 30
const centralLength = 46
const endLength = 22
const version = 10
/** 1980-01-01. */
const firstDay = 0x21

/** Names that every system can unpack to a file inside of one folder. */
const soundName = /^(?!.*(?:^|\/)\.)[A-Za-z0-9._@+~-]+(?:\/[A-Za-z0-9._@+~-]+)*$/

/** Whether a file of this name may be in a container. */
export const isSoundName = (name: string): boolean => name.length <= LIMITS.name && soundName.test(name)

/** The container of these files in this order. @throws RangeError for a name or a size that it may not have */
export function writeZip(entries: readonly Entry[]): Buffer {
  const locals: Uint8Array[] = []
  const centrals: Uint8Array[] = []
  let at = 0
  for (const { name, bytes } of entries) {
    if (!isSoundName(name)) throw new RangeError(`the name ${JSON.stringify(name)}`)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(version, 0)
    fields.writeUInt16LE(firstDay, 8)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(bytes.length, 14)
    fields.writeUInt32LE(bytes.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const central = Buffer.alloc(centralLength)
    central.writeUInt32LE(centralMark, 0)
    central.writeUInt16LE(version, 4)
    fields.copy(central, 6)
    central.writeUInt32LE(at, 42)
    centrals.push(central, Buffer.from(name, 'latin1'))
    const local = Buffer.alloc(4)
    local.writeUInt32LE(localMark, 0)
    locals.push(local, fields, Buffer.from(name, 'latin1'), bytes)
    at += localLength + name.length + bytes.length
    if (at > LIMITS.bytes || centrals.length / 2 > LIMITS.entries) throw new RangeError('too large for one container')
  }
  const end = Buffer.alloc(endLength)
  end.writeUInt32LE(endMark, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(
    centrals.reduce((sum, { length }) => sum + length, 0),
    12,
  )
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, ...centrals, end])
}

/** The files of a container, or where it is not what {@link writeZip} writes. */
export type ReadZip = { kind: 'entries'; entries: Entry[] } | { kind: 'broken'; place: string; reason: string }

/** Reads a container that anybody may have made. Views of `bytes` are handed out, nothing is copied. */
export function readZip(bytes: Uint8Array): ReadZip {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const broken = (place: string, reason: string): ReadZip => ({ kind: 'broken', place, reason })
  if (file.length > LIMITS.bytes) return broken('the file', `it has ${file.length} bytes; ${LIMITS.bytes} at the most`)
  const entries: Entry[] = []
  const seen = new Set<string>()
  let at = 0
  while (file.length - at >= localLength && file.readUInt32LE(at) === localMark) {
    const size = file.readUInt32LE(at + 18)
    const nameLength = file.readUInt16LE(at + 26)
    const start = at + localLength + nameLength + file.readUInt16LE(at + 28)
    const name = file.toString('latin1', at + localLength, Math.min(at + localLength + nameLength, file.length))
    const place = isSoundName(name) ? name : `byte ${at}`
    if (!isSoundName(name))
      return broken(place, `an entry has a name that is not allowed: ${JSON.stringify(name.slice(0, 80))}`)
    if (file.readUInt16LE(at + 8) !== 0) return broken(place, 'it is compressed; evidence is stored as it is')
    if (start + size > file.length) return broken(place, 'the file ends before this entry does')
    // Systems that do not tell capitals from small letters would unpack one over the other.
    if (seen.has(name.toLowerCase())) return broken(place, 'there are two entries of this name')
    if (entries.length === LIMITS.entries) return broken(place, `more than ${LIMITS.entries} entries`)
    const content = file.subarray(start, start + size)
    if (crc32(content) !== file.readUInt32LE(at + 14)) return broken(place, 'its content does not fit its check sum')
    seen.add(name.toLowerCase())
    entries.push({ name, bytes: content })
    at = start + size
  }
  if (entries.length === 0) return broken('the file', 'it is no evidence: it does not begin as a ZIP file')
  return sameAgain(file, entries)
}

/** Whatever is in a ZIP file beside its entries is compared with what would be written for them. */
function sameAgain(file: Buffer, entries: Entry[]): ReadZip {
  const again = writeZip(entries)
  if (again.equals(file)) return { kind: 'entries', entries }
  const shorter = Math.min(again.length, file.length)
  let at = 0
  while (at < shorter && again[at] === file[at]) at++
  let start = 0
  for (const { name, bytes } of entries) {
    const next = start + localLength + name.length + bytes.length
    if (at < next) return { kind: 'broken', place: name, reason: `its ZIP header is not as written here (byte ${at})` }
    start = next
  }
  const reason =
    at === file.length ? 'the file is cut off' : at === again.length ? 'bytes follow its end' : `byte ${at} is another`
  return { kind: 'broken', place: 'the list of entries at the end of the file', reason }
}
