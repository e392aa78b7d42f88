/** What every form of a national system is while it is read or written: named things inside each other, in their order. */

/** One element, record or member. */
export interface FormNode {
  readonly name: string
  /** its text; '' for none, and for what has something inside */
  value: string
  readonly children: FormNode[]
  /** place in the text, from 1, where it was read */
  readonly line?: number
  readonly column?: number
}

/** One step of a path in a mapping; `*` stands for every one in turn. */
export interface FormStep {
  readonly name: string
  readonly index: number | '*' | undefined
}

export const nodeOf = (name: string, value = '', place: { line?: number; column?: number } = {}): FormNode => ({
  name,
  value,
  children: [],
  ...place,
})

/** The steps of `Item[*]/Packages/Number_of_packages`. undefined when it is no path. */
export function formSteps(path: string): FormStep[] | undefined {
  const steps: FormStep[] = []
  for (const step of path.split('/')) {
    const [, name, index] = /^(@?[A-Za-z_][\w.-]*)(?:\[(\*|[1-9]\d*)\])?$/.exec(step) ?? []
    if (name === undefined) return undefined
    steps.push({ name, index: index === undefined ? undefined : index === '*' ? '*' : Number(index) })
  }
  return steps
}

/** A path with the numbers that `*` stood for. */
export function filled(steps: readonly FormStep[], numbers: readonly number[]): string {
  let at = 0
  return steps
    .map(({ name, index }) => {
      const number = index === '*' ? numbers[at++] : index
      return number === undefined ? name : `${name}[${number}]`
    })
    .join('/')
}

/** One place in a tree that a path leads to. */
export interface Found {
  readonly node: FormNode
  readonly parent: FormNode
  /** what `*` stood for, from 1 */
  readonly numbers: readonly number[]
}

/** Every place that a path leads to, in the order of the tree. */
export function find(root: FormNode, steps: readonly FormStep[]): Found[] {
  let level: Found[] = [{ node: root, parent: root, numbers: [] }]
  for (const { name, index } of steps)
    level = level.flatMap(({ node, numbers }) => {
      const named = node.children.filter((child) => child.name === name)
      const chosen = index === '*' ? named : named.slice((index ?? 1) - 1, index ?? 1)
      return chosen.map((child, at) => ({
        node: child,
        parent: node,
        numbers: index === '*' ? [...numbers, at + 1] : numbers,
      }))
    })
  return level
}

/** The node at a path, made with all above it where it is not there. */
export function reach(root: FormNode, steps: readonly FormStep[], numbers: readonly number[]): FormNode {
  let at = 0
  let node = root
  for (const { name, index } of steps) {
    const number = index === '*' ? numbers[at++]! : (index ?? 1)
    let named = node.children.filter((child) => child.name === name)
    while (named.length < number) {
      node.children.push(nodeOf(name))
      named = node.children.filter((child) => child.name === name)
    }
    node = named[number - 1]!
  }
  return node
}
