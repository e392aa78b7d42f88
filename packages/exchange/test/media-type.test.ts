import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createExchange, document, makePapers, makeStore, optionsOf, partnerOf, recordEffect } from './nodes.ts'

let store: Awaited<ReturnType<typeof makeStore>>
before(async () => {
  store = await makeStore()
})
after(() => store.drop())

test('a document goes under the media type that is told for it, and as XML when none is', async () => {
  const [albania, kosovo] = [await makePapers('NTA.AL'), await makePapers('NTA.XK')]
  const bodies: string[] = []
  const exchange = createExchange({
    ...optionsOf(albania, store.db, [partnerOf('NTA.AL', kosovo, 'https://127.0.0.1:9/')]),
    mediaTypes: { Lines: 'application/x-ndjson' },
    transport: async (_url, { body }) => {
      bodies.push(Buffer.from(body).toString('latin1'))
      throw new Error('nobody is there')
    },
  })
  const messages = [document('NTA.XK'), document('NTA.XK', { documentType: 'Lines', payload: Buffer.from('{}\n') })]
  await store.db.transaction((tx) => exchange.enqueue(tx, messages))
  const { send } = exchange.steps(recordEffect)
  while (bodies.length < 2) await send()
  const typeOf = (body = '') => /<[\w:]*Property name="MimeType"[^>]*>([^<]+)</.exec(body)?.[1]
  const byAction = (action: string) => typeOf(bodies.find((body) => body.includes(`>${action}<`)))
  assert.deepEqual([byAction('CD001C'), byAction('Lines')], ['application/xml', 'application/x-ndjson'])
})
