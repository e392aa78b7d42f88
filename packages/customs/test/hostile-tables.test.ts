/** Tables that were edited wrongly stop at load, with the file, the line and the reason; whatever is typed, nothing else is thrown. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileMessages, CustomsFault, type MessageTexts } from '../src/index.ts'
import { chanceOf } from './instances-random.ts'
import { loadMessageTexts } from './tables.ts'

const all = loadMessageTexts()
/** One message with the groups and formats: quicker to compile, and as wrong. */
const texts: MessageTexts = { ...all, messages: { CC015C: all.messages['CC015C']! } }

type File = 'CC015C' | 'groups' | 'formats'

function edited(file: File, edit: (text: string) => string): MessageTexts {
  if (file !== 'CC015C') return { ...texts, [file]: edit(texts[file]) }
  return { ...texts, messages: { CC015C: edit(texts.messages['CC015C']!) } }
}

/** The number of the first line that a text is in. */
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

const textOf = (file: File): string => (file === 'CC015C' ? texts.messages['CC015C']! : texts[file])

test('the tables as they are can be compiled', () => {
  assert.equal(compileMessages(texts).types.length, 1)
})

const lrn = '2\tLRN\tR\t1x\tan..22 trimmed'
const action = '1\toperation\tR\t1x\ta1 modification\tCL024'
for (const [file, row, to, reason] of [
  ['CC015C', lrn, '2\tLRN\tR\t1x\tan..22 trimed', 'no format is called trimed'],
  ['CC015C', lrn, '2\tLRN\tR\t1x\tan22..', 'unknown format an22..'],
  ['CC015C', lrn, '2\tLRN\tR\t1x\tan', 'unknown format an'],
  ['CC015C', lrn, '2\tLRN\tR\t1x\tdate whole-seconds', 'unknown format date whole-seconds'],
  ['CC015C', lrn, '2\tLRN\tR\t1x\tn..2,6', 'unknown format n..2,6'],
  ['CC015C', lrn, '2\tLRN\tR\t1x\tn..5 9..1', 'no format is called 9..1'],
  ['CC015C', lrn, '2\tLRN\tR\t1x', 'a row has a format or rows below it'],
  ['CC015C', lrn, '2\tLRN\tM\t1x\tan..22', 'optionality is R, O or D'],
  ['CC015C', lrn, '2\tLRN\tR\t1\tan..22', 'cardinality is a number and x'],
  ['CC015C', lrn, '2\tLRN\tR\t0x\tan..22', 'cardinality is a number and x'],
  ['CC015C', lrn, '2\tLRN\tO\t2..9x\tan..22', 'what must occur more than once is required'],
  ['CC015C', lrn, '2\tLRN\tR\t9..2x\tan..22', 'cardinality is a number and x'],
  ['CC015C', lrn, '4\tLRN\tR\t1x\tan..22', 'depth 4 does not follow'],
  ['CC015C', lrn, '-1\tLRN\tR\t1x\tan..22', 'depth -1 does not follow'],
  ['CC015C', lrn, '1.5\tLRN\tR\t1x\tan..22', 'depth 1.5 does not follow'],
  ['CC015C', lrn, 'x\tLRN\tR\t1x\tan..22', 'depth x does not follow'],
  ['CC015C', lrn, '2\tL R N\tR\t1x\tan..22', 'not an XML name'],
  ['CC015C', lrn, '2\t__proto__\tR\t1x\tan..22', 'not an XML name'],
  ['CC015C', lrn, '2\tx:LRN\tR\t1x\tan..22', 'there is no line #xmlns:x'],
  ['CC015C', '2\tadditionalDeclarationType', '2\tLRN', 'a name occurs twice'],
  ['CC015C', lrn, '2\tLRN\tR\t1x\t=Nobody', 'there is no group Nobody'],
  ['CC015C', lrn, '2\t+Nobody', 'there is no group Nobody'],
  ['CC015C', lrn, '2\tLRN\tR\t1x\tan..22\tCL 1', 'a code list is named'],
  ['CC015C', lrn, '2\t@LRN\tR\t9x\tan..22', 'an attribute occurs once'],
  ['CC015C', lrn, '2\t@LRN\tR\t1x', 'an attribute has a format'],
  ['CC015C', lrn, '2\t(choice)\tR\t1x', 'a choice or sequence has rows below it'],
  ['CC015C', lrn, '2\t(choice)\tR\t2x\n3\tLRN\tR\t1x\tan..22', 'needs a name'],
  ['CC015C', lrn, '2\t(any)\tR\t1x\n3\tLRN\tR\t1x\tan..22', 'not an XML name'],
  ['groups', action, '1\toperation\tR\t1x\ta1 modificatoin\tCL024', 'no format is called modificatoin'],
  ['groups', action, '1\toperation\tR\t1x\t=Action', 'the group Action is part of itself'],
  ['groups', action, '1\tsequenceNumber\tR\t1x\tn..5', 'a name occurs twice'],
  ['formats', 'capital\ttext\t[A-Z]*', 'capital\ttext\t[A-Z*', 'is no pattern'],
  ['formats', 'capital\ttext\t[A-Z]*', 'capital\ttxt\t[A-Z]*', 'white space is token or text'],
  ['formats', 'capital\ttext\t[A-Z]*', 'capital\ttext\t', 'a format has a pattern or values'],
  ['formats', 'capital-or-digit\ttext', 'capital\ttext', 'the name is there twice'],
] as const) {
  test(`${file}: ${to.replaceAll('\t', ' ').replaceAll('\n', ' / ')}`, () => {
    const line = lineOf(textOf(file), row)
    assert.ok(textOf(file).includes(row))
    assert.throws(
      () => compileMessages(edited(file, (text) => text.replace(row, () => to))),
      (error: unknown) =>
        error instanceof CustomsFault &&
        error.message.includes(`${file}, line ${line}`) &&
        error.message.includes(reason),
    )
  })
}

for (const [what, edit, message] of [
  ['a head line is missing', (text: string) => text.replace(/^#title.*\n/m, ''), /CC015C: no line #title/],
  ['a head line is misspelt', (text: string) => text.replace('#phases', '#phase'), /CC015C: there is no line #phase/],
  ['the message is another', (text: string) => text.replace('CC015C', 'CC013C'), /CC015C: #message says CC013C/],
  ['a column is missing', (text: string) => text.replace('\tcardinality', ''), /CC015C, line 8: no column cardinality/],
  ['it is empty', () => '', /CC015C: no column line/],
  ['it has no rows', (text: string) => text.replace(/(?<=\trules\n)[^]*/, ''), /CC015C: there are no rows/],
] as const) {
  test(`CC015C: ${what}`, () => {
    assert.throws(() => compileMessages(edited('CC015C', edit)), { name: 'CustomsFault', message })
  })
}

for (const seed of [1, Math.floor(Math.random() * 2 ** 31)]) {
  test(`tables with cells changed by chance, seed ${seed}: compiled, or refused with file and line`, () => {
    const chance = chanceOf(seed)
    const typed = [
      '',
      ' ',
      'x',
      'R',
      '1x',
      '*x',
      '2..3x',
      'an..5',
      'n..5,2',
      '=Action',
      '+Header',
      '@a',
      '(choice)',
      '(sequence A)',
      'a:b',
      '9',
      '\n',
      '\t',
      '#',
    ]
    let refused = 0
    const rounds = 400
    for (let round = 0; round < rounds; round++) {
      const file = chance.pick<File>(['CC015C', 'CC015C', 'groups', 'formats'])
      const change = (text: string): string => {
        const lines = text.split('\n')
        const at = chance.below(lines.length)
        const cells = lines[at]!.split('\t')
        cells[chance.below(cells.length)] = chance.pick(typed)
        return lines.with(at, cells.join('\t')).join('\n')
      }
      const wrong = edited(file, change)
      try {
        compileMessages(wrong)
      } catch (error) {
        assert.ok(error instanceof CustomsFault, `seed ${seed}, round ${round}: ${String(error)}`)
        assert.match(error.message, /^table-(?:syntax|reference): (?:CC015C|groups|formats)(?:, line \d+|: )/)
        refused += 1
      }
    }
    assert.ok(refused > rounds / 2 && refused < rounds, `${refused} of ${rounds} were refused`)
  })
}
