/**
 * The check digit of MRN and GRN (Commission document DGXXI/0879/99 Rev.1, after ISO 6346): letters count A=10, B=12 … without the
 * multiples of 11, each position weighs twice the one before, the sum modulo 11, and 10 counts as 0.
 */
const letterValues = [
  10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38,
]

/** The check digit of digits and capital letters; undefined when there is any other character. */
export function checkDigit(text: string): string | undefined {
  if (!/^[0-9A-Z]*$/.test(text)) return undefined
  let sum = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const value = code < 65 ? code - 48 : letterValues[code - 65]!
    // modulo in every step keeps the sum exact for any length
    sum = (sum + value * (2 ** at % 11)) % 11
  }
  return String(sum % 10)
}
