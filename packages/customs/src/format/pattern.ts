/**
 * Patterns in XML Schema's dialect, as formats.tsv has them: several joined by ` & ` must all match the whole value.
 */
export function compilePattern(patterns: string): (value: string) => boolean {
  const [first, ...more] = patterns.split(' & ').map((pattern) => new RegExp(`^(?:${ecmaPattern(pattern)})$`, 'u'))
  return (value) => first!.test(value) && more.every((expression) => expression.test(value))
}

/**
 * One pattern in JavaScript's dialect (flag `u`): `.` excludes only line breaks in XML Schema (JavaScript's excludes U+2028 and U+2029
 * too); blocks have other names.
 */
export function ecmaPattern(pattern: string): string {
  return pattern.replaceAll(/\\p\{IsBasicLatin\}|\\.|\[(?:[^\]\\]|\\.)*\]|\./gu, (part) => {
    if (part === '.') return String.raw`[^\n\r]`
    return part === String.raw`\p{IsBasicLatin}` ? String.raw`[\u{0}-\u{7f}]` : part
  })
}
