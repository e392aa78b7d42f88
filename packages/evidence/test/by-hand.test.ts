// The steps of docs/evidence.md, line by line as they stand there, by bash, openssl and unzip alone.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readZip, writeZip } from '../src/container/zip.ts'
import type { EvidenceIndex } from '../src/index.ts'
import { evidenceOf, exchanged, type Played, type Witness } from './movement.ts'

const page = readFileSync(new URL('../../../docs/evidence.md', import.meta.url), 'utf8')
const [container, authority, digests, message, receipt, came, sent, line, chain, withheld] = [
  ...page.matchAll(/```bash\n([^]*?)```/g),
].map(([, text = '']) => text)

const tools = ['openssl version', 'unzip -v', 'bash --version'].map((typed) => {
  const [command = '', ...args] = typed.split(' ')
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? ''
})
const skip =
  /^OpenSSL [3-9]/.test(tools[0] ?? '') && tools.every((said) => said !== '')
    ? false
    : 'there is no openssl 3 or later here, or no unzip or bash'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

const over: Partial<Record<'as4' | 'carried', Played>> = {}
before(async () => {
  if (skip === false) for (const way of ['as4', 'carried'] as const) over[way] = await exchanged(2, way)
})
after(() => Promise.all(Object.values(over).map((played) => played.end())))

/** Evidence of a witness unpacked by the first step, and what runs the others in it. */
async function unpacked(witness: Witness, changed: (evidence: Buffer) => Uint8Array = (evidence) => evidence) {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-evidence-'))
  folders.push(folder)
  writeFileSync(join(folder, 'movement.asice'), changed(await evidenceOf(witness)))
  const run = (script = '', variables: Record<string, string> = {}) => {
    const cwd = script === container ? folder : join(folder, 'evidence')
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-u', '-o', 'pipefail', '-c', script], {
      cwd,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...variables },
    })
    return { status, stdout, stderr }
  }
  const unpacking = run(container)
  const index = () => JSON.parse(readFileSync(join(folder, 'evidence/evidence.json'), 'utf8')) as EvidenceIndex
  return { folder, run, unpacking, index }
}

const messageIn = (
  { messages, certificates }: EvidenceIndex,
  direction: 'in' | 'out',
  isWithheld = false,
): Record<string, string> => {
  const found = messages.find((each) => each.direction === direction && each.withheld === isWithheld)!
  const fileOf = (sha256: string | null) => certificates.find((each) => each.sha256 === sha256)?.file ?? ''
  return { FOLDER: found.folder, SENDER: fileOf(found.signer), RECIPIENT: fileOf(found.receiptSigner) }
}

test('a movement over AS4 is checked by hand from the file alone, by either side', { skip }, async () => {
  for (const witness of [over.as4!.al, over.as4!.xk]) {
    const { folder, run, unpacking, index } = await unpacked(witness)
    assert.deepEqual([unpacking.status, /CN ?= ?NTA/.test(unpacking.stdout)], [0, true], unpacking.stderr)
    assert.match(unpacking.stdout, /sha256 Fingerprint=/i)
    writeFileSync(join(folder, 'authority.crt'), witness.papers.caPem)
    assert.match(run(authority, { AUTHORITY: '../authority.crt' }).stderr, /CAdES Verification successful/i)
    assert.equal(run(digests).stdout, 'OK\n')
    for (const direction of ['in', 'out'] as const) {
      const about = messageIn(index(), direction)
      assert.equal(run(message, about).stdout, 'Verified OK\nOK\n')
      assert.equal(run(receipt, about).stdout, 'Verified OK\nOK\n')
    }
  }
})

test('a movement by a third place is checked by hand', { skip }, async () => {
  const { run, index } = await unpacked(over.carried!.xk)
  assert.equal(run(digests).stdout, 'OK\n')
  assert.equal(run(came, messageIn(index(), 'in')).stdout, 'OK\n')
  assert.equal(run(sent, messageIn(index(), 'out')).stdout, 'OK\n')
})

test('each line of the journal and the chain are followed by hand', { skip }, async () => {
  for (const played of [over.as4!, over.carried!]) {
    const { run, index } = await unpacked(played.al)
    const { lines, head } = index().journal
    assert.ok(lines > 5)
    for (let n = 1; n <= lines; n++) assert.equal(run(line, { LINE: String(n) }).stdout, 'OK\n', `line ${n}`)
    const [helpers] = line!.split('IFS=')
    assert.equal(run(`${helpers}${chain}`).stdout, `head ${head?.hash}\n`)
  }
})

test('the holder of the key opens what is withheld by hand', { skip }, async () => {
  const { al } = over.as4!
  const { folder, run, index } = await unpacked(al)
  writeFileSync(join(folder, 'own.key'), al.papers.privateKeyPem)
  writeFileSync(join(folder, 'own.crt'), al.papers.certificatePem)
  const { FOLDER = '' } = messageIn(index(), 'out', true)
  const opened = run(withheld, { FOLDER, OWN_KEY: '../own.key', OWN_CERTIFICATE: '../own.crt' })
  assert.match(opened.stdout, /document\.xml[^]*message\.http[^]*receipt\.http[^]*signed-info\.xml/, opened.stderr)
})

test('by hand too a change is found', { skip }, async () => {
  const changed = (name: RegExp) => (evidence: Buffer) => {
    const zip = readZip(evidence)
    assert.equal(zip.kind, 'entries')
    return writeZip(
      zip.entries.map((entry) => {
        const bytes = Buffer.from(entry.bytes)
        if (name.test(entry.name)) bytes[bytes.length >> 1]! ^= 1
        return { name: entry.name, bytes }
      }),
    )
  }
  const manifest = await unpacked(over.as4!.al, changed(/ASiCManifest/))
  assert.notEqual(manifest.unpacking.status, 0)
  const document = await unpacked(over.as4!.al, changed(/001-.*document/))
  assert.match(document.run(digests).stdout, /^changed: messages\/001-out-CD001C\/document\.xml/)
  const info = await unpacked(over.as4!.al, changed(/signed-info/))
  assert.match(
    info.run(message, messageIn(info.index(), 'out')).stderr + info.run(message, messageIn(info.index(), 'out')).stdout,
    /Verification failure/i,
  )
})
