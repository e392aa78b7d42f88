import { testStories } from '../../testing.ts'

testStories('syria-jordan')
