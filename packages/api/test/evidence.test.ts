import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveAccount } from '@corridor/registry'
import { durresOfficer, movementView, testApi, type TestApi, trader } from './support.ts'

const { mrn } = movementView
const url = `/movements/${mrn}/evidence`
const container = Buffer.from('PK and so on')

describe('evidence of a movement', () => {
  let api: TestApi
  before(async () => {
    api = await testApi()
    api.standIn.answers = { evidence: async () => container }
    for (const role of ['operations', 'reference', 'regional'] as const)
      await saveAccount(api.db, { id: role, name: role, role, locale: 'en' }, api.clock.now)
  })
  after(() => api.close())

  const get = async (id: string, accept?: string) =>
    api.app.inject({ url, headers: { ...(await api.bearer({ id })), ...(accept && { accept }) } })

  test('is a file to be saved, also for who follows a link in a browser', async () => {
    for (const accept of [undefined, 'text/html,application/xhtml+xml,*/*;q=0.8', 'application/vnd.etsi.asic-e+zip']) {
      const answer = await get(durresOfficer.id, accept)
      assert.equal(answer.statusCode, 200)
      assert.equal(answer.headers['content-type'], 'application/vnd.etsi.asic-e+zip')
      assert.equal(answer.headers['content-disposition'], `attachment; filename="${mrn}.asice"`)
      assert.equal(answer.headers['cache-control'], 'no-store')
      assert.deepEqual(answer.rawPayload, container)
    }
    assert.equal((await get(durresOfficer.id, 'application/json')).statusCode, 406)
  })

  test('is for officers who have the movement and for the operations desk', async () => {
    assert.equal((await get('operations')).statusCode, 200)
    for (const id of ['reference', 'regional', trader.id]) assert.equal((await get(id)).statusCode, 403, id)
    assert.equal((await api.app.inject({ url })).statusCode, 401)
    const [name, account, asked] = api.standIn.asked.at(-1)!
    assert.deepEqual([name, (account as { id: string }).id, asked], ['evidence', 'operations', mrn])
    api.standIn.answers.evidence = async () => undefined
    assert.equal((await get(durresOfficer.id)).statusCode, 404)
    api.standIn.answers.evidence = async () => 'too-large'
    const answer = await get(durresOfficer.id)
    assert.deepEqual(
      [answer.statusCode, answer.json<{ type: string }>().type],
      [409, 'urn:corridor:problem:evidence-too-large'],
    )
  })
})
