/** What an officer sees of a message that came back after this node had lost it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accepted, declaration, directoryOf, startNode, type TestNode } from './nodes.ts'

let al: TestNode
before(async () => {
  al = await startNode('al', directoryOf('al'))
})
after(() => al.stop())

test('a message that the partner gave back is told on the page of its movement, and no state follows from it', async () => {
  const mrn = await accepted(al, declaration())
  const before = (await al.view('durres', mrn)) ?? assert.fail()
  const entry = { kind: 'message.returned', conversation: mrn, messageId: '1@al', actor: 'NTA.XK' }
  await al.exchange.journal(al.db, [{ ...entry, detail: { run: 'r', type: 'CD001C', receipted: true } }])
  const view = (await al.view('durres', mrn)) ?? assert.fail()
  assert.deepEqual(
    view.trouble.map(({ code, detail }) => [code, detail]),
    [['message-returned', 'CD001C 1@al']],
  )
  const line = view.audit.find(({ code }) => code === 'message-returned')
  assert.equal(line?.detail, 'CD001C')
  assert.deepEqual([view.status, view.acts], [before.status, before.acts])
})
