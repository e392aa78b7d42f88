export { type ActLine, type Progress, StoryDriver } from './driver.ts'
export { namesInOrder, readStory, type Story, storyNames } from './story.ts'
