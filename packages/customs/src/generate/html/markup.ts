/** HTML from pieces: what is put in is escaped, unless it is markup itself. */
import { escapeAttribute } from '@corridor/xml'

/** Text that is markup already. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Piece = Markup | string | number | readonly Piece[] | undefined | false

/** `` html`<b>${text}</b>` ``: texts are escaped, markup and lists of markup are put in as they are, `undefined` and `false` are nothing. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.map((text, at) => text + render(pieces[at])).join(''))
}

function render(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (piece instanceof Markup) return piece.text
  if (typeof piece === 'string') return escapeAttribute(piece)
  return typeof piece === 'number' ? String(piece) : piece.map(render).join('')
}
