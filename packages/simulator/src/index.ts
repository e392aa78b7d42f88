export { makePapers, type Papers } from './papers.ts'
export { runSeed, type Run } from './run.ts'
export { makeStores, type Stores } from './stores.ts'
