import { englishWords, type MapWords } from '@corridor/map'
import ar from '../locales/ar.json' with { type: 'json' }
import en from '../locales/en.json' with { type: 'json' }
import faAF from '../locales/fa-AF.json' with { type: 'json' }
import fr from '../locales/fr.json' with { type: 'json' }
import ru from '../locales/ru.json' with { type: 'json' }
import sq from '../locales/sq.json' with { type: 'json' }

type Word = keyof typeof en

/** The catalogues by BCP 47 tag; the compiler holds them complete. */
export const catalogues: Readonly<Record<string, Record<Word, string>>> = { en, sq, fr, ru, ar, 'fa-AF': faAF }

/** The words of pictures in a language of the page; English for one that it does not have. */
export function mapWordsIn(language: string): MapWords {
  const words = Object.hasOwn(catalogues, language) ? catalogues[language]! : catalogues['en']!
  const under = (start: string, kinds: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(kinds).map(([kind, english]) => [kind, words[`${start}${kind}` as Word] ?? english]),
    )
  return {
    hub: words['map.hub'],
    national: words['map.national'],
    links: under('map.links.', englishWords.links),
    places: under('map.places.', englishWords.places),
    direct: words['map.direct'],
    by: words['map.by'],
  }
}
