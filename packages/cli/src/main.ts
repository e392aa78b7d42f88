import { UsageError } from './arguments.ts'
import { usage, usageOf } from './usage.ts'

type Command = (typed: string[]) => Promise<number>

/** Each command is loaded when it is asked for: to check a document nobody should wait for a database's driver. */
const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).start,
  change: async () => (await import('./commands/change.ts')).change,
  play: async () => (await import('./commands/play.ts')).play,
  draw: async () => (await import('./commands/draw.ts')).draw,
  login: async () => (await import('./commands/login.ts')).login,
  token: async () => (await import('./commands/login.ts')).token,
  certificates: async () => (await import('./commands/certificates.ts')).certificates,
  partners: async () => (await import('./commands/partners.ts')).partners,
  node: async () => (await import('./commands/node.ts')).node,
  journal: async () => (await import('./commands/journal.ts')).journal,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/backup.ts')).restore,
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcile,
  evidence: async () => (await import('./commands/evidence.ts')).evidence,
  verify: async () => (await import('./commands/verify.ts')).verify,
  validate: async () => (await import('./commands/validate.ts')).validate,
  schema: async () => (await import('./commands/schema.ts')).schema,
  convert: async () => (await import('./commands/convert.ts')).convert,
  declaration: async () => (await import('./commands/declaration.ts')).declaration,
  connect: async () => (await import('./commands/connect.ts')).connect,
  machine: async () => (await import('./commands/machine.ts')).machine,
  rules: async () => (await import('./commands/rules.ts')).rules,
  codelists: async () => (await import('./commands/codelists.ts')).codelists,
  reference: async () => (await import('./commands/reference.ts')).reference,
  explore: async () => (await import('./commands/explore.ts')).exploreCommand,
  paper: async () => (await import('./commands/paper.ts')).paper,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
  'test-partner': async () => (await import('./join/test-partner.ts')).testPartner,
  join: async () => (await import('./commands/join.ts')).join,
  border: async () => (await import('./commands/border.ts')).border,
  link: async () => (await import('./commands/link.ts')).link,
  cloud: async () => (await import('./commands/cloud.ts')).cloud,
  messages: async () => (await import('./commands/messages.ts')).messages,
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
    process.stderr.write(`${error.message}\n\n${usageOf(name, typed[0])}`)
    process.exit(2)
  }
  // A coded fault says what to do; anything else is our mistake, and its stack helps to find it.
  const { code, message, remedy = '' } = error as Error & { code?: unknown; remedy?: string }
  const told = remedy === '' || message.includes(remedy) ? message : `${message}\n${remedy}`
  process.stderr.write(`${typeof code === 'string' ? told : ((error as Error).stack ?? String(error))}\n`)
  process.exit(1)
}
