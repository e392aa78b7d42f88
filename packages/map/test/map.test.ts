import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Chart, englishWords, layoutOf, mermaidMapOf, svgOf } from '../src/index.ts'
import { orderOnRing } from '../src/ring.ts'

const node = (id: string, name = id.toUpperCase()) => ({ id, name, country: id.slice(0, 2).toUpperCase() })
const direct = (one: string, other: string) => ({ between: [one, other] as const, kind: 'as4', at: null })

const pair: Chart = { title: 'A – B', nodes: [node('a'), node('b')], places: [], links: [direct('a', 'b')] }
const byDatabase: Chart = {
  ...pair,
  places: [{ id: 'gate', kind: 'border-database', name: 'The gate' }],
  links: [{ between: ['a', 'b'], kind: 'border-database', at: 'gate' }],
}
const region: Chart = {
  title: 'Region',
  nodes: ['a', 'b', 'c', 'd', 'hq'].map((id) => node(id)),
  places: [],
  links: [
    direct('a', 'c'),
    direct('c', 'b'),
    direct('b', 'd'),
    direct('d', 'a'),
    ...['a', 'b', 'c', 'd'].map((id) => direct(id, 'hq')),
    { between: ['a', 'b'], kind: 'hub', at: 'hq' },
  ],
}

test('two nodes whose link is direct have one stroke; with a border database each reaches the database alone', () => {
  const ends = (chart: Chart) => {
    const { boxes, strokes } = layoutOf(chart)
    const at = ({ x, y }: { x: number; y: number }) => boxes.find((box) => box.x === x && box.y === y)?.id
    return strokes.map(({ from, to }) => [at(from), at(to)])
  }
  assert.deepEqual(ends(pair), [['a', 'b']])
  assert.deepEqual(ends(byDatabase), [
    ['a', 'gate'],
    ['b', 'gate'],
  ])
})

test('neighbours stand beside each other, and the hub in the middle', () => {
  assert.deepEqual(
    orderOnRing(
      ['a', 'b', 'c', 'd'],
      [
        ['a', 'c'],
        ['c', 'b'],
        ['b', 'd'],
        ['d', 'a'],
      ],
    ),
    ['a', 'c', 'b', 'd'],
  )
  const { boxes } = layoutOf(region)
  const hub = boxes.find(({ id }) => id === 'hq')!
  const members = boxes.filter(({ id }) => id !== 'hq')
  assert.equal(hub.shape, 'hub')
  const sum = (axis: 'x' | 'y') => members.reduce((total, box) => total + box[axis], 0) / members.length
  assert.ok(Math.abs(sum('x') - hub.x) < 1 && Math.abs(sum('y') - hub.y) < 1)
})

test('no two boxes lie over each other, and all are inside of the picture, with two to eight members', () => {
  for (let count = 2; count <= 8; count += 1) {
    const nodes = Array.from({ length: count }, (_, at) => ({
      ...node(`n${at}`, 'An administration of two lines'),
      // Some, so that boxes of both widths stand beside each other.
      nationalSystem: at % 2 === 0 ? {} : null,
    }))
    const links = nodes.map(({ id }) => direct(id, 'hq'))
    const { boxes, width, height } = layoutOf({
      title: 'x',
      nodes: [...nodes, node('hq')],
      places: [],
      links: [...links, { between: ['n0', 'n1'], kind: 'hub', at: 'hq' }],
    })
    for (const [at, box] of boxes.entries()) {
      assert.ok(box.x - box.width / 2 >= 0 && box.x + box.width / 2 <= width, `${count}: ${box.id}`)
      assert.ok(box.y - box.height / 2 >= 0 && box.y + box.height / 2 <= height, `${count}: ${box.id}`)
      for (const other of boxes.slice(at + 1)) {
        const apart =
          Math.abs(box.x - other.x) >= (box.width + other.width) / 2 ||
          Math.abs(box.y - other.y) >= (box.height + other.height) / 2
        assert.ok(apart, `${count}: ${box.id} and ${other.id}`)
      }
    }
  }
})

test('names are written as text whatever stands in them, and nothing is loaded or run', () => {
  const svg = svgOf({ ...pair, title: 'A & <B>', nodes: [node('a', '<script>"&'), node('b', 'سوريا')] })
  assert.ok(
    svg.includes('<title id="map-title">A &amp; &lt;B&gt;</title>') && svg.includes('&lt;script&gt;&quot;&amp;'),
  )
  assert.ok(svg.includes('>سوريا<'))
  assert.doesNotMatch(svg, /<script|href|url\(|@import|\bon\w+=/)
  assert.equal(svg, svgOf({ ...pair, title: 'A & <B>', nodes: [node('a', '<script>"&'), node('b', 'سوريا')] }))
})

test('who does not see the picture is told each link', () => {
  assert.match(svgOf(pair), /<desc id="map-description">A and B: direct: AS4, each side pushes to the other\.<\/desc>/)
  assert.match(svgOf(byDatabase), />A and B, by The gate: sealed objects by the border database/)
  assert.match(svgOf({ ...pair, links: [{ ...direct('a', 'b'), kind: 'pigeon' }] }), />A and B: pigeon\.</)
})

test('who has a national system is drawn and told', () => {
  const [a, b] = pair.nodes
  const svg = svgOf({ ...pair, nodes: [a!, { ...b!, nationalSystem: {} }] })
  assert.match(svg, /to the other\. B: national system\.<\/desc>/)
  assert.match(svg, />A<[^]*>B · national system</)
})

test('the legend has each kind of link once, from the right in a language that is written from there', () => {
  const texts = (svg: string) => [
    ...svg.matchAll(/<text class="note" x="(\d+)" y="[\d.]+"( direction="rtl")?>([^<]+)/g),
  ]
  const legend = texts(svgOf(region))
  assert.deepEqual(
    legend.map(([, , , text]) => text),
    [englishWords.links['as4'], englishWords.links['hub']],
  )
  const [right] = texts(svgOf(pair, { ...englishWords, links: { as4: 'مباشر' } }, 'ar'))
  assert.ok(right?.[2] !== undefined && Number(right[1]) > 300)
})

test('as Mermaid: nodes, places and hubs by their shapes, sealed links dotted', () => {
  assert.equal(
    mermaidMapOf(byDatabase),
    [
      'flowchart LR',
      '  a["A"]',
      '  b["B"]',
      '  gate[("The gate")]',
      '  a <-.->|sealed| gate',
      '  b <-.->|sealed| gate',
      '',
    ].join('\n'),
  )
  assert.match(mermaidMapOf(region), /hq\{\{"HQ"\}\}[^]*a <-->\|as4\| c[^]*a <-\.->\|hub hq\| b/)
})
