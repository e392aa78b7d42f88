import { type Catalogue, filled, type Piece, piecesOf, textOf } from './catalogue.ts'
import { read, write } from './storage.ts'

const loaders = import.meta.glob<Catalogue>('../locales/*.json', { import: 'default' })
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ps', 'ug', 'ur'])

function loaderOf(locale: string): (() => Promise<Catalogue>) | undefined {
  return loaders[`../locales/${locale}.json`]
}

/** The languages that the console has a catalogue for, English first. */
export const catalogues: string[] = Object.keys(loaders)
  .map((path) => path.slice('../locales/'.length, -'.json'.length))
  .sort((a, b) => Number(b === 'en') - Number(a === 'en') || a.localeCompare(b))

/**
 * The language of the person at the screen, and its words. One catalogue is loaded; English comes after it only when a
 * key turns out to be missing.
 */
class Language {
  locale = $state('en')
  words = $state.raw<Catalogue>({})
  english = $state.raw<Catalogue | undefined>()
  ready = $state(false)
  dir = $derived<'ltr' | 'rtl'>(RIGHT_TO_LEFT.has(this.locale.split('-')[0] ?? '') ? 'rtl' : 'ltr')
  /** The locale for numbers and dates: English means day before month and a 24-hour clock here. */
  formats = $derived(this.locale === 'en' ? 'en-GB' : this.locale)

  text(key: string, count?: number): string | undefined {
    const own = textOf(this.words, this.locale, key, count)
    if (own !== undefined || this.locale === 'en' || !this.ready) return own
    if (this.english) return textOf(this.english, 'en', key, count)
    void loadEnglish()
    return undefined
  }
}

export const language = new Language()

let english: Promise<void> | undefined
function loadEnglish(): Promise<void> {
  english ??= loaders['../locales/en.json']!().then((words) => {
    language.english = words
  })
  return english
}

/** Loads a language and switches to it; an unknown one leaves English. Remembered for the next sign-in page only. */
export async function speak(wanted: string): Promise<void> {
  const locale = loaderOf(wanted) ? wanted : 'en'
  if (!language.ready || language.locale !== locale) {
    language.words = await loaderOf(locale)!()
    language.locale = locale
    language.ready = true
  }
  document.documentElement.lang = locale
  document.documentElement.dir = language.dir
  write('locale', locale)
}

/** The language used last on this machine, for the pages before somebody signs in. */
export function lastLocale(): string {
  return read('locale') ?? 'en'
}

export type Values = Record<string, string | number | null | undefined>

function shown(values: Values): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '') continue
    texts[name] = typeof value === 'number' ? new Intl.NumberFormat(language.formats).format(value) : value
  }
  return texts
}

/** The words of a key, values put in and isolated. The plural goes by the value `n`. A missing key shows itself. */
export function t(key: string, values: Values = {}): string {
  const text = language.text(key, typeof values['n'] === 'number' ? values['n'] : undefined)
  return text === undefined ? key : filled(text, shown(values))
}

/** The words of a key cut at its places, for components that dress the values. */
export function pieces(key: string, values: Values = {}): (Piece & { value?: string })[] {
  const text = language.text(key, typeof values['n'] === 'number' ? values['n'] : undefined) ?? key
  const texts = shown(values)
  return piecesOf(text).map((piece) => ('place' in piece ? { ...piece, value: texts[piece.place] ?? '…' } : piece))
}

/**
 * The words of a code of some family (`status`, `event`, `act` …). A code that the catalogue does not know shows itself:
 * a word that may be wrong is worse than the code.
 */
export function word(family: string, code: string): string {
  return language.text(`${family}.${code}`) ?? code
}

/** Whether a code of a family has words. */
export function hasWord(family: string, code: string): boolean {
  return language.text(`${family}.${code}`) !== undefined
}
