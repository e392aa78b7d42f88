import { burst, carry } from './carrying.ts'
import type { NodeId } from './corridor.ts'
import type { Parcel } from './network.ts'
import type { SimulatedProcess } from './node.ts'
import { decide, send } from './working.ts'
import type { World } from './world.ts'

type Work = 'decide' | 'send'

/** What may still have to be done, as far as anybody knows: a look in vain takes as long as one that finds something. */
export class Hints {
  #time = 0
  /** When something last happened that may have made work, by node and kind. */
  readonly #made = new Map<string, number>()
  /** When a process last looked in vain. */
  readonly #inVain = new Map<string, number>()

  /** Something has happened there. */
  touch(node: NodeId, ...works: Work[]): void {
    this.#time++
    for (const work of works.length > 0 ? works : (['decide', 'send'] as const))
      this.#made.set(`${node} ${work}`, this.#time)
  }

  may(work: Work, { name, node }: SimulatedProcess): boolean {
    return (this.#made.get(`${node.id} ${work}`) ?? 0) > (this.#inVain.get(`${name} ${work}`) ?? -1)
  }

  async decide(world: World, process: SimulatedProcess): Promise<boolean> {
    const did = await decide(world, process)
    if (did) this.touch(process.node.id)
    else this.#inVain.set(`${process.name} decide`, this.#time)
    return did
  }

  async send(world: World, process: SimulatedProcess): Promise<boolean> {
    const did = await send(world, process)
    if (!did) this.#inVain.set(`${process.name} send`, this.#time)
    return did
  }

  async burst(world: World, parcels: readonly Parcel[]): Promise<void> {
    await burst(world, parcels)
    for (const { from, to } of parcels) {
      this.touch(to, 'decide')
      this.touch(from, 'send')
    }
  }

  async carry(world: World, parcel: Parcel): Promise<void> {
    await carry(world, parcel)
    this.touch(parcel.to, 'decide')
    this.touch(parcel.from, 'send')
  }
}
