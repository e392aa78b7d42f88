import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { XmlC14NMode, XmlDocument, type XmlNode } from 'libxml2-wasm'
import { canonicalize, childElements, parse, type XmlElement, XmlFault } from '@corridor/xml'

// libxml2 is the second opinion: what we accept it accepts, and both write the same canonical bytes.

const wire = new URL('../../../../shared/as4/wire/', import.meta.url)
const skip = existsSync(wire) ? false : 'needs ../shared'

function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const PREFIXES = ['', 'a', 'B', 'c', 'S12']
// None needs escaping: libxml2 does not escape namespace names (seen with 0.7.2), which would not read back.
const URIS = ['urn:1', 'urn:2', 'urn:A', 'urn:a?b']
const TEXTS = ['x', ' &lt;&amp;&gt; ', '\r\n\t', '&#13;', '\u{1F600}', '<![CDATA[a]]b]]>', '<!--c-->', '"\'']

/** A random well-formed document in which prefixes are declared, redeclared and undeclared at every level. */
function grow(pick: (below: number) => number, depth: number, bound: ReadonlyMap<string, string>): string {
  const scope = new Map(bound)
  const attributes: string[] = []
  for (const prefix of PREFIXES) {
    if (pick(3) > 0) continue
    const uri = prefix === '' && pick(3) === 0 ? '' : URIS[pick(URIS.length)]!
    scope.set(prefix, uri)
    attributes.push(`${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${uri}"`)
  }
  const usable = [...scope.keys()].filter((prefix) => prefix !== '')
  const seen = new Set<string>()
  for (let n = pick(4); n > 0; n--) {
    const prefix = usable.length > 0 && pick(2) === 0 ? usable[pick(usable.length)]! : ''
    const local = 'xyz'[pick(3)]!
    const expanded = `${prefix === '' ? '' : scope.get(prefix)} ${local}`
    if (seen.has(expanded)) continue
    seen.add(expanded)
    attributes.push(`${prefix === '' ? local : `${prefix}:${local}`}="v&#9;\n&quot;${pick(9)}"`)
  }
  const prefix = usable.length > 0 && pick(2) === 0 ? `${usable[pick(usable.length)]}:` : ''
  let content = ''
  for (let n = depth > 0 ? pick(4) : 0; n > 0; n--) {
    content += pick(2) === 0 ? TEXTS[pick(TEXTS.length)]! : grow(pick, depth - 1, scope)
  }
  const name = `${prefix}${'ef'[pick(2)]}`
  return `<${[name, ...attributes].join(' ')}>${content}</${name}>`
}

/** The canonical form of every element in document order, as libxml2 writes it. */
function theirs(bytes: Uint8Array, inclusiveNamespacePrefixes: string[]): string[] {
  const document = XmlDocument.fromBuffer(bytes)
  try {
    const nodes: XmlNode[] = document.find('//*')
    return nodes.map((node) =>
      node.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, inclusiveNamespacePrefixes }),
    )
  } finally {
    document.dispose()
  }
}

function ours(bytes: Uint8Array, inclusivePrefixes: string[]): string[] {
  const walk = (element: XmlElement): XmlElement[] => [element, ...childElements(element).flatMap(walk)]
  return walk(parse(bytes)).map((each) => new TextDecoder().decode(canonicalize(each, { inclusivePrefixes })))
}

test('every element of 300 random documents has the canonical form that libxml2 gives it', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const bytes = new TextEncoder().encode(grow(random(seed), 3, new Map()))
    for (const prefixes of [[], ['a', 'S12']]) {
      assert.deepEqual(ours(bytes, prefixes), theirs(bytes, prefixes), `seed ${seed}, prefixes ${prefixes.join(' ')}`)
    }
  }
})

test('a document full of declarations has the canonical form that libxml2 gives it', () => {
  const list = (count: number, write: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => write(n)).join('')
  const levels = Array.from({ length: 60 }, (_, level) =>
    list(30, (n) => ` xmlns:p${level}-${n}="urn:${level}:${n}" p${level}-${n}:a=""`),
  )
  const inside = list(3000, (n) => `<x xmlns="urn:${n % 3}" xmlns:p0-0="urn:${n % 2}" p0-0:b=""/><y/>`)
  const text = `${levels.map((each) => `<e${each}>`).join('')}${inside}${'</e>'.repeat(levels.length)}`
  const bytes = new TextEncoder().encode(text)
  const prefixes = ['#default', ...Array.from({ length: 31 }, (_, n) => `p${n}-29`)]
  const document = XmlDocument.fromBuffer(bytes)
  try {
    for (const inclusivePrefixes of [[], prefixes]) {
      const mode = XmlC14NMode.XML_C14N_EXCLUSIVE_1_0
      const expected = document.root.canonicalizeToString({ mode, inclusiveNamespacePrefixes: inclusivePrefixes })
      const form = new TextDecoder().decode(canonicalize(parse(bytes), { inclusivePrefixes }))
      assert.ok(form === expected, `${inclusivePrefixes.length} inclusive prefixes`)
    }
  } finally {
    document.dispose()
  }
})

/** What libxml2 has against a document. Namespace names that are no absolute URIs are none of our business. */
function complaint(bytes: Uint8Array): string | undefined {
  try {
    XmlDocument.fromBuffer(bytes).dispose()
    return undefined
  } catch (error) {
    const lines = String(error).replace('Error: ', '').split('\n')
    return lines.find((line) => line !== '' && !/is not (a valid URI|absolute)/.test(line))
  }
}

test('a document changed in one place is accepted only if libxml2 accepts it', () => {
  const junk = ['<', '>', '&', '"', ':', '/', ']', ' ', '-', '1', 'xmlns:q="urn:q" ', '<?p?>', '\u0301']
  let accepted = 0
  for (let seed = 1; seed <= 1500; seed++) {
    const pick = random(seed)
    const text = grow(pick, 2, new Map())
    const at = pick(text.length)
    const changed = text.slice(0, at) + (pick(3) === 0 ? '' : junk[pick(junk.length)]!) + text.slice(at + pick(2))
    const bytes = new TextEncoder().encode(changed)
    try {
      parse(bytes)
    } catch (error) {
      assert.ok(error instanceof XmlFault, `seed ${seed}: ${String(error)}`)
      continue
    }
    accepted++
    assert.equal(complaint(bytes), undefined, `seed ${seed}: ${changed}`)
  }
  assert.ok(accepted > 200 && accepted < 1300, `${accepted} accepted`)
})

test('the envelopes of another implementation have the canonical forms that libxml2 gives them', { skip }, () => {
  let envelopes = 0
  for (const file of readdirSync(wire).filter((each) => each.endsWith('.body'))) {
    const body = readFileSync(new URL(file, wire))
    const start = body.indexOf('<?xml')
    const end = body.indexOf(':Envelope>', start)
    if (start < 0 || end < 0) continue
    const envelope = body.subarray(start, end + ':Envelope>'.length)
    for (const prefixes of [[], ['S12']]) assert.deepEqual(ours(envelope, prefixes), theirs(envelope, prefixes), file)
    envelopes++
  }
  assert.ok(envelopes > 40, `${envelopes} envelopes`)
})
