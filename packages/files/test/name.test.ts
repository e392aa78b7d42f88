import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanName } from '../src/index.ts'

test('a name has no folder, no hidden character and the extension of its kind', () => {
  const cases: [string, string][] = [
    ['Faturë 17.pdf', 'Faturë 17.pdf'],
    ['../../etc/passwd.pdf', 'passwd.pdf'],
    ['C:\\Users\\x\\invoice.PDF', 'invoice.pdf'],
    ['invoice\u202Efdp.exe.pdf', 'invoicefdp.exe.pdf'],
    ['a\r\nContent-Type: text\u0000.pdf', 'aContent-Type_ text.pdf'],
    ['<b>"x"|?*.pdf', '_b__x____.pdf'],
    ['.pdf', 'document.pdf'],
    ['', 'document.pdf'],
    ['con.pdf', '_con.pdf'],
    ['  ..invoice.. .pdf', 'invoice.pdf'],
    ['فاتورة.pdf', 'فاتورة.pdf'],
    ['\uD800x.pdf', '_x.pdf'],
    ['zero\u200Bwidth\uFEFF.pdf', 'zerowidth.pdf'],
    ['invoice.exe', 'invoice.exe.pdf'],
  ]
  for (const [given, clean] of cases) assert.equal(cleanName(given, 'pdf'), clean, JSON.stringify(given))
  assert.equal([...cleanName(`${'é'.repeat(500)}.pdf`, 'pdf')].length, 84)
})
