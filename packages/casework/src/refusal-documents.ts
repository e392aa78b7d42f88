/** Documents by which one that came is refused. */
const refusals = new Set(['CC056C', 'CC057C', 'CC906C', 'CC917C', 'CD906C', 'CD917C'])

/** Whether a document refuses the one that it answers. */
export const isRefusalDocument = (type: string): boolean => refusals.has(type)
