/**
 * Amounts of money and masses as exact decimal strings (`n..16,2`, `n..16,6`): digits, at most one point, `-` only in results. No
 * binary fractions anywhere.
 */
import { CustomsFault } from '../faults.ts'

/** A decimal number as it was written: `units` times ten to the power of minus `scale`. */
export interface Scaled {
  readonly units: bigint
  /** number of decimals, trailing zeros counted */
  readonly scale: number
}

/** Reads a decimal number exactly: `005.10` has 510 units at scale 2. Throws `bad-value`. */
export function parseAmount(text: string): Scaled {
  const parts = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(text)
  if (!parts) throw new CustomsFault('bad-value', `${text} is not a decimal number`)
  const decimals = parts[3] ?? ''
  return { units: BigInt(parts[1]! + parts[2]! + decimals), scale: decimals.length }
}

function aligned(a: string, b: string): { left: bigint; right: bigint; scale: number } {
  const [first, second] = [parseAmount(a), parseAmount(b)]
  const scale = Math.max(first.scale, second.scale)
  const at = ({ units, scale: own }: Scaled): bigint => units * 10n ** BigInt(scale - own)
  return { left: at(first), right: at(second), scale }
}

/** Writes a decimal number with all its decimals and no leading zeros: 510 units at scale 2 are `5.10`. */
export function formatAmount({ units, scale }: Scaled): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const sign = units < 0n ? '-' : ''
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** The sum, with as many decimals as the longer operand has: `addAmounts('0.1', '0.20')` is `0.30`. Throws `bad-value`. */
export function addAmounts(a: string, b: string): string {
  const { left, right, scale } = aligned(a, b)
  return formatAmount({ units: left + right, scale })
}

/** The difference `a - b`, with as many decimals as the longer operand has; negative when `b` is greater. Throws `bad-value`. */
export function subtractAmounts(a: string, b: string): string {
  const { left, right, scale } = aligned(a, b)
  return formatAmount({ units: left - right, scale })
}

/** -1, 0 or 1 as `a` is less than, equal to or greater than `b`, by value: `5.0` equals `5`. Throws `bad-value`. */
export function compareAmounts(a: string, b: string): -1 | 0 | 1 {
  const { left, right } = aligned(a, b)
  if (left === right) return 0
  return left < right ? -1 : 1
}

/**
 * An amount in another currency, with two decimals. Rates are units of a currency for one euro. The quotient is exact; only the result is
 * rounded, to the nearest cent and a half upwards (Regulation (EC) No 1103/97 art. 5).
 * @param from rate of the currency of the amount
 * @param to rate of the currency that is wanted
 * @throws CustomsFault bad-value for what is no decimal number, or a rate of nought
 */
export function convertAmount(amount: string, from: string, to: string): string {
  const [value, divisor, factor] = [parseAmount(amount), parseAmount(from), parseAmount(to)]
  if (divisor.units <= 0n) throw new CustomsFault('bad-value', `${from} is not a rate`)
  const over = value.units * factor.units * 10n ** BigInt(divisor.scale + 2)
  const under = divisor.units * 10n ** BigInt(value.scale + factor.scale)
  return formatAmount({ units: (2n * over + under) / (2n * under), scale: 2 })
}
