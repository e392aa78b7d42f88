/**
 * What a value becomes on its way between a block and a form. The column `convert` of a mapping says:
 *
 * | written | means |
 * |---|---|
 * | (nothing) | the same text |
 * | `date M/d/yy` | a day in this form; the block has the moment at which it begins |
 * | `code NAME` | by the list NAME of the form's `codes.tsv` |
 * | `take 1..8` | the field has these characters of the value; rows of one value in their order make it up again |
 * | `take-word 1`, `take-rest 2` | the field has this word of the value; all from this word on |
 * | `chars 3..4` | the value is these characters of the field |
 * | `line 2` | the value is this line of the field |
 * | `word 1`, `rest 2` | the value is this word of the field; all from this word on |
 * | `beside NAME` | the same text, but nothing when the field NAME beside it is empty |
 * | `number` | nothing in the form: the value is the number of its group |
 * | `is TEXT` | what the side that is named always says, where the group around it is there |
 * | `fact NAME` | the same, with a fact of the system |
 */
import { CustomsFault, readTable } from '@corridor/customs'
import { dayForm } from './dates.ts'

/** Texts that a form cannot have: a code without counterpart, a day in another form. */
export const noValue = Symbol('no value')

/**
 * One row's conversion. `present` is what the other side already has at that place. Spaces at the ends of a field count only in a `piece` of
 * a value.
 */
export interface Convert {
  readonly kind: 'value' | 'piece' | 'beside' | 'number' | 'is' | 'fact'
  /** of `is` the text, of `fact` the name, of `beside` the field */
  readonly argument: string
  toForm(value: string, present: string): string | typeof noValue
  toBlock(text: string, present: string | undefined): string | undefined | typeof noValue
}

/** The lists of a form: ours to theirs and back. Of several rows for one code the first counts. */
export type FormCodes = ReadonlyMap<string, { ours: ReadonlyMap<string, string>; theirs: ReadonlyMap<string, string> }>

/** Reads `codes.tsv`: list, block, form. */
export function readFormCodes(text: string, what: string): FormCodes {
  const lists = new Map<string, { ours: Map<string, string>; theirs: Map<string, string> }>()
  for (const row of readTable(text, ['list', 'block', 'form'], what).rows) {
    const name = row.cell('list')
    if (!lists.has(name)) lists.set(name, { ours: new Map(), theirs: new Map() })
    const { ours, theirs } = lists.get(name)!
    const [block, form] = [row.cell('block'), row.cell('form')]
    if (!ours.has(block)) ours.set(block, form)
    if (!theirs.has(form)) theirs.set(form, block)
  }
  return lists
}

/** Compiles a cell. Throws `table-syntax`, without the line, which the caller knows. */
export function compileConvert(cell: string, codes: FormCodes): Convert {
  const space = cell.indexOf(' ')
  const name = space < 0 ? cell : cell.slice(0, space)
  const argument = space < 0 ? '' : cell.slice(space + 1)
  const value = (toForm: Convert['toForm'], toBlock: Convert['toBlock']): Convert => ({
    kind: 'value',
    argument,
    toForm,
    toBlock,
  })
  switch (name) {
    case '':
    case 'beside':
      return { kind: name === '' ? 'value' : name, argument, toForm: (own) => own, toBlock: (text) => text }
    case 'date': {
      const { read, write } = dayForm(argument)
      return value(
        (own) => write(own) ?? noValue,
        (text) => read(text) ?? noValue,
      )
    }
    case 'code': {
      const list = codes.get(argument)
      if (!list) throw new CustomsFault('table-syntax', `there is no list ${argument}`)
      return value(
        (own) => list.ours.get(own) ?? noValue,
        (text) => list.theirs.get(text) ?? noValue,
      )
    }
    case 'take':
      return { ...taken(...rangeOf(argument), value), kind: 'piece' }
    case 'chars':
      return { ...characters(...rangeOf(argument), value), kind: 'piece' }
    case 'take-word':
    case 'take-rest':
      return takenWord(numberOf(argument), name === 'take-rest', value)
    case 'line':
      return { ...pieces('\n', numberOf(argument), false, value), kind: 'piece' }
    case 'word':
      return { ...pieces(' ', numberOf(argument), false, value), kind: 'piece' }
    case 'rest':
      return { ...pieces(' ', numberOf(argument), true, value), kind: 'piece' }
    case 'number':
    case 'is':
    case 'fact': {
      const never = (): string | typeof noValue => noValue
      return { kind: name, argument, toForm: never, toBlock: never }
    }
    default:
      throw new CustomsFault('table-syntax', `${cell} is no conversion`)
  }
}

type Make = (toForm: Convert['toForm'], toBlock: Convert['toBlock']) => Convert

const taken = (from: number, to: number, value: Make): Convert =>
  value(
    (own) => own.slice(from - 1, to),
    (text, present) => (present ?? '') + text,
  )

const takenWord = (number: number, withRest: boolean, value: Make): Convert =>
  value(
    (own) =>
      own
        .split(' ')
        .slice(number - 1, withRest ? undefined : number)
        .join(' '),
    (text, present) => (present === undefined ? text : `${present} ${text}`),
  )

const characters = (from: number, to: number, value: Make): Convert =>
  value(
    (own, present) => {
      const length = to - from + 1
      const piece = own.slice(0, length).padEnd(length)
      return (present.slice(0, from - 1).padEnd(from - 1) + piece + present.slice(to)).trimEnd()
    },
    (text) => text.slice(from - 1, to).trim() || undefined,
  )

/** One of the pieces between separators. */
function pieces(separator: string, number: number, withRest: boolean, value: Make): Convert {
  return value(
    (own, present) => {
      const all = present === '' ? [] : present.split(separator)
      while (all.length < number) all.push('')
      all[number - 1] = own
      return all.join(separator)
    },
    (text) => {
      const all = text.split(separator)
      const piece = withRest ? all.slice(number - 1).join(separator) : all[number - 1]
      return piece?.trim() || undefined
    },
  )
}

function rangeOf(argument: string): [number, number] {
  const [, from, to] = /^([1-9]\d*)\.\.([1-9]\d*)$/.exec(argument) ?? []
  if (from === undefined || Number(from) > Number(to))
    throw new CustomsFault('table-syntax', `${argument} is no range of characters, as in 1..8`)
  return [Number(from), Number(to)]
}

function numberOf(argument: string): number {
  if (!/^[1-9]\d*$/.test(argument)) throw new CustomsFault('table-syntax', `${argument} is no number`)
  return Number(argument)
}
