import { As4Fault } from '@corridor/as4'
import { UsageError } from '../arguments.ts'
import { explain } from '../as4/explain.ts'
import { pull } from '../as4/pull.ts'
import { send } from '../as4/send.ts'
import { serve } from '../as4/serve.ts'
import { USAGE } from '../as4/usage.ts'
import { print } from '../print.ts'

const commands: Record<string, (args: string[]) => Promise<number>> = { send, serve, pull, explain }

/** `corridor as4 send|serve|pull|explain …`. Exit code 2 and the usage for what is typed wrong. */
export async function as4([name = 'help', ...args]: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined && ['help', '--help', '-h'].includes(name)) {
    await print(USAGE)
    return 0
  }
  try {
    if (command === undefined) throw new UsageError(`There is no command “as4 ${name}”.`)
    return await command(args)
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\nAll options: corridor as4 help\n`)
    else if (error instanceof As4Fault) process.stderr.write(`${error.message}\n${error.remedy}\n`)
    else throw error
    return error instanceof UsageError ? 2 : 1
  }
}
