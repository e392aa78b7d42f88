import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { inspect, type RefusalCode } from '../src/index.ts'
import { jpegPicture, pdfOf, pdfPage, pdfStream, pngPicture, tiffPicture } from '../src/testing.ts'

const pdf = { mediaType: 'application/pdf', name: 'invoice.pdf' }
const xml = { mediaType: 'application/xml', name: 'invoice.xml' }
const txt = { mediaType: 'text/plain; charset=UTF-8', name: 'note.txt' }
const jpeg = { mediaType: 'image/jpeg', name: 'scan.JPG' }
const png = { mediaType: 'image/png', name: 'scan.png' }
const tiff = { mediaType: 'image/tiff', name: 'scan.tif' }

const codeOf = (bytes: Uint8Array, said: { mediaType: string; name: string }): string => {
  const inspected = inspect(bytes, said)
  return 'refused' in inspected ? inspected.refused.code : inspected.kind
}
const refused = (bytes: Uint8Array, said: { mediaType: string; name: string }, code: RefusalCode, words?: RegExp) => {
  const inspected = inspect(bytes, said)
  assert.ok('refused' in inspected, `taken as ${JSON.stringify(inspected)}`)
  assert.equal(inspected.refused.code, code, inspected.refused.text)
  if (words !== undefined) assert.match(inspected.refused.text, words)
}

test('each kind is known by its content', () => {
  assert.deepEqual(inspect(pdfPage('Invoice'), pdf), { kind: 'pdf', mediaType: 'application/pdf' })
  assert.equal(codeOf(jpegPicture(), jpeg), 'jpeg')
  assert.equal(codeOf(pngPicture(), png), 'png')
  assert.equal(codeOf(tiffPicture(), tiff), 'tiff')
  assert.equal(codeOf(Buffer.from('<Invoice><ID>1</ID></Invoice>'), xml), 'xml')
  assert.equal(codeOf(Buffer.from('Ftesë\n'), txt), 'text')
})

test('what is said of a file must be what it is', () => {
  refused(new Uint8Array(), pdf, 'empty')
  refused(pdfPage('x'), { ...pdf, mediaType: 'image/png' }, 'other-media-type', /sent as image\/png/)
  refused(pdfPage('x'), { ...pdf, mediaType: '' }, 'other-media-type')
  refused(pdfPage('x'), { ...pdf, name: 'invoice.pdf.exe' }, 'other-extension', /exe/)
  refused(pdfPage('x'), { ...pdf, name: 'invoice' }, 'other-extension')
  refused(Buffer.from('note'), { ...txt, mediaType: 'text/plain; charset=iso-8859-1' }, 'other-media-type')
  refused(Buffer.from('MZ\x90\0\x03\0\0\0'), pdf, 'unknown-kind')
  refused(Buffer.from('PK\x03\x04\x14\0\x06\0'), pdf, 'unknown-kind')
})

test('a PDF that does something is refused, however it is written', () => {
  const script = '<< /S /JavaScript /JS (app.alert(1)) >>'
  refused(
    pdfPage('x', { catalogue: '/OpenAction 6 0 R ', more: [script] }),
    pdf,
    'active-content',
    /OpenAction|JavaScript/,
  )
  refused(pdfPage('x', { more: [script] }), pdf, 'active-content', /JavaScript/)
  refused(pdfPage('x', { more: ['<< /S /J#61v#61Script >>'] }), pdf, 'active-content', /JavaScript/)
  refused(pdfPage('x', { more: ['<< /S /Launch /F (cmd.exe) >>'] }), pdf, 'active-content', /starts another program/)
  refused(pdfPage('x', { catalogue: '/Names << /EmbeddedFiles 6 0 R >> ' }), pdf, 'active-content', /embedded files/)
  refused(
    pdfPage('x', { catalogue: '/OpenAction << /S /URI /URI (http://x) >> ' }),
    pdf,
    'active-content',
    /OpenAction/,
  )
  refused(pdfPage('x', { catalogue: '/AA << /O << /S /URI /URI (http://x) >> >> ' }), pdf, 'active-content')
  const carried = '<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>'
  refused(pdfPage('x', { more: [carried] }), pdf, 'active-content', /embedded files/)
  const clipped = '<< /Type /Annot /Subtype /FileAttachment /FS 7 0 R >>'
  refused(pdfPage('x', { more: [clipped] }), pdf, 'active-content', /embedded files/)
  for (const subtype of ['Movie', 'Sound'])
    refused(pdfPage('x', { more: [`<< /Type /Annot /Subtype /${subtype} >>`] }), pdf, 'active-content', /film or sound/)
  refused(pdfPage('x', { catalogue: '/AcroForm << /XFA 6 0 R >> ' }), pdf, 'active-content', /XFA/)
  assert.equal(codeOf(pdfPage('x', { catalogue: '/OpenAction [3 0 R /XYZ null null 0] ' }), pdf), 'pdf')
  const hiddenInData = pdfStream('', Buffer.from('7 0 obj << /S /JavaScript >> endobj'))
  refused(pdfPage('x', { more: [hiddenInData] }), pdf, 'active-content', /JavaScript/)
})

test('objects that are packed are looked into', () => {
  const packed = (inside: string, dictionary = ''): Buffer =>
    pdfPage('x', {
      more: [
        pdfStream(`/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode ${dictionary}`, deflateSync(Buffer.from(inside))),
      ],
    })
  assert.equal(codeOf(packed('7 0 << /Type /Annot >>'), pdf), 'pdf')
  refused(packed('7 0 << /S /JavaScript >>'), pdf, 'active-content', /JavaScript/)
  refused(packed('7 0 << /JS (x) >>'), pdf, 'active-content')
  refused(packed('7 0 <<>>', '/DecodeParms << /Predictor 12 >>'), pdf, 'hidden-content', /unusual/)
  const twice = pdfStream('/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]', Buffer.from('00>'))
  refused(pdfPage('x', { more: [twice] }), pdf, 'hidden-content')
  const named = pdfStream(
    '/Type /ObjStm /N 1 /First 4 /Filter 9 0 R',
    deflateSync(Buffer.from('7 0 << /S /JavaScript >>')),
  )
  refused(pdfPage('x', { more: [named] }), pdf, 'hidden-content')
  // A string of hexadecimal digits whose end looks like that of the dictionary.
  const data = deflateSync(Buffer.from('7 0 << /JS (x) >>'))
  const ending = `<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${data.length} /X<41>>>`
  const stream = `${ending}stream\n${data.toString('latin1')}\nendstream`
  refused(pdfPage('x', { more: [stream] }), pdf, 'hidden-content', /unusual/)
  assert.equal(codeOf(pdfPage('x', { catalogue: '/ID [<41><>] /Lang <656E>' }), pdf), 'pdf')
  // A dictionary whose comment or string looks like its end or its beginning.
  const dressed = pdfStream(
    '/Type /ObjStm % endobj 8 0 obj <<\n/A (>> endobj 9 0 obj <<) /N 1 /First 4 /Filter /FlateDecode',
    deflateSync(Buffer.from('7 0 << /S /Launch >>')),
  )
  assert.ok(['active-content', 'hidden-content'].includes(codeOf(pdfPage('x', { more: [dressed] }), pdf)))
})

test('a packed bomb ends at a limit', () => {
  const bomb = deflateSync(Buffer.alloc(10 * 1024 * 1024))
  const file = pdfPage('x', { more: [pdfStream('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', bomb)] })
  refused(file, pdf, 'hidden-content', /too large/)
})

test('a file that begins object after object costs no more than its size', () => {
  const body = 'obj<<'.repeat(400_000)
  const file = pdfOf(['<< /Type /Catalog >>', body])
  refused(file, pdf, 'hidden-content')
})

test('comments behind comments cost no more than a file has bytes', () => {
  const opened = pdfPage('x', { more: [`${'/OpenAction%'.repeat(2_000)}\n[`] })
  refused(opened, pdf, 'active-content', /OpenAction/)
  const begun = pdfPage('x', { more: [`${'obj<<>>%'.repeat(2_000)}\n`] })
  refused(begun, pdf, 'hidden-content')
})

test('fields of pages that share their values cost no more than a file may have', () => {
  const strip = (count: number): [number, number] => [273, count]
  refused(tiffOf([[strip(100), strip(100)]]), tiff, 'broken', /stands twice/)
  const page: [number, number][] = [strip(1500), [279, 1500]]
  assert.equal(codeOf(tiffOf([page]), tiff), 'tiff')
  refused(tiffOf(Array.from({ length: 400 }, () => page)), tiff, 'broken', /too many fields/)
  // Fields that mean nothing here are counted as well.
  const other = Array.from({ length: 6_000 }, (_, n): [number, number] => [1_000 + n, 1])
  refused(
    tiffOf(
      Array.from({ length: 170 }, () => [strip(1), [279, 1], ...other]),
      12,
    ),
    tiff,
    'broken',
    /too many fields/,
  )
})

/** A picture whose pages have these fields (tag, number of values) at the same place: 8, again and again. */
function tiffOf(pages: readonly (readonly [number, number])[][], shared = 6_000): Buffer {
  const values = Buffer.alloc(shared)
  for (let at = 0; at < shared; at += 4) values.writeUInt32LE(8, at)
  const parts = [Buffer.from([0x49, 0x49, 0x2a, 0, 0, 0, 0, 0]), values]
  let at = 8 + shared
  parts[0]!.writeUInt32LE(at, 4)
  for (const [number, given] of pages.entries()) {
    const fields = [[256, 1], [257, 1], ...given] as const
    const page = Buffer.alloc(2 + fields.length * 12 + 4)
    page.writeUInt16LE(fields.length)
    for (const [n, [tag, count]] of fields.entries()) {
      page.writeUInt16LE(tag, 2 + n * 12)
      page.writeUInt16LE(4, 4 + n * 12)
      page.writeUInt32LE(count, 6 + n * 12)
      page.writeUInt32LE(8, 10 + n * 12)
    }
    at += page.length
    if (number < pages.length - 1) page.writeUInt32LE(at, page.length - 4)
    parts.push(page)
  }
  return Buffer.concat(parts)
}

test('an encrypted PDF is refused', () => {
  refused(
    pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< >>'], '/Encrypt 2 0 R '),
    pdf,
    'encrypted',
    /without password/,
  )
})

test('a PDF that is cut off, or has something behind its end, is refused', () => {
  const whole = pdfPage('x')
  refused(whole.subarray(0, whole.length - 8), pdf, 'broken')
  refused(Buffer.concat([whole, Buffer.from('MZ\x90\0')]), pdf, 'trailing-data', /bytes behind the end/)
  refused(Buffer.from(whole.toString('latin1').replace(/startxref\n\d+/, 'startxref\n7'), 'latin1'), pdf, 'broken')
  refused(Buffer.from('%PDF-1.7\nnothing'), pdf, 'broken')
})

test('a file that is two kinds at once is refused', () => {
  const html = pdfPage('x').toString('latin1').replace('\n%', '\n%<script>alert(1)</script>')
  refused(Buffer.from(html, 'latin1'), pdf, 'two-kinds', /web page/)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  refused(Buffer.concat([pdfPage('x'), end]), pdf, 'two-kinds', /ZIP/)
  const comment = jpegPicture()
  const withPdf = Buffer.concat([
    comment.subarray(0, 2),
    Buffer.from('\xff\xfe\0\x0b%PDF-1.7\n', 'latin1'),
    comment.subarray(2),
  ])
  refused(withPdf, jpeg, 'two-kinds', /PDF/)
  const page = Buffer.from('\xff\xfe\0\x19<html><script>x</script>', 'latin1')
  refused(Buffer.concat([comment.subarray(0, 2), page, comment.subarray(2)]), jpeg, 'two-kinds', /web page/)
})

test('pictures are followed to their end', () => {
  for (const [picture, said] of [
    [jpegPicture(), jpeg],
    [pngPicture(), png],
  ] as const) {
    refused(Buffer.concat([picture, Buffer.from('more')]), said, 'trailing-data', /bytes behind the end/)
    refused(picture.subarray(0, picture.length - 1), said, 'broken')
  }
  const changed = pngPicture()
  changed[20]! ^= 1
  refused(changed, png, 'broken', /checksum/)
  refused(Buffer.from([0xff, 0xd8, 0xff, 0xd9]), jpeg, 'broken')
  const loop = tiffPicture()
  loop.writeUInt32LE(12, loop.length - 4)
  refused(loop, tiff, 'broken', /do not end/)
  refused(tiffPicture().subarray(0, 60), tiff, 'broken')
  const outside = tiffPicture()
  outside.writeUInt16LE(60_000, 12 + 2 + 5 * 12 + 8)
  refused(outside, tiff, 'broken', /behind its end/)
})

test('drawings, web pages and programs are no documents', () => {
  refused(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), xml, 'active-content')
  refused(Buffer.from('<a><b xmlns="http://www.w3.org/1999/xhtml"/></a>'), xml, 'active-content', /web page/)
  refused(Buffer.from('<html><body>x</body></html>'), xml, 'active-content')
  refused(Buffer.from('<?xml-stylesheet href="x.xsl"?><a/>'), xml, 'broken')
  refused(Buffer.from('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'), xml, 'broken')
  refused(Buffer.from('hello <script>alert(1)</script>'), txt, 'two-kinds')
  refused(Buffer.from([0x61, 0xff, 0xfe]), txt, 'broken', /UTF-8/)
  refused(Buffer.from('amount 10\u202E01'), txt, 'broken', /U\+202E/)
})
