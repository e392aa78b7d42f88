import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corridor } from './run.ts'

test('corridor paper says what is missing, and what there is to choose from', async () => {
  const number = '26ALQ7T3M2K9P4X1J5'
  const whole = [number, '--as', 'durres-departure', '--node', 'al', '--pdf', 'nowhere.pdf']
  const wrong: [string[], RegExp][] = [
    [[], /Say what is to be printed/],
    [[number], /Say who prints/],
    [[number, '--as', 'durres-departure'], /Say into which file/],
    [[number, '--as', 'durres-departure', '--pdf', 'x.pdf'], /Say whose paper: --node al/],
    [
      [...whole, '--kind', 'money'],
      /There is no --kind money\. There are: accompanying-document, unloading-permission, receipt/,
    ],
    [[...whole, '--languages', 'en,xx'], /--languages takes one or two of en, sq, fr, ru, ar, fa-AF/],
    [[...whole, '--languages', 'en,sq,fr'], /one or two/],
  ]
  for (const [typed, said] of wrong) {
    const { code, err } = await corridor(['paper', ...typed])
    assert.equal(code, 2, typed.join(' '))
    assert.match(err, said)
    assert.match(err, /corridor paper NUMBER/)
  }
})
