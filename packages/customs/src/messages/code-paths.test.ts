import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codePaths } from './code-paths.ts'
import { compileMessages } from './messages.ts'

const columns = 'depth\tname\toptionality\tcardinality\tformat\tcodelist\trules\n'
const head = (type: string) =>
  `#message\t${type}\n#title\tTest\n#namespace\turn:test\n#edition\t1\n#phases\tNCTS5.1\n${columns}`
const messages = compileMessages({
  messages: {
    AA001A: `${head('AA001A')}1\tGoods\tR\t9x\t\t\t\n2\tkind\tR\t1x\tan2\tCL017\t\n2\tplace\tO\t1x\t=Place\t\t\n1\tkind\tO\t1x\tan2\tCL018\t\n`,
    BB002B: `${head('BB002B')}1\tplace\tO\t1x\t=Place\t\t\n1\tGoods\tR\t1x\t\t\t\n2\tkind\tR\t1x\tan2\tCL017\t\n`,
  },
  groups: `${columns}0\tPlace\tR\t1x\t\t\t\n1\tkind\tR\t1x\tan2\tCL017\t\n`,
  formats: 'name\twhitespace\tpattern\tvalues\n',
})

test('every field of a list, also in shared groups, is there once, whatever message has it', () => {
  assert.deepEqual(codePaths(messages, ['CL017']), ['$."Goods"."kind"', '$."Goods"."place"."kind"', '$."place"."kind"'])
  assert.deepEqual(codePaths(messages, ['CL018', 'CL017']).length, 4)
  assert.deepEqual(codePaths(messages, ['CL018']), ['$."kind"'])
})

test('a part of a list has the fields of its list; what no message uses has none', () => {
  assert.deepEqual(codePaths(messages, ['CL018/NTA.AL']), codePaths(messages, ['CL018']))
  assert.deepEqual(codePaths(messages, ['CL01']), [])
})
