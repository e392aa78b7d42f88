// @ts-check
/** The language of the page, and its words. */

export const languages = ['en', 'sq', 'fr', 'ru', 'ar', 'fa-AF']

/** @type {Record<string, string>} */
let words = {}
export let language = languages[0]

/** @param {string} key @param {Record<string, string | number>} [values] */
export function say(key, values = {}) {
  return (words[key] ?? '').replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
}

/** Takes up the words of a language; those of before stay where it cannot be had. @param {string} wanted */
export async function speak(wanted) {
  const answer = await fetch(`/locales/${wanted}.json`)
  if (!answer.ok) return
  words = await answer.json()
  language = wanted
}

/** The language that was chosen here before, else the first of the browser's that the page has. */
export function firstLanguage() {
  const wished = [localStorage.getItem('language') ?? '', ...navigator.languages]
  const known = wished.map((wish) =>
    languages.find((each) => wish === each || wish.split('-')[0] === each.split('-')[0]),
  )
  return known.find((each) => each !== undefined) ?? 'en'
}
