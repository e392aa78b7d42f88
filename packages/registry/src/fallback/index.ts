/** Fallback modes of offices, and the papers on which goods went meanwhile. */
export * from './modes.ts'
export * from './papers.ts'
