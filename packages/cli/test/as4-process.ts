// `corridor as4 …` without the other commands, whose parts take most of a second to load.
import { as4 } from '../src/commands/as4.ts'

process.exit(await as4(process.argv.slice(2)))
