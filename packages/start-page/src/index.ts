export { serveStartPage, type StartPage } from './server.ts'
export type {
  ChangeOutcome,
  ConfigurationView,
  ListedCorridor,
  Phase,
  RunningView,
  StartPagePorts,
  StoryLine,
  WishOutcome,
} from './views.ts'
