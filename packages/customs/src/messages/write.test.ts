import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadMessages } from '../../test/tables.ts'
import type { Doc } from '../index.ts'

const table = loadMessages().get('CC917C')!
const text = (doc: Doc): string => new TextDecoder().decode(table.write(doc))

test('elements come in the order of the table and are escaped', () => {
  assert.equal(
    text({
      XMLError: [{ errorText: 'a < b & c', errorPointer: '/x', errorLineNumber: '1' }, {}],
      messageType: 'CC917C',
      messageSender: 'NTA.AL',
      PhaseID: 'NCTS5.1',
      Header: { MRN: undefined },
    }),
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<ncts:CC917C xmlns:ncts="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"><messageSender>NTA.AL</messageSender>' +
      '<messageType>CC917C</messageType><Header></Header><XMLError><errorLineNumber>1</errorLineNumber>' +
      '<errorPointer>/x</errorPointer><errorText>a &lt; b &amp; c</errorText></XMLError><XMLError></XMLError></ncts:CC917C>\n',
  )
})

test('what the table does not have is a fault that names the place', () => {
  const faults: [Doc, string, RegExp][] = [
    [{ Heder: {} }, 'unknown-name', /\/CC917C has no Heder/],
    [{ XMLError: [{}, { errorTxt: 'x' }] }, 'unknown-name', /\/CC917C\/XMLError\[2\] has no errorTxt/],
    [{ XMLError: {} }, 'wrong-shape', /\/CC917C\/XMLError may repeat/],
    [{ Header: 'x' }, 'wrong-shape', /\/CC917C\/Header must be an object/],
    [{ Header: [{}] }, 'wrong-shape', /\/CC917C\/Header must be an object/],
    [{ messageType: {} }, 'wrong-shape', /\/CC917C\/messageType must be a string/],
    [{ messageType: 'a\u0000' }, 'bad-value', /\/CC917C\/messageType has a character/],
    [
      { XMLError: Array.from({ length: 10_000 }, () => ({})) },
      'too-many',
      /\/CC917C\/XMLError occurs at most 9999 times/,
    ],
  ]
  for (const [doc, code, message] of faults) assert.throws(() => table.write(doc), { code, message })
})
