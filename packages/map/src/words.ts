/** The words of a picture; names come from the corridor file. `{name}` is filled in. */
export interface MapWords {
  /** The line under a node that forwards. */
  hub: string
  /** Behind the country of a node that has one behind it. */
  national: string
  /** What a kind of link is, for the legend, by kind. */
  links: Readonly<Record<string, string>>
  /** What a place is, under its name, by kind. */
  places: Readonly<Record<string, string>>
  /** One link in the description: `{one}`, `{other}`, `{how}`, and `{at}` where it passes something. */
  direct: string
  by: string
}

/** The words of pictures that stand beside English text. */
export const englishWords: MapWords = {
  hub: 'hub',
  national: 'national system',
  links: {
    as4: 'direct: AS4, each side pushes to the other',
    pull: 'AS4 by connections of one side, which fetches what is for it',
    'border-database': 'sealed objects by the border database; no side connects to the other',
    hub: 'sealed objects that the hub forwards and cannot read',
    cloud: 'sealed objects in the cloud store',
    tunnel: 'AS4 inside of a tunnel',
  },
  places: { 'border-database': 'border database', cloud: 'cloud store' },
  direct: '{one} and {other}: {how}.',
  by: '{one} and {other}, by {at}: {how}.',
}

/** Fills in `{name}`. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)

/** The words for one kind; a kind without words is its own name. */
export const wordFor = (words: Readonly<Record<string, string>>, kind: string): string =>
  Object.hasOwn(words, kind) ? words[kind]! : kind
