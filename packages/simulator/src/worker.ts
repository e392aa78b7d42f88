// A process of `runFleet`: has databases of its own, and runs the seeds that it is given until nobody gives it more.
import type { Order } from './fleet.ts'
import { makePapers } from './papers.ts'
import { runSeed } from './run.ts'
import { makeStores, type Stores } from './stores.ts'

const papers = makePapers()
let stores: Promise<Stores> | undefined

async function obey(order: Order): Promise<void> {
  if ('adminUrl' in order) {
    stores = makeStores(order.adminUrl, `simulator_${order.worker}`)
    await Promise.all([stores, papers])
    process.send?.('ready')
  } else if (stores !== undefined) {
    process.send?.(await runSeed({ seed: order.seed, stores: await stores, papers: await papers }))
  }
}

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
})
process.on('disconnect', () => process.exit(0))
