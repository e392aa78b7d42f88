import { extensionsOf, type Kind } from './kinds.ts'

/** Longest name, in characters: what every file system takes, whatever its encoding. */
const longest = 80

/** Names that some systems take for devices. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * A name under which a file can be kept, shown and saved anywhere: without folders, without characters that are hidden, change the
 * direction of a text or mean something to a system, with the usual extension of its kind when it has none of them.
 */
export function cleanName(given: string, kind: Kind): string {
  const last = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u{FE00}-\u{FE0F}]/gu, '')
    .replaceAll(/[<>:"|?*%\u{FFFD}]/gu, '_')
    .replaceAll(/\p{Zs}+/gu, ' ')
    .replaceAll(/[ .]+$/g, '')
  const [, stem = plain, extension = ''] = /^(.*)\.([^.]*)$/.exec(plain) ?? []
  const isOwn = extensionsOf(kind).includes(extension.toLowerCase())
  const shortened = [...(isOwn ? stem : plain)]
    .slice(0, longest)
    .join('')
    .replaceAll(/^[ .]+|[ .]+$/g, '')
  const named = shortened === '' ? 'document' : devices.test(shortened) ? `_${shortened}` : shortened
  return `${named}.${isOwn ? extension.toLowerCase() : extensionsOf(kind)[0]}`
}
