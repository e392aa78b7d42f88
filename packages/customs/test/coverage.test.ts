/** The rules of the story's declarations are evaluated, or it is written down why not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { citedRules, openRules, reasons } from '../tools/rule-coverage.ts'
import { loadMessages, loadRules } from './tables.ts'

test('every rule of a trader message in the story is done or has a reason', () => {
  const messages = loadMessages()
  const rules = loadRules(messages)
  const why = reasons()
  const open = new Set<string>()
  for (const type of ['CC007C', 'CC015C', 'CC044C']) {
    assert.ok(citedRules(messages.get(type)!).length > 0)
    for (const id of openRules(messages.get(type)!, rules)) open.add(id)
  }
  assert.deepEqual([...open].sort(), [...why.keys()].sort())
})
