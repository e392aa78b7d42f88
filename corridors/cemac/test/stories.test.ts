import { testStories } from '../../testing.ts'

testStories('cemac')
