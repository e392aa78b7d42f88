import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mediaTypeOf } from './file-types.ts'

test('a file is said to be what its extension says, else what the browser says', () => {
  assert.equal(mediaTypeOf({ name: 'a.PDF', type: '' }), 'application/pdf')
  assert.equal(mediaTypeOf({ name: 'a.b.tif', type: 'image/x-tif' }), 'image/tiff')
  assert.equal(mediaTypeOf({ name: 'a.docx', type: 'application/zip' }), 'application/zip')
  assert.equal(mediaTypeOf({ name: 'a', type: '' }), 'application/octet-stream')
})
