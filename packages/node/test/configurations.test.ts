import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { configurationsOf, corridorNames } from '@corridor/node'

test('the configurations of each corridor that comes with the program can be read, and each says what it is', () => {
  const found = corridorNames().map((name) => [name, configurationsOf(name)] as const)
  for (const [name, configurations] of found) {
    const titles = new Set(configurations.map(({ corridor }) => corridor?.title))
    assert.equal(titles.size, configurations.length, `${name}: two have one title`)
    for (const { corridor, name: file } of configurations) {
      assert.equal(corridor?.id, name, file)
      assert.deepEqual(Object.keys(corridor.about), ['en', 'sq', 'fr', 'ru', 'ar', 'fa-AF'], `${name}/${file}`)
    }
  }
  const named = Object.fromEntries(found.map(([name, all]) => [name, all.map((each) => each.name)]))
  assert.deepEqual(named['afghanistan-tajikistan'], ['corridor.yaml', 'region.yaml'])
  assert.deepEqual(named['cemac'], ['corridor.yaml', 'regional.yaml', 'without-gabon.yaml'])
})

test('of one’s own: the file that others are like comes first, whichever is named; one that is wrong is listed all the same', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-configurations-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const main = write('ours.yaml', 'corridor: ours\ntitle: Ours\ncodelists: .\nnodes: {}\nlinks: []\noffices: []\n')
  const more = write('more.yaml', 'like: ours.yaml\ntitle: More\n')
  write('wrong.yaml', 'like: ours.yaml\nlinks: [{ between: [a, b] }]\n')
  write('other.yaml', 'like: another.yaml\n')
  write('story.yaml', 'title: A story\n')
  write('broken.yaml', '{')
  for (const file of [main, more])
    assert.deepEqual(
      configurationsOf(file).map(({ name, corridor, file: path }) => [name, corridor?.title, basename(path)]),
      [
        ['ours.yaml', 'Ours', 'ours.yaml'],
        ['more.yaml', 'More', 'more.yaml'],
        ['wrong.yaml', undefined, 'wrong.yaml'],
      ],
    )
  assert.throws(() => configurationsOf(join(folder, 'none.yaml')), { code: 'CORRIDOR_UNKNOWN' })
})
