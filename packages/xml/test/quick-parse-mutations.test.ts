/**
 * The quick parser in front of the full one, on real documents that were changed in one to three places: whatever it reads, the full
 * parser reads as the same tree, libxml2 reads too, and canonicalises to the same bytes. Nothing is read that one of them refuses.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { XmlC14NMode, XmlDocument, XmlParseError } from 'libxml2-wasm'
import { canonicalize, DEFAULT_LIMITS, type XmlElement, XmlFault, type XmlLimits } from '@corridor/xml'
import { decode } from '../src/decode.ts'
import { parseFully } from '../src/parse.ts'
import { parseQuickly } from '../src/quick-parse.ts'
import { mutated, random } from './mutations.ts'

const wire = new URL('../../../../shared/as4/wire/', import.meta.url)
const skip = existsSync(wire) ? false : 'needs ../shared'

/** What an AS4 envelope has of XML, in small. */
const ENVELOPE = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<S12:Envelope xmlns:S12="http://www.w3.org/2003/05/soap-envelope" xmlns="urn:d" xmlns:wsu="urn:wsu">
  <S12:Header><eb:Messaging xmlns:eb="urn:eb" xmlns:x="urn:wsu" S12:mustUnderstand="true" wsu:Id="M-1" Id="M&amp;1">
      <eb:Name xml:lang="en">Durr\u00ebs &lt;&quot;\u{1F6A2}&quot;&gt;</eb:Name>\r
      <Part href='cid:1 &apos;' x:a="\t2"><None xmlns=""/><eb:Again xmlns:eb="urn:other" eb:a="" a="">]] ></eb:Again></Part>
    </eb:Messaging></S12:Header>
  <S12:Body wsu:Id="B-1" ></S12:Body
></S12:Envelope>
`)

/** The envelopes of another implementation, as they were sent. */
function envelopes(): Uint8Array[] {
  return readdirSync(wire)
    .filter((each) => each.endsWith('.body'))
    .flatMap((file) => {
      const body = readFileSync(new URL(file, wire))
      const [start, end] = [body.indexOf('<?xml'), body.indexOf(':Envelope>')]
      return start >= 0 && end > start ? [body.subarray(start, end + ':Envelope>'.length)] : []
    })
}

/** A tree in one text, everything in it: comparing texts is a hundred times faster than comparing trees. */
function described(element: XmlElement, parent?: XmlElement): string {
  const { prefix, local, namespace, attributes, namespaces, children, line, column, lostInstruction } = element
  const isLinked = element.parent === parent
  const own = [prefix, local, namespace, attributes, namespaces, line, column, lostInstruction, isLinked]
  const inside = children.map((child) =>
    typeof child === 'string' ? JSON.stringify(child) : described(child, element),
  )
  return `${JSON.stringify(own)}[${inside.join()}]`
}

/** What libxml2 makes of a document: its canonical form, '' when it has none there, undefined when it is refused. */
function canonicalByLibxml2(bytes: Uint8Array): string | undefined {
  let document: XmlDocument
  try {
    document = XmlDocument.fromBuffer(bytes)
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error
    // Namespace names that are no absolute URIs, and what other specifications say of xml: attributes, are none of our business.
    const others = /is not (?:a valid URI|absolute)|for xml:space|xml:id/
    return error.details.every(({ message }) => others.test(message)) ? '' : undefined
  }
  try {
    return document.root.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 })
  } catch {
    // It gives none where a namespace name is a relative URI.
    return ''
  } finally {
    document.dispose()
  }
}

/** Changes documents `rounds` times; how many of the changed ones were read quickly. */
function compare(documents: readonly Uint8Array[], rounds: number, seed: number): number {
  const pick = random(seed)
  let read = 0
  for (let round = 0; round < rounds; round++) {
    const bytes = mutated(documents[pick(documents.length)]!, pick)
    const what = (): string => `seed ${seed}, round ${round}: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`
    let text: string
    try {
      text = decode(bytes)
    } catch (error) {
      assert.ok(error instanceof XmlFault, what())
      continue
    }
    // Every fourth time within limits that the document may just meet, or not.
    const tight = { depth: 1 + pick(9), attributes: pick(9), name: 1 + pick(30), nodes: 1 + pick(200) }
    const limits: XmlLimits = pick(4) === 0 ? { ...DEFAULT_LIMITS, ...tight } : DEFAULT_LIMITS
    const quick = parseQuickly(text, limits)
    let full: XmlElement | undefined
    try {
      full = parseFully(text, limits)
    } catch (error) {
      assert.ok(error instanceof XmlFault, what())
    }
    if (quick) {
      read += 1
      assert.ok(full, what())
      assert.equal(described(quick), described(full), what())
    }
    if (!full || full.lostInstruction || limits !== DEFAULT_LIMITS) continue
    const theirs = canonicalByLibxml2(bytes)
    assert.notEqual(theirs, undefined, what())
    // libxml2 does not escape namespace names (seen with 0.7.2).
    const isEscaped = /xmlns[\w:.-]*\s*=\s*(?:"[^"]*[&"\s]|'[^']*[&"\s])/.test(text)
    if (theirs !== '' && !isEscaped) assert.equal(Buffer.from(canonicalize(full)).toString(), theirs, what())
  }
  return read
}

const ROUNDS = Number(process.env['CORRIDOR_MUTATIONS'] ?? 4_000)

for (const seed of [1, 2, Math.floor(Math.random() * 2 ** 31)]) {
  test(`a small envelope changed ${ROUNDS} times, seed ${seed}: the quick parser agrees with the full one and libxml2`, () => {
    const read = compare([ENVELOPE], ROUNDS, seed)
    assert.ok(read > ROUNDS / 10 && read < ROUNDS / 2, `${read} were read quickly`)
  })

  test(`envelopes off the wire changed ${ROUNDS / 4} times, seed ${seed}: the same`, { skip }, () => {
    const read = compare(envelopes(), ROUNDS / 4, seed)
    assert.ok(read > ROUNDS / 40 && read < ROUNDS / 8, `${read} were read quickly`)
  })
}
