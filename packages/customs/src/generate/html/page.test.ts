import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, type XmlElement } from '@corridor/xml'
import { notationTable } from '../../../test/notation-table.ts'
import { loadCodeLists, loadMessages, loadRules } from '../../../test/tables.ts'
import type { MessageTable } from '../../messages/messages.ts'
import { pageRules } from './page-rules.ts'
import { toHtml, type PageContext } from './page.ts'
import { formatInWords, needInWords, sentenceCase } from './words.ts'

const messages = loadMessages()
const rules = loadRules(messages)
const context: PageContext = {
  codeLists: loadCodeLists(),
  date: '2026-11-24',
  rules: new Map(rules.entries.map(({ id, meaning, source }) => [id, { meaning, source, checked: 'yes' }])),
}
const page = (type: string): string => toHtml(messages.get(type)!, context)

/** Every id and every link inside a page; the page is made of well-formed pieces, so that the strict XML reader can read it. */
function anchors(html: string): { ids: string[]; links: string[] } {
  const xml = html
    .replace(/^<!doctype html>/i, '')
    .replaceAll('<wbr>', '<wbr/>')
    .replace(/<style>[^]*<\/style>/, '')
  const ids: string[] = []
  const links: string[] = []
  const visit = (element: XmlElement): void => {
    for (const { local, value } of element.attributes) {
      if (local === 'id') ids.push(value)
      if (local === 'href') links.push(value)
    }
    for (const child of element.children) if (typeof child !== 'string') visit(child)
  }
  visit(parse(new TextEncoder().encode(xml)))
  return { ids, links }
}

test('the page of every message: ids are unique, links lead somewhere, nothing comes from outside', () => {
  for (const type of messages.types) {
    const html = page(type)
    const { ids, links } = anchors(html)
    assert.equal(new Set(ids).size, ids.length, `${type}: ${ids.find((id, at) => ids.indexOf(id) !== at)}`)
    assert.ok(
      ids.every((id) => /^\S+$/.test(id)),
      type,
    )
    const dead = links.filter((link) => !link.startsWith('#') || !ids.includes(link.slice(1)))
    assert.deepEqual(dead, [], type)
    assert.doesNotMatch(html, /<script|<link|<img|@import|url\(|\son\w+=/)
  }
})

test('a field has its row: status, times, format, codes, rules, and the meaning on the same page', () => {
  const html = page('CC015C')
  const row = /<tr role="row" id="Guarantee\/guaranteeType"[^]*?<\/tr>/.exec(html)![0]
  assert.match(row, /title="required"\s*>R</)
  assert.match(row, /an1/)
  assert.match(row, /href="#CL251"[^]*12 codes[^]*<dd>Comprehensive guarantee<\/dd>/)
  assert.match(row, /href="#R0900"/)
  const rule = /<article id="C0085">[^]*?<\/article>/.exec(html)![0]
  assert.match(rule, /A guarantee has references exactly when its type has them\./)
  assert.match(rule, /href="#Guarantee\/GuaranteeReference"/)
  assert.match(html, /<tr role="row" id="Guarantee"[^]*?9×/)
})

test('the picture has a bar for every group and a tick for every field', () => {
  const svg = /<svg[^]*<\/svg>/.exec(page('CC928C'))![0]
  assert.match(svg, /aria-label="Structure of CC928C: 4 groups, 15 fields, 3 levels"/)
  assert.equal(svg.match(/<rect\s[^>]*class="bar [ROD]"/g)?.length, 4)
  assert.equal(svg.match(/<rect\s[^>]*class="tick [ROD]"/g)?.length, 15)
  assert.match(svg, /HolderOfTheTransitProcedure/)
})

test('what tables say cannot become markup', () => {
  const spoilt = '<script>alert(1)</script>"'
  const table: MessageTable = { ...messages.get('CC928C')!, title: spoilt, namespace: spoilt }
  const evil = new Map([['C0250', { meaning: spoilt, source: spoilt, checked: 'no' as const, note: spoilt }]])
  const html = toHtml(table, { ...context, rules: evil })
  assert.doesNotMatch(html, /<script/)
  assert.match(html, /&lt;script>|&lt;script&gt;/)
})

test('coverage says what a page says of a rule', () => {
  const rule = { kind: 'C', cited: ['CC015C', 'CC029C'], open: [], needs: [], reasons: [] } as const
  const coverage = {
    byKind: new Map(),
    byMessage: new Map(),
    rules: [
      { ...rule, id: 'C1', state: 'done' },
      { ...rule, id: 'C2', state: 'needs-fact', needs: ['isOperator', 'message CC028C'] },
      { ...rule, id: 'C3', state: 'exception', reasons: ['nobody knows'] },
      { ...rule, id: 'C4', state: 'done', open: ['CC015C'] },
      { ...rule, id: 'G1', kind: 'G', state: 'guidance', reasons: ['explains'] },
      { ...rule, id: 'C6', state: 'done', reasons: ['a part: it is not public'] },
      { ...rule, id: 'G2', kind: 'G', state: 'done', reasons: ['structure: n..5'] },
      { ...rule, id: 'G3', kind: 'G', state: 'done', reasons: ['rule'] },
      { ...rule, id: 'C5', state: 'done', cited: ['CC029C'] },
    ],
  } as const
  const entries = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'G1', 'G2', 'G3'].map((id) => ({
    id,
    meaning: `m${id}`,
    source: 's',
    messages: [],
  }))
  const said = [...pageRules('CC015C', coverage, entries)].map(([id, { checked, note }]) => [id, checked, note])
  assert.deepEqual(said, [
    ['C1', 'yes', undefined],
    ['C2', 'yes', 'where this is at hand: the register of economic operators, the CC028C of the movement'],
    ['C3', 'no', 'nobody knows'],
    ['C4', 'no', undefined],
    ['G1', 'guidance', 'explains'],
    ['C6', 'yes', 'except a part: it is not public'],
    ['G2', 'yes', 'by structure: n..5'],
    ['G3', 'yes', undefined],
  ])
})

test('formats, titles and needs in words', () => {
  const formats = new Map<string, string>()
  const visit = (nodes: MessageTable['root']['children']): void => {
    for (const { format, children } of nodes) {
      if (format) formats.set(format.notation, formatInWords(format))
      visit(children ?? [])
    }
  }
  for (const type of messages.types) visit(messages.get(type)!.root.children)
  assert.deepEqual(
    ['an..35 token', 'a2 capital', 'n..5', 'n..5 1..1999', 'n..16,6', 'an1 capital-or-digit', 'n1 flag', 'date'].map(
      (notation) => formats.get(notation),
    ),
    [
      '1 to 35 characters, single spaces only inside',
      'exactly 2 letters, of the form “capital”',
      '1 to 5 digits',
      'a whole number from 1 to 1999',
      'a number with at most 16 digits, 6 of them decimals',
      'exactly 1 character, of the form “capital-or-digit”',
      'one of 2 values',
      'a calendar date yyyy-mm-dd, without time zone',
    ],
  )
  assert.equal(
    sentenceCase('NOTIFICATION OF SYSTEM UNAVAILABILITY TO ND'),
    'Notification of system unavailability to ND',
  )
  assert.equal(sentenceCase('MRN ALLOCATED'), 'MRN allocated')
  assert.equal(needInWords('list CL610'), 'list CL610')
})

test('attributes, choices, sequences and other bounds have rows that people can read', () => {
  const html = toHtml(notationTable(), context)
  const { ids, links } = anchors(html)
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(
    links.filter((link) => !ids.includes(link.slice(1))),
    [],
  )
  const rows = [...html.matchAll(/<tr role="row" id="([^"]+)"[^]*?<\/tr>/g)].map(([row, id]) => {
    const cells = [...row.matchAll(/<t[hd][^>]*>([^]*?)<\/t[hd]>/g)].map(([, cell = '']) =>
      cell.replaceAll(/<[^>]*>|\s+/g, ' ').trim(),
    )
    return [id, ...cells.slice(0, 4)].join(' | ').replaceAll(/ +/g, ' ')
  })
  for (const row of [
    '@version | @version | R | 1× | n1 flag',
    'ram:Buyer | ram:Buyer | D | *× | 4 fields',
    'Total | Total | R | 2–3× | n..16,2',
    'Total/@currencyID | @currency ID | R | 1× | a3 token',
    'choice-6 | one of | R | 1× | 4 fields',
    'choice-6/sequence-2/Days | Days | R | 1× | n..3',
    'Line | Line: all of | R | *× | 4 fields',
  ])
    assert.ok(rows.includes(row), `${row}\n${rows.join('\n')}`)
  assert.doesNotMatch(html, /PhaseID/)
})
