export { countMessages, type Way, ways } from './count.ts'
export { type ActLine, type Progress, StoryDriver } from './driver.ts'
export { namesInOrder, notPlayedIn, readStory, type Story, storyNames } from './story.ts'
