import ar from '../locales/ar.json' with { type: 'json' }
import en from '../locales/en.json' with { type: 'json' }
import faAF from '../locales/fa-AF.json' with { type: 'json' }
import fr from '../locales/fr.json' with { type: 'json' }
import ru from '../locales/ru.json' with { type: 'json' }
import sq from '../locales/sq.json' with { type: 'json' }
import { type Html, markup } from './html.ts'

/** A word of a printed page, by its meaning. */
export type Word = keyof typeof en

/** The catalogues by BCP 47 tag; the compiler holds them complete. */
export const catalogues: Readonly<Record<string, Record<Word, string>>> = { en, sq, fr, ru, ar, 'fa-AF': faAF }

/** The languages that pages can be printed in. */
export const paperLanguages: readonly string[] = Object.keys(catalogues)

const rightToLeft = new Set(['ar', 'fa'])

/** The languages of one page. */
export interface Languages {
  first: string
  /** None when there is no other one that this page needs. */
  second: string | undefined
}

/** `rtl` for languages that are written from right to left. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}

/**
 * The languages of a page, of those that are wished in this order: the first two that differ and that pages can be printed in. English is
 * always a wish, the last one.
 */
export function languagesOf(wished: readonly (string | undefined)[]): Languages {
  const known = [...wished, 'en'].filter(
    (language): language is string => language !== undefined && Object.hasOwn(catalogues, language),
  )
  const [first = 'en', second] = new Set(known)
  return { first, second }
}

/** A word in one language. */
export function wordIn(language: string, word: Word): string {
  return catalogues[language]?.[word] ?? en[word]
}

/** A word in both languages, the second one smaller; once where both say the same (`MRN`). */
export function label({ first, second }: Languages, word: Word): Html {
  const own = wordIn(first, word)
  const other = second === undefined ? own : wordIn(second, word)
  const head = markup`<span lang="${first}" dir="${directionOf(first)}">${own}</span>`
  if (second === undefined || other === own) return head
  return markup`${head} <span class="sep">/</span>
    <span class="second" lang="${second}" dir="${directionOf(second)}">${other}</span>`
}
