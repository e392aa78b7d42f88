export { type ActLine, type Progress, StoryDriver } from './driver.ts'
export { readStory, type Story, storyNames } from './story.ts'
