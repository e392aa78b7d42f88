import { toSVG } from 'bwip-js/generic'
import { Html } from './html.ts'

/** What a Code 128 may hold here: numbers of movements and guarantees. */
const form = /^[A-Z0-9]{1,35}$/

/**
 * A Code 128 (ISO/IEC 15417) as SVG, without the text under it: sets B and C as they make it shortest, with the quiet zones of ten modules that
 * a reader needs.
 * @throws RangeError for a text that is no number of a movement or a guarantee
 */
export function code128(text: string): Html {
  if (!form.test(text)) throw new RangeError('only capital letters and digits can be printed as a Code 128 here')
  const svg = toSVG({ bcid: 'code128', text, height: 11, paddingwidth: 10, includetext: false })
  return new Html(
    svg.replace('<svg ', `<svg class="code" role="img" aria-label="Code 128: ${text}" preserveAspectRatio="none" `),
  )
}
