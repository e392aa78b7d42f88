import { testStories } from '../../testing.ts'

testStories('sacu')
