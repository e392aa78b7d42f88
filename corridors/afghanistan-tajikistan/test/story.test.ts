import { testStories } from '../../testing.ts'

testStories('afghanistan-tajikistan')
