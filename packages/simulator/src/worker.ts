// A process of `runFleet`: has a server of its own, and runs the seeds that it is given until nobody gives it more.
import { temporaryServer } from '@corridor/database/testing'
import type { Order } from './fleet.ts'
import { makePapers } from './papers.ts'
import { runSeed } from './run.ts'
import { makeStores } from './stores.ts'

process.on('disconnect', () => process.exit(0))

const papers = await makePapers()
const stores = await makeStores(await temporaryServer({ throwaway: true }), 'simulator')

process.on('message', ({ seed }: Order) => {
  runSeed({ seed, stores, papers }).then(
    (run) => process.send?.(run),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(1)
    },
  )
})
process.send?.('ready')
