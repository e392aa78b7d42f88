/** Longest conversation id in bytes: what an index of PostgreSQL takes with room to spare; an MRN has 18. */
export const longestConversation = 1_000
