// After `npm pack`: the package.json of the workspace again. The compiled files stay; git ignores them.
import { resolve } from 'node:path'
import { restore } from './manifest.ts'

restore(resolve(process.argv[2] ?? process.cwd()))
