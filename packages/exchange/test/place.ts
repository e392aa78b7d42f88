import type { CarriedObject, Carrier } from '../src/index.ts'

/** A stand-in for a third place, in memory; what it holds may be looked at, changed and lost. */
export class StandInPlace {
  readonly lying: (CarriedObject & { marked?: 'taken' | 'refused' })[] = []
  /** Nobody reaches it. */
  down = false
  /** The next call of this name by a member fails after it had its effect, as when the line is cut. */
  cut: keyof Carrier | undefined
  /** Ids of objects that were put, with all their bytes. */
  readonly put: string[] = []
  /** What time it is there; it tells nobody when undefined. */
  clock: (() => Date) | undefined
  /** It can tell whether an object lies there. */
  tells = false
  /** Ids of objects that were not taken. */
  readonly turnedAway: string[] = []
  /** Says of an object why it is not taken; nothing of one that is. */
  turnsAway: (object: CarriedObject) => Error | undefined = () => undefined

  /** As one member reaches it. */
  carrierOf(party: string): Carrier {
    return {
      put: (object) => this.#call('put', () => this.#put(object)),
      ...(this.tells && {
        lies: (object: CarriedObject) =>
          this.#call('lies', () =>
            this.lying.some(
              ({ sender, id, bytes }) =>
                sender === party && id === object.id && Buffer.from(bytes).equals(object.bytes),
            ),
          ),
      }),
      waiting: (limit) =>
        this.#call('waiting', () =>
          this.lying
            .filter(({ addressee, marked }) => addressee === party && marked === undefined)
            .slice(0, limit)
            .map((object) => ({ ...object, ...(this.clock && { shownAt: this.clock() }) })),
        ),
      mark: ({ sender, id }, as) =>
        this.#call('mark', () => {
          for (const object of this.lying)
            if (object.addressee === party && object.sender === sender && object.id === id) object.marked = as
        }),
      onNew: async () => async () => {},
      close: async () => {},
    }
  }

  #put(object: CarriedObject): 'put' | 'there' | 'conflict' {
    this.put.push(object.id)
    const why = this.turnsAway(object)
    if (why !== undefined) {
      this.turnedAway.push(object.id)
      throw why
    }
    const before = this.lying.find(({ sender, id }) => sender === object.sender && id === object.id)
    if (before !== undefined) return Buffer.from(before.bytes).equals(object.bytes) ? 'there' : 'conflict'
    this.lying.push({ ...object })
    return 'put'
  }

  async #call<Answer>(name: keyof Carrier, work: () => Answer): Promise<Answer> {
    if (this.down) throw new Error('the place is out of reach')
    const answer = work()
    if (this.cut === name) {
      this.cut = undefined
      throw new Error('the line was cut')
    }
    return answer
  }
}
