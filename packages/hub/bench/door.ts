// Listens where it was started, hands that to who started it, and ends.
import { createServer } from 'node:net'

const server = createServer().listen(Number(process.argv[2]), '127.0.0.1', () => process.send!('listens', server))
process.once('message', () => process.exit(0))
