/** The name of an invariant of `docs/simulator.md`. */
export type InvariantName = `I${number}`

/** Something that must never be so. */
export class Violation extends Error {
  readonly invariant: InvariantName

  constructor(invariant: InvariantName, what: string) {
    super(what)
    this.name = 'Violation'
    this.invariant = invariant
  }
}
