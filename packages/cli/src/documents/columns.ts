/** Texts in columns: each as wide as its longest cell, numbers to the right, the last one as long as it is. */
export function columns(rows: readonly (readonly (string | number)[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, String(cell).length)
  const isNumeric = widths.map((_, at) => rows.some((row) => typeof row[at] === 'number'))
  const line = (row: readonly (string | number)[]): string =>
    row
      .map((cell, at) => (isNumeric[at] ? String(cell).padStart(widths[at]!) : String(cell).padEnd(widths[at]!)))
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}

/** What a terminal shows when nobody has made it wider. */
const width = 80

/** A text behind a lead, in lines of at most 80 characters; the second and later ones stand under the first. */
export function hanging(lead: string, text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && lead.length + line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return `${lead}${[...lines, line].join(`\n${' '.repeat(lead.length)}`)}\n`
}
