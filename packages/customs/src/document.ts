/**
 * A document in its JSON form: XML names as keys, an element that may repeat is always an array, a text is always a string. The root
 * element's children and its `PhaseID` attribute are the keys of the outermost object.
 */
export interface Doc {
  [xmlName: string]: string | Doc | (string | Doc)[] | undefined
}

/** One step of the way to an element; `index` counts from 1 and is 0 for an element that cannot repeat. */
export interface Place {
  readonly parent: Place | undefined
  readonly name: string
  readonly index: number
}

/** The XPath of a place, as an error pointer has it: `/CC015C/Guarantee[2]/guaranteeType`. */
export function pathOf(place: Place): string {
  const own = place.index > 0 ? `/${place.name}[${place.index}]` : `/${place.name}`
  return place.parent ? pathOf(place.parent) + own : own
}
