/** Reads PDF files back: their text, and the barcodes on their pages as a scanner sees them. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createCanvas } from '@napi-rs/canvas'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
// Its own way of getting this is the network.
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })

export interface ReadPage {
  text: string
  /** What each Code 128 on the page says. */
  codes: string[]
  width: number
  height: number
}

const dotsPerInch = 200

/** Opens a PDF file. */
export const openPdf = (bytes: Uint8Array): Promise<PDFDocumentProxy> =>
  getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise

/** A page as it comes out of a printer of 200 dots an inch; sizes are in points. */
export async function readPage(document: PDFDocumentProxy, number: number): Promise<ReadPage> {
  const page = await document.getPage(number)
  const content = await page.getTextContent()
  const viewport = page.getViewport({ scale: dotsPerInch / 72 })
  const canvas = createCanvas(viewport.width, viewport.height)
  await page.render({ canvas: canvas as never, canvasContext: canvas.getContext('2d') as never, viewport }).promise
  const found = await readBarcodes(new Uint8Array(canvas.toBuffer('image/png')), {
    formats: ['Code128'],
    tryHarder: true,
  })
  return {
    text: content.items.map((part) => ('str' in part ? part.str : '')).join(' '),
    codes: found.filter(({ isValid }) => isValid).map(({ text }) => text),
    width: viewport.width / (dotsPerInch / 72),
    height: viewport.height / (dotsPerInch / 72),
  }
}
