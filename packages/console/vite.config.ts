import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

/**
 * The build of the console. Everything it makes is loaded from the own origin: no inline script, no inline style, no
 * data URL, so that the page runs under `default-src 'self'`.
 */
export default defineConfig({
  base: '/',
  plugins: [svelte()],
  build: {
    target: 'es2024',
    cssTarget: ['chrome125', 'firefox125', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
})
