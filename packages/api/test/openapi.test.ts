import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { testApi, type TestApi } from './support.ts'

describe('/openapi.json', () => {
  interface Operation {
    operationId: string
    summary: string
    security: Record<string, string[]>[]
    requestBody?: { content: Record<string, unknown> }
    parameters?: { name: string; in: string; required: boolean }[]
    responses: Record<string, { description: string; content?: Record<string, { schema: Record<string, unknown> }> }>
  }
  interface Document {
    openapi: string
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, Record<string, unknown>>; securitySchemes: Record<string, unknown> }
  }

  let api: TestApi
  let document: Document
  before(async () => {
    api = await testApi()
    const answer = await api.app.inject({ url: '/openapi.json' })
    assert.equal(answer.statusCode, 200)
    document = answer.json()
  })
  after(() => api.close())

  /** Every operation of the contract, and its good answer. */
  const contract = {
    'GET /health': 200,
    'GET /metrics': 200,
    'GET /openapi.json': 200,
    'POST /session': 200,
    'GET /session': 200,
    'PATCH /session': 200,
    'DELETE /session': 204,
    'GET /movements': 200,
    'GET /movements/{mrn}': 200,
    'GET /movements/{mrn}/evidence': 200,
    'POST /movements/{mrn}/acts': 200,
    'POST /movements/{mrn}/timers/{timer}': 200,
    'GET /movements/{mrn}/messages/{id}': 200,
    'GET /movements/{mrn}/files': 200,
    'POST /movements/{mrn}/files': 201,
    'GET /movements/{mrn}/files/{id}': 200,
    'POST /movements/{mrn}/file-requests': 200,
    'POST /movements/{mrn}/file-requests/{id}': 200,
    'GET /movements/{mrn}/paper/{kind}': 200,
    'GET /guarantees/{grn}/paper/receipt': 200,
    'GET /guarantees': 200,
    'GET /guarantees/{grn}': 200,
    'POST /guarantees/{grn}/acts': 200,
    'GET /availability': 200,
    'POST /availability/announcements': 200,
    'POST /availability/requests': 200,
    'GET /statistics': 200,
    'POST /statistics': 200,
    'GET /declarations': 200,
    'POST /declarations': 202,
    'GET /declarations/mirror': 200,
    'GET /declarations/partners': 200,
    'POST /declarations/claims': 200,
    'GET /declarations/{id}': 200,
    'POST /declarations/{id}/import': 200,
    'GET /regional': 200,
    'GET /regional/movements': 200,
    'GET /regional/movements/{mrn}': 200,
    'GET /shares': 200,
    'GET /shares/terms': 200,
    'GET /shares/{owner}/{id}/items': 200,
    'POST /shares': 200,
    'POST /shares/blocks': 200,
    'GET /shares/{owner}/{id}': 200,
    'POST /shares/{owner}/{id}/answer': 200,
    'POST /shares/{owner}/{id}/withdrawal': 200,
    'GET /shares/{owner}/{id}/readings': 200,
    'POST /shares/{owner}/items/{item}/readings': 200,
    'GET /fallback': 200,
    'POST /fallback': 200,
    'GET /fallback/{id}': 200,
    'POST /fallback/{id}/acts': 200,
    'GET /fallback/{id}/paper/{kind}': 200,
    'POST /fallback/{id}/papers/{mrn}/declaration': 200,
    'GET /events': 200,
    'GET /exchange': 200,
    'GET /exchange/partners': 200,
    'GET /exchange/partners/{party}': 200,
    'GET /exchange/certificates': 200,
    'GET /exchange/messages': 200,
    'GET /exchange/messages/count': 200,
    'GET /exchange/messages/{id}': 200,
    'GET /exchange/messages/{id}/correction': 200,
    'POST /exchange/messages/{id}/corrections': 200,
    'POST /exchange/messages/{id}/trial': 200,
    'GET /exchange/batches': 200,
    'POST /exchange/batches': 200,
    'POST /exchange/batches/dry-run': 200,
    'GET /exchange/batches/{id}': 200,
    'GET /exchange/batches/{id}/messages': 200,
    'POST /exchange/batches/{id}/approval': 200,
    'POST /exchange/batches/{id}/refusal': 200,
    'GET /exchange/messages/{id}/document': 200,
    'GET /exchange/messages/{id}/raw': 200,
    'GET /exchange/messages/{id}/receipt': 200,
    'GET /exchange/reconciliation': 200,
    'POST /exchange/reconciliation': 202,
    'GET /exchange/reconciliation/{number}': 200,
    'GET /exchange/reconciliation/{number}/differences': 200,
    'POST /exchange/reconciliation/{number}/repair': 202,
    'GET /exchange/returned/{partner}/{messageId}': 200,
    'GET /reference': 200,
    'GET /reference/search': 200,
    'GET /reference/changes': 200,
    'GET /reference/subscribers': 200,
    'GET /reference/volume': 200,
    'GET /reference/{list}': 200,
    'GET /reference/{list}/changes': 200,
    'GET /reference/{list}/{code}': 200,
    'GET /reference/{list}/versions': 200,
    'GET /reference/{list}/versions/{number}': 200,
    'POST /reference/{list}/versions': 201,
    'POST /reference/{list}/versions/{number}/review': 200,
    'POST /reference/{list}/versions/{number}/publish': 200,
    'POST /reference/{list}/versions/{number}/discard': 200,
    'POST /reference/{list}/versions/{number}/restore': 201,
    'POST /messages': 202,
    'GET /messages': 200,
    'GET /messages/{id}': 200,
    'POST /webhooks': 201,
    'GET /webhooks': 200,
    'GET /webhooks/{id}': 200,
    'PATCH /webhooks/{id}': 200,
    'DELETE /webhooks/{id}': 204,
    'POST /webhooks/{id}/secret': 201,
    'POST /webhooks/{id}/test': 202,
    'GET /webhooks/{id}/deliveries': 200,
    'POST /webhooks/{id}/deliveries/{event}/redeliver': 202,
  }

  const operations = (): [string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    )

  function operation(name: string): Operation {
    return operations().find(([found]) => found === name)![1]
  }

  test('every route is described with its good answer and its refusals, and nothing else is', () => {
    assert.equal(document.openapi, '3.1.0')
    assert.deepEqual(
      operations()
        .map(([name]) => name)
        .sort(),
      Object.keys(contract).sort(),
    )
    for (const [name, operation] of operations()) {
      const good = operation.responses[contract[name as keyof typeof contract]]
      assert.ok(good?.description, name)
      assert.ok(operation.operationId && operation.summary, name)
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (Number(status) < 400 || (name === 'GET /health' && status === '503')) continue
        assert.deepEqual(Object.keys(content ?? {}), ['application/problem+json'], `${name} ${status}`)
      }
      const open = ['GET /health', 'GET /openapi.json', 'POST /session', 'DELETE /session'].includes(name)
      assert.deepEqual(operation.security, open ? [] : [{ bearer: [] }, { session: [] }], name)
      assert.equal('401' in operation.responses, !open || name === 'POST /session', name)
    }
    const ids = operations().map(([, { operationId }]) => operationId)
    assert.equal(new Set(ids).size, ids.length)
  })

  test('every reference leads to a schema, and every schema is used', () => {
    const references = new Set<string>()
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      for (const [key, member] of Object.entries(value)) {
        if (key === '$ref') references.add(String(member))
        walk(member)
      }
    }
    walk(document)
    const names = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
    assert.deepEqual([...references].sort(), names.sort())
  })

  test('bodies, path parameters and documents are described', () => {
    assert.deepEqual(Object.keys(operation('POST /messages').requestBody!.content), ['application/xml'])
    assert.deepEqual(Object.keys(operation('POST /movements/{mrn}/acts').requestBody!.content), ['application/json'])
    const ofMessage = Object.keys(operation('GET /messages/{id}').responses['200']!.content!)
    assert.deepEqual(ofMessage, ['application/xml', 'application/json'])
    assert.deepEqual(Object.keys(operation('GET /events').responses['200']!.content!), ['text/event-stream'])
    for (const [name, { parameters = [] }] of operations()) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)
      assert.deepEqual(
        inPath,
        [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
        name,
      )
    }
    const { limit } = Object.fromEntries(operation('GET /messages').parameters!.map((one) => [one.name, one]))
    assert.equal(limit?.required, false)
  })

  test('a route that does not say who may use it stops the program', async () => {
    const { createApi } = await import('../src/index.ts')
    assert.throws(() => {
      const app = createApi({ node: { party: 'NTA.AL', country: 'AL' } } as Parameters<typeof createApi>[0])
      app.get('/open-by-mistake', async () => 'secret')
    }, /does not say who may use it/)
  })
})
