/** What a corridor file says of the correspondence of a node. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readCorridor } from '../src/config/corridor.ts'

const source = fileURLToPath(new URL('../../../corridors/albania-kosovo/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'corridor-correspondence-'))
after(() => rmSync(folder, { recursive: true }))

cpSync(join(source, 'codelists'), join(folder, 'codelists'), { recursive: true })
mkdirSync(join(folder, 'correspondence'))
const yaml = readFileSync(join(source, 'corridor.yaml'), 'utf8')

/** A corridor whose Albanian node has a correspondence. */
function corridorWith(table?: string, file = 'correspondence/NTA.AL.tsv') {
  if (table !== undefined) writeFileSync(join(folder, file), table)
  const own = join(folder, 'corridor.yaml')
  writeFileSync(own, yaml.replace('    party: NTA.AL\n', `    party: NTA.AL\n    correspondence: ${file}\n`))
  return readCorridor(own)
}

const head =
  '#name\tnational codes\n#from\tNTA.AL\n#to\tcommon\n#owner\tNTA.AL\n#source\ta test\n#version\t1\n#status\tillustrative\n' +
  'list\tfrom\tto\tdirection\tvalidFrom\tvalidTo\tnote\n'

test('a node has the correspondence that its file names; the others have none', () => {
  const { nodes } = corridorWith(`${head}CL017\tQ7\tCT\tboth\t\t\t\n`)
  assert.deepEqual(nodes.find(({ id }) => id === 'al')?.correspondence?.lists, ['CL017'])
  assert.equal(nodes.find(({ id }) => id === 'xk')?.correspondence, null)
})

test('what is wrong with it stops the start, with the place', () => {
  const place = /^CORRIDOR_FILE: .*nodes\.al\.correspondence: /
  const wrong = (reason: RegExp, ...given: Parameters<typeof corridorWith>) =>
    assert.throws(
      () => corridorWith(...given),
      ({ message, code }: Error & { code: string }) => {
        assert.match(`${code}: ${message}`, place)
        assert.match(message, reason)
        return true
      },
    )
  wrong(/missing\.tsv cannot be read: give a file relative to corridor\.yaml/, undefined, 'correspondence/missing.tsv')
  wrong(/line 9: direction “there” is none of both, forward, back/, `${head}CL017\tQ7\tCT\tthere\t\t\t\n`)
  wrong(/from NTA\.XK to common: it must be from NTA\.AL to common/, head.replace('#from\tNTA.AL', '#from\tNTA.XK'))
})
