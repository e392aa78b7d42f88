export { serveStartPage, type StartPage } from './server.ts'
export type { ListedCorridor, Phase, RunningView, StartPagePorts, StoryLine, WishOutcome } from './views.ts'
