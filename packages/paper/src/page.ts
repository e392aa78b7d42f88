import { code128 } from './code128.ts'
import { type Content, Html, markup, value } from './html.ts'
import { stylesheet } from './stylesheet.ts'
import { directionOf, label, type Languages, type Word, wordIn } from './words.ts'

/** What stands at the head of every page: what it is, and the number it is about, for people and for readers of barcodes. */
export interface Head {
  title: Word
  /** How the number is called: MRN or GRN. */
  called: Word
  number: string
  languages: Languages
  /** The number is for people alone: it has signs that these barcodes do not. */
  isUncoded?: true
}

/** Nothing runs and nothing is fetched: the page is what its bytes are. */
const policy = "default-src 'none'; style-src 'unsafe-inline'"

/**
 * A whole HTML document. It needs no other file, no script and no network.
 * @param sheets each begins on a new page
 */
export function page({ title, number, languages: { first } }: Head, sheets: Html[]): string {
  return markup`<!doctype html>
    <html lang="${first}" dir="${directionOf(first)}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width" />
        <title>${wordIn(first, title)} ${number}</title>
        <style>${new Html(stylesheet)}</style>
      </head>
      <body>
        ${sheets}
      </body>
    </html> `.markup
}

/** The head itself, for the head of a table: that is what browsers repeat on each page. */
export function headOf({ title, called, number, languages, isUncoded }: Head): Html {
  return markup`<div class="head">
    <h1>${label(languages, title)}</h1>
    <div class="number">
      ${isUncoded === true ? '' : code128(number)}<span class="small">${label(languages, called)}</span> <bdi>${number}</bdi>
    </div>
  </div>`
}

/** A sheet whose content follows its head, which is repeated on every page that it takes. */
export function sheet(head: Head, content: Content): Html {
  return markup`<table class="sheet">
    <thead>
      <tr>
        <td>${headOf(head)}</td>
      </tr>
    </thead>
    <tbody>
      <tr>
        <td>${content}</td>
      </tr>
    </tbody>
  </table> `
}

/** How much of a line's twelve columns a box takes. */
export type Width = 2 | 3 | 4 | 6 | 8 | 12

/** One box of a form: its name in both languages and what is in it, or a dash where there is nothing. */
export function box(languages: Languages, width: Width, word: Word, content: Content, more = ''): Html {
  const isEmpty = content === undefined || content === '' || (Array.isArray(content) && content.length === 0)
  return markup`<div class="box w${width} ${more}">
    <dt>${label(languages, word)}</dt>
    <dd>${isEmpty ? '–' : content}</dd>
  </div> `
}

/** Values one under the other. */
export function lines(contents: Content[]): Content {
  const shown = contents.filter((content) => content !== undefined && content !== '')
  return shown.length === 0
    ? undefined
    : markup`<div class="lines">${shown.map((content) => markup`<div>${content}</div>`)}</div>`
}

/** Parts of one line, as far as they are there, with a sign between them. */
export function joined(parts: (Content | undefined)[], between = ' '): Content {
  const shown = parts.filter((part) => part !== undefined && part !== '' && part !== null)
  return shown.length === 0 ? undefined : shown.map((part, index) => (index === 0 ? part : [between, part]))
}

/** A table with the names of its columns in both languages. `widths` are in hundredths. */
export function grid(languages: Languages, columns: [Word, number][], rows: Content[], before: Content = ''): Html {
  return markup`<table class="grid">
    <colgroup>
      ${columns.map(([, width]) => markup`<col class="c${width}" />`)}
    </colgroup>
    <thead>
      ${before}
      <tr>
        ${columns.map(([word]) => markup`<th scope="col">${label(languages, word)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table> `
}

/** A row of a table, and whether it is one to write into by hand. */
export function row(cells: Content[], more = ''): Html {
  return markup`<tr class="${more}">
    ${cells.map((cell) => markup`<td>${cell}</td>`)}
  </tr> `
}

/** The name of a country in the first language, after its code. */
export function country({ first }: Languages, code: string | undefined): Content {
  if (code === undefined || !/^[A-Z]{2}$/.test(code)) return value(code)
  const name = new Intl.DisplayNames([first], { type: 'region', fallback: 'none' }).of(code)
  return joined([value(code), value(name)])
}
