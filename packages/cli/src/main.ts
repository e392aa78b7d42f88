import { UsageError } from './arguments.ts'

const usage = `corridor: customs administrations exchange data across borders

  corridor start [CORRIDOR]            run a corridor on this machine: every node, with its console
                                       (the default is albania-kosovo; --again plays the story once more)
  corridor play CORRIDOR[/STORY] [--json]
                                       play its story, or the one of a name, in fresh databases and say whether all of it
                                       came true; --list instead: which stories there are
  corridor login [ACCOUNT] [--corridor CORRIDOR]
                                       a new one-time sign-in link for an account of a corridor that runs here
                                       (of a real node: with its DATABASE_URL and --corridor FILE)
  corridor token ACCOUNT NAME [--revoke]
                                       a bearer token for a program of a trader or an officer; or the end of one
  corridor node NODE --corridor FILE   run one real node of a corridor.yaml of your own, with DATABASE_URL
  corridor journal verify --node NODE [--corridor CORRIDOR] [--from N] [--to N] [--head HASH] [--json]
                                       whether the sealed journal of a node is what it was
  corridor validate FILE… [--structure] [--json] [--at DATE] [--corridor CORRIDOR]
                                       what is wrong with documents: structure, code lists, rules;
                                       remarks where a guideline is not followed
  corridor schema [MESSAGE] --xsd|--json-schema|--html|--types [--into FOLDER] [--corridor CORRIDOR]
                                       what a message may hold; alone: which messages there are
  corridor convert FILE --to json|xml  a document in its other form
  corridor rules [--message MESSAGE]   how many rules are evaluated; exceptions and their reasons
  corridor codelists [LIST] [--at DATE] [--corridor CORRIDOR]
                                       which code lists there are, or the codes of one
  corridor codelists import FILE --list LIST --into FOLDER [--name N] [--source S] [--version DATE] [--addition]
                                       a published list into a corridor's folder of code lists
  corridor reference tables [NUMBER] [--json]
                                       the tables that the sides of a corridor agreed on, with both of their numbers,
                                       or one with its values and what they are in today's lists
  corridor reference lists|show LIST CODE|export LIST [--form FORM] --node NODE [--corridor CORRIDOR] [--json]
                                       the lists that a node keeps; a code at every time; a list as a file
                                       (csrd2-xml, tsv, csv, json)
  corridor reference import FILE --node NODE [--list LIST] [--version DATE] [--addition] [--ending] [--draft] [--json]
                                       a published file into the lists of a node, all of it or nothing
  corridor reference copy --node NODE --out FOLDER [--lists LIST,…] [--at DAY] [--typescript] [--language LANGUAGE]
                                       lists as of a day, as files for where there is no network; what changed since,
                                       where the folder has a copy
  corridor reference volume --node NODE [--from MONTH] [--to MONTH] [--csv|--json]
                                       how much reference data each side produces: entries and changes by list and month,
                                       observed and expected
  corridor simulate [--seeds N] [--first S] | --seed S [--json]
                                       whole nodes in a simulation: faults that a seed chooses, and what must hold
                                       all the same
  corridor as4 send|serve|pull|explain …
                                       AS4 messages by hand, for who debugs a partner; more: corridor as4 help
  corridor help

Data, keys and settings are in .corridor (as root: /var/lib/corridor), or where CORRIDOR_HOME says.
`

type Command = (typed: string[]) => Promise<number>

/** Each command is loaded when it is asked for: to check a document nobody should wait for a database's driver. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).start,
  play: async () => (await import('./commands/play.ts')).play,
  login: async () => (await import('./commands/login.ts')).login,
  token: async () => (await import('./commands/login.ts')).token,
  node: async () => (await import('./commands/node.ts')).node,
  journal: async () => (await import('./commands/journal.ts')).journal,
  validate: async () => (await import('./commands/validate.ts')).validate,
  schema: async () => (await import('./commands/schema.ts')).schema,
  convert: async () => (await import('./commands/convert.ts')).convert,
  rules: async () => (await import('./commands/rules.ts')).rules,
  codelists: async () => (await import('./commands/codelists.ts')).codelists,
  reference: async () => (await import('./commands/reference.ts')).reference,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
  as4: async () => (await import('./commands/as4.ts')).as4,
}

const [name = 'help', ...typed] = process.argv.slice(2)
try {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined && !['help', '--help', '-h'].includes(name))
    throw new UsageError(`There is no command “${name}”.`)
  if (command === undefined) process.stdout.write(usage)
  process.exit(command === undefined ? 0 : await (await command())(typed))
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage}`)
    process.exit(2)
  }
  // A coded fault says by itself what to do; anything else is our mistake, and its stack helps to find it.
  const known = typeof (error as { code?: unknown }).code === 'string'
  process.stderr.write(`${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`)
  process.exit(1)
}
