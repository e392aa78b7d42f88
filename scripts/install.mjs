// Runs before `npm start` and `npm test`, on whatever Node the machine has: installs what is missing, builds the console, finds a browser.
// Plain JavaScript, since nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemBrowser } from '../packages/printer/src/chromium.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (text) => process.stdout.write(`${text}\n`)

function stop(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

function run(command, args, what) {
  say(what)
  const started = Date.now()
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error !== undefined) stop(`${command} could not be started: ${error.message}`)
  if (status !== 0) stop(`${command} ${args.join(' ')} failed with exit code ${status}. Nothing was started.`)
  say(`  done in ${Math.round((Date.now() - started) / 1000)} s`)
}

const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs), 0)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  stop(`Corridor needs Node 20.19 or newer to start; this is ${process.versions.node}.`)

// npm writes this file last: it stands for a finished installation.
const installed = join(root, 'node_modules/.package-lock.json')
const lock = join(root, 'package-lock.json')
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  run(
    'npm',
    ['ci', '--no-fund', '--no-audit', '--loglevel=error'],
    'Installing what is needed (once, about half a minute) …',
  )
}

const consoleFolder = join(root, 'packages/console')
const built = join(consoleFolder, 'dist/index.html')
if (!existsSync(built) || statSync(built).mtimeMs < newest(join(consoleFolder, 'src'))) {
  run(
    'npm',
    ['run', '--silent', 'build', '-w', '@corridor/console', '--', '--logLevel', 'warn'],
    'Building the console …',
  )
}

if (process.argv.includes('--with-browser')) findBrowser()

/** System browser, else Debian's package when root on Debian, else Playwright's own. */
function findBrowser() {
  if (systemBrowser() !== undefined) return
  const debian =
    existsSync('/etc/debian_version') ||
    (existsSync('/etc/os-release') && /debian/.test(readFileSync('/etc/os-release', 'utf8')))
  if (debian && process.getuid?.() === 0) {
    say('No Chromium was found; the browser tests take Debian’s package.')
    run('apt-get', ['update', '-qq'], 'Updating the package list …')
    run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-core'], 'Installing chromium …')
    return
  }
  say(
    'No Chromium was found (looked for CORRIDOR_CHROMIUM, chromium, chromium-browser, google-chrome); the browser tests take Playwright’s own.',
  )
  run(
    process.execPath,
    [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'],
    'Fetching Playwright’s Chromium …',
  )
}
