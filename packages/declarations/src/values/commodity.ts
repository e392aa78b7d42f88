/** Commodity codes: six figures of the Harmonized System (WCO), then what a country or a union adds. */

/** The parts of a commodity code. */
export interface CommodityCode {
  /** two figures */
  readonly chapter: string
  /** four figures */
  readonly heading: string
  /** six figures: the longest part that two countries have in common */
  readonly subheading: string
  /** what a country or a union adds, '' for none */
  readonly national: string
}

export type CommodityVerdict =
  | { readonly ok: true; readonly commodity: CommodityCode }
  | { readonly ok: false; readonly why: 'form' | 'chapter' }

/** Reads a commodity code: 6 to 18 figures or capital letters, the first six figures; chapters are 01 to 97, 98 and 99 national ones. */
export function parseCommodity(text: string): CommodityVerdict {
  if (!/^[0-9]{6}[0-9A-Z]{0,12}$/.test(text)) return { ok: false, why: 'form' }
  if (text.startsWith('00')) return { ok: false, why: 'chapter' }
  return {
    ok: true,
    commodity: {
      chapter: text.slice(0, 2),
      heading: text.slice(0, 4),
      subheading: text.slice(0, 6),
      national: text.slice(6),
    },
  }
}

/** True for a text with the form of a commodity code. */
export function isCommodity(text: string): boolean {
  return parseCommodity(text).ok
}
