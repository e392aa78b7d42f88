select party, role, since, removed_at as "removedAt" from border.member order by party
