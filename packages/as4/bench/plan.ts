/** What one row of the bench is about. */
export interface Setting {
  mode: 'sign+encrypt' | 'sign'
  bytes: number
}

/** What was measured with so many messages in flight. CPU is that of the whole process, user and system. */
export interface Measured extends Setting {
  inFlight: number
  messages: number
  failed: number
  messagesPerSecond: number
  p50Ms: number
  p99Ms: number
  senderCpuMs: number
  receiverCpuMs: number
  senderPeakRssMb: number
  receiverPeakRssMb: number
}

/** How long and how often. */
export interface Plan {
  inFlight: number[]
  seconds: number
  /** Messages before the first measurement, eight in flight. */
  warmUp: number
}

/** A document that zips about as well as a declaration does: words that repeat, and numbers that do not. */
export function payloadOf(bytes: number): Buffer {
  const parts: string[] = ['<ncts:CD001C xmlns:ncts="urn:bench">']
  let length = parts[0]!.length
  // Not random, so that each run and each peer has the same.
  let state = 1
  const digits = (): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state.toString(16).padStart(8, '0')
  }
  while (length < bytes - 13) {
    const number = `${digits()}-${digits()}-${digits()}`
    const item = `<ConsignmentItem><goodsItemNumber>${number}</goodsItemNumber><grossMass>1260.000</grossMass></ConsignmentItem>`
    parts.push(item)
    length += item.length
  }
  parts.push('</ncts:CD001C>')
  return Buffer.from(parts.join(''))
}

/** A number of so many decimals, for the eye. */
export function rounded(n: number, decimals = 1): number {
  return Number(n.toFixed(decimals))
}

/** The value below which such a share of a sorted list lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
