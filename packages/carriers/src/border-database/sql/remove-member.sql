update border.member set removed_at = clock_timestamp() where party = $1 and removed_at is null returning role
